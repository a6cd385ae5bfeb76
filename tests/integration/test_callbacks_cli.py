"""Modes and callbacks on a real Postgres, as a user runs them."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from calls.campaign import DialOrder, PreviewEnd
from calls.ids import AgentId
from store.callbacks import CallbackStore
from store.campaigns import CampaignStore
from store.database import Database
from store.desk import DeskStore
from tests.integration.test_cli import assert_one_line, run
from tests.integration.test_dialing import open_desk

pytestmark = pytest.mark.postgres
LI, WANG = AgentId("agent-1001"), AgentId("agent-1002")


async def promised(database: Database, leads: int = 3) -> CallbackStore:
    """Let Li have promised each of these leads a call that is late by now."""
    await open_desk(database, leads)
    campaigns = CampaignStore(database)
    await campaigns.add_agent(LI, "Li")
    await campaigns.add_agent(WANG, "Wang")
    store, late = CallbackStore(database), datetime.now(UTC) - timedelta(minutes=5)
    for n in range(leads):
        (row,) = await database.fetch("leads_of_number", f"+8613910{n:06d}")
        await store.promise(row["lead_id"], LI, late, f"note {n}", LI)
    return store


async def test_manual_and_preview_are_modes_like_the_others(
    database: Database, database_url: str
) -> None:
    added = run(
        *("campaign", "add", "hand", "--mode", "manual", "--dial-order", "customer_first"),
        url=database_url,
    )
    assert added.returncode == 0, added.stderr
    changed = run(
        *("campaign", "set", "hand", "--mode", "preview", "--preview-seconds", "20"),
        *("--preview-end", "dial", "--max-skips", "0"),
        url=database_url,
    )
    assert "mode preview" in changed.stdout
    campaign = await CampaignStore(database).campaign("hand")
    assert (campaign.mode, campaign.dial_order) == ("preview", DialOrder.CUSTOMER_FIRST)
    assert (campaign.preview_seconds, campaign.max_skips) == (20, 0)
    assert campaign.preview_end is PreviewEnd.DIAL


async def test_callbacks_are_listed_and_handed_on_in_bulk(
    database: Database, database_url: str
) -> None:
    store = await promised(database)
    due = await store.due(datetime.now(UTC))
    await store.miss([due[0].callback], datetime.now(UTC))

    missed = run("callbacks", "list", "--missed", "--format", "json", url=database_url)
    assert [row["agent"] for row in json.loads(missed.stdout)] == [LI]
    why = run("why", "--campaign", "spring", "--format", "json", url=database_url)
    assert "list/callback_missed" in {row["rule"] for row in json.loads(why.stdout)}

    done = run("callbacks", "assign", "--from", LI, "--to", WANG, url=database_url)
    assert "3 callbacks of agent-1001 are for agent-1002 now" in done.stdout, done.stderr
    assert {one.agent_id for one in await store.open()} == {WANG}
    assert await store.missed() == []  # who has them now may still keep them
    run("callbacks", "assign", "--from", WANG, "--to", "any", url=database_url)
    assert {one.agent_id for one in await store.open()} == {None}


async def test_callbacks_for_nobody_known_are_refused(
    database: Database, database_url: str
) -> None:
    await promised(database, 1)
    told = run("callbacks", "assign", "--from", LI, "--to", "agent-9", url=database_url)
    assert_one_line(told, 1, "--to: unknown agent 'agent-9'; there are: any, agent-1001")


async def test_an_agent_who_looks_at_nothing_and_dialled_nothing_is_shown_nothing(
    database: Database,
) -> None:
    desk = DeskStore(database)
    assert await desk.shown_lead(LI) is None
    assert await desk.last_asked(LI, datetime.now(UTC)) is None
