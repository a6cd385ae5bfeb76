"""`callfloor why` and the do-not-call lists on a real Postgres, as a user runs them."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calls.attempt import LeadCandidate, Verdict
from calls.campaign import CampaignStatus
from calls.ids import LeadId
from calls.outcomes import NetworkResult
from store.campaigns import CampaignChange, CampaignStore
from store.database import Database
from store.do_not_call import ScopedDoNotCall
from store.lead_import import DoNotCallList
from store.lead_looks import LeadLooks
from tests.integration.test_cli import assert_one_line, run
from tests.integration.test_dialing import NOW, open_desk

pytestmark = pytest.mark.postgres
NUMBER = "+8613910000000"


async def test_why_names_rule_version_and_until(database: Database, database_url: str) -> None:
    await open_desk(database, 1)
    lead = await database.fetch_value("test_any_lead")

    refused = run("why", str(lead), "--format", "json", url=database_url)
    [row] = json.loads(refused.stdout)
    assert (refused.returncode, row["allowed"], row["rule"]) == (1, "no", "campaign/stopped")

    store = CampaignStore(database)
    await store.set_status("spring", CampaignStatus.RUNNING)
    allowed = run("why", NUMBER, "--format", "json", url=database_url)
    [row] = json.loads(allowed.stdout)
    assert (allowed.returncode, row["rule"]) == (0, "always-1/allowed")

    await store.change("spring", CampaignChange(calling_hours="us-1"))
    stale = run("why", "--campaign", "spring", "--format", "json", url=database_url)
    rows = json.loads(stale.stdout)
    assert rows[0]["rule"] == "us-1/do_not_call_stale"
    assert "1 leads ready" in {row["what"] for row in rows}


def test_why_of_a_lead_that_is_not_there(database_url: str) -> None:
    assert_one_line(run("why", "999999", url=database_url), 1, "there is no lead '999999'")


async def test_an_imported_list_replaces_the_last_and_refuses_a_bad_line(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text("13910000000\n13910000001\n")
    done = run("do-not-call", "import", "cn-refused", str(file), url=database_url)
    assert "cn-refused: 2 numbers" in done.stdout, done.stderr

    file.write_text("13910000000\nabc\n")
    bad = run("do-not-call", "import", "cn-refused", str(file), url=database_url)
    assert_one_line(bad, 1, "line 2: 'abc' has no digits")
    [kept] = await ScopedDoNotCall(database).lists()
    assert kept.numbers == 2


async def seen_by_the_law(database: Database, now: datetime = NOW) -> LeadCandidate:
    lead = await database.fetch_value("test_any_lead")
    look = await LeadLooks(database).look(LeadId(lead), now)
    assert look is not None
    return look.candidate


async def test_each_list_is_asked_and_ends_in_its_time(database: Database) -> None:
    desk = await open_desk(database, 1)
    scoped = ScopedDoNotCall(database)
    assert not (await seen_by_the_law(database)).on_do_not_call

    await scoped.replace_list("us-national", [NUMBER], NOW, NOW + timedelta(days=1))
    assert (await seen_by_the_law(database)).do_not_call_list == "us-national"
    assert not (await seen_by_the_law(database, NOW + timedelta(days=1))).on_do_not_call
    await scoped.replace_list("us-national", [], NOW, None)
    assert not (await seen_by_the_law(database)).on_do_not_call

    assert await scoped.add(desk.campaign.campaign_id, NUMBER, "asked", None) == 1
    assert (await seen_by_the_law(database)).do_not_call_list == "campaign"
    assert await scoped.remove(desk.campaign.campaign_id, NUMBER)
    assert not await scoped.remove(desk.campaign.campaign_id, NUMBER)


async def test_an_opt_out_during_a_call_holds_when_the_call_is_over(database: Database) -> None:
    """The lead is being called, so nobody may end it now; the next look at it does."""
    desk = await open_desk(database, 1)
    [planned] = await desk.plan(1)
    assert await DoNotCallList(database).add(NUMBER, "asked", None) == 0
    candidates: list[LeadCandidate] = []

    def judge(candidate: LeadCandidate) -> Verdict:
        candidates.append(candidate)
        return Verdict(False, "do_not_call", "listed", None, is_final=True)

    await desk.settle(planned, NetworkResult.BUSY)
    later = datetime.now(UTC) + timedelta(days=1)
    await desk.attempts.promote(desk.campaign, later)
    assert await desk.plan(1, judge, now=later) == []
    assert [candidate.do_not_call_list for candidate in candidates] == ["internal"]
    assert await desk.lead(planned) == ("done", 1, "do_not_call")


async def test_a_number_that_is_being_called_is_not_called_by_another_campaign(
    database: Database,
) -> None:
    desk = await open_desk(database, 1)
    await desk.plan(1)

    assert (await seen_by_the_law(database)).is_being_called
