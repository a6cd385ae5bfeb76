"""Leads and attempts on a real Postgres: leased once, saved first, settled once."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from calls.attempt import (
    LeadCandidate,
    LeadHistory,
    LeadOutcome,
    PlannedAttempt,
    Settlement,
    Verdict,
)
from calls.campaign import Campaign
from calls.ids import CampaignName
from calls.outcomes import NetworkResult
from dialer.calling_profiles import find_profile
from dialer.law import CallingRules
from dialer.settlement import judge_lead, lead_outcome
from store.attempts import AttemptStore
from store.campaigns import CampaignStore
from store.database import Database
from tests.fakes.dialer_world import CAMPAIGN

pytestmark = pytest.mark.postgres

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
SHANGHAI = "Asia/Shanghai"
YES = Verdict(True, "allowed", "", None, is_final=False)


class Desk:
    """A campaign with leads in a fresh database, and what the tests ask of it."""

    def __init__(self, database: Database, campaign: Campaign) -> None:
        self.database = database
        self.campaign = campaign
        self.attempts = AttemptStore(database)

    async def plan(
        self,
        lines: int,
        judge: Callable[[LeadCandidate], Verdict] = lambda lead: YES,
        zones: Sequence[str] = (SHANGHAI,),
        now: datetime = NOW,
    ) -> list[PlannedAttempt]:
        return await self.attempts.plan(self.campaign, zones, lines, now, judge)

    async def settle(self, planned: PlannedAttempt, result: NetworkResult) -> bool:
        end = Settlement(planned.attempt, "floor", result, NOW, cause=17)

        def decide(history: LeadHistory) -> LeadOutcome:
            return lead_outcome(self.campaign, end, history)

        return await self.attempts.settle(end, NOW, decide)

    async def lead(self, planned: PlannedAttempt) -> tuple[str, int, str | None]:
        row = await self.database.fetch_row("test_lead_state", planned.lead)
        assert row is not None
        return row["status"], row["tries"], row["done_reason"]


async def open_desk(database: Database, numbers: int, zone: str = SHANGHAI) -> Desk:
    campaign = replace(
        CAMPAIGN,
        name=CampaignName("spring"),
        max_system_errors=3,
        retry_after={NetworkResult.BUSY: timedelta(seconds=60)},
    )
    store = CampaignStore(database)
    await store.add(campaign)
    for number in range(numbers):
        await database.execute("test_add_lead", "spring", f"+8613910{number:06d}", zone)
    return Desk(database, await store.campaign("spring"))


async def test_two_dialers_at_once_never_lease_the_same_lead(database: Database) -> None:
    desk = await open_desk(database, 40)

    plans = await asyncio.gather(*(desk.plan(5) for _ in range(8)))

    leads = [planned.lead for plan in plans for planned in plan]
    assert len(leads) == len(set(leads)) > 0


async def test_a_leased_lead_is_not_leased_again_until_it_is_settled(database: Database) -> None:
    desk = await open_desk(database, 1)

    [planned] = await desk.plan(5)
    assert await desk.plan(5) == []
    assert [open_.attempt for open_ in await desk.attempts.open_attempts()] == [planned.attempt]

    assert await desk.settle(planned, NetworkResult.BUSY)
    assert await desk.lead(planned) == ("scheduled", 1, None)
    assert await desk.attempts.open_attempts() == []


async def test_an_attempt_is_settled_once_however_often_it_is_told(database: Database) -> None:
    desk = await open_desk(database, 1)
    [planned] = await desk.plan(1)

    results = await asyncio.gather(*(desk.settle(planned, NetworkResult.BUSY) for _ in range(4)))

    assert sorted(results) == [False, False, False, True]
    assert await desk.lead(planned) == ("scheduled", 1, None)


async def test_a_retry_is_never_earlier_than_its_interval(database: Database) -> None:
    desk = await open_desk(database, 1)
    [planned] = await desk.plan(1)
    await desk.settle(planned, NetworkResult.BUSY)

    for seconds, due in ((59.9, 0), (60.0, 1)):
        now = NOW + timedelta(seconds=seconds)
        await desk.attempts.promote(desk.campaign, now)
        assert len(await desk.plan(1, now=now)) == due


async def test_a_dead_number_is_final_and_tries_run_out(database: Database) -> None:
    desk = await open_desk(database, 2)
    dead, busy = await desk.plan(2)
    await desk.settle(dead, NetworkResult.INVALID)
    assert await desk.lead(dead) == ("done", 1, "invalid")

    await desk.settle(busy, NetworkResult.BUSY)
    later = NOW + timedelta(hours=1)
    await desk.attempts.promote(desk.campaign, later)
    [again] = await desk.plan(1, now=later)
    await desk.settle(again, NetworkResult.BUSY)
    assert await desk.lead(again) == ("done", 2, "tries_used_up")


async def test_our_own_failures_cost_no_try_but_end(database: Database) -> None:
    desk = await open_desk(database, 1)
    for count in (1, 2, 3):
        later = NOW + timedelta(days=count)
        await desk.attempts.promote(desk.campaign, later)
        [planned] = await desk.plan(1, now=later)
        await desk.settle(planned, NetworkResult.SYSTEM_ERROR)

    assert await desk.lead(planned) == ("done", 0, "system_error")


@pytest.mark.parametrize(("rang_at", "tries"), [(NOW, 1), (None, 0)])
async def test_a_failure_of_ours_is_a_try_for_the_law_if_the_phone_rang(
    database: Database, rang_at: datetime | None, tries: int
) -> None:
    desk = await open_desk(database, 1)
    [planned] = await desk.plan(1)
    end = Settlement(
        planned.attempt, "floor", NetworkResult.SYSTEM_ERROR, NOW, cause=34, ringing_at=rang_at
    )
    await desk.attempts.settle(end, NOW, lambda history: lead_outcome(desk.campaign, end, history))
    later = NOW + timedelta(hours=1)
    await desk.attempts.promote(desk.campaign, later)
    seen: list[int] = []

    def look(lead: LeadCandidate) -> Verdict:
        seen.append(len(lead.tried_at))
        return YES

    await desk.plan(1, judge=look, now=later)

    assert seen == [tries]


async def test_a_number_that_joined_the_do_not_call_list_is_not_dialled(database: Database) -> None:
    desk = await open_desk(database, 1)
    await database.execute("test_add_do_not_call", "+8613910000000")
    rules = CallingRules(find_profile("always-1"), max_tries=2, max_tries_per_day=2)

    planned = await desk.plan(1, judge=lambda lead: judge_lead(lead, rules, NOW))

    assert planned == []
    row = await database.fetch_row("test_any_lead_state")
    assert row is not None
    assert (row["status"], row["done_reason"]) == ("done", "do_not_call")


async def test_a_lead_held_by_the_law_keeps_the_reason_and_its_time(database: Database) -> None:
    desk = await open_desk(database, 1)
    until = NOW + timedelta(hours=3)
    no = Verdict(False, "hours", "outside of 09:00-12:00", until, is_final=False)

    assert await desk.plan(1, judge=lambda lead: no) == []

    row = await database.fetch_row("test_any_lead_state")
    assert row is not None
    assert (row["status"], row["next_attempt_at"], row["held_reason"]) == (
        "scheduled",
        until,
        "outside of 09:00-12:00",
    )


async def test_a_lead_without_a_time_zone_is_closed_with_its_reason(database: Database) -> None:
    desk = await open_desk(database, 1, zone="")

    await desk.attempts.promote(desk.campaign, NOW)

    row = await database.fetch_row("test_any_lead_state")
    assert row is not None
    assert (row["status"], row["done_reason"]) == ("done", "time_zone_unknown")


async def test_earlier_tries_of_the_number_are_shown_to_the_law(database: Database) -> None:
    desk = await open_desk(database, 1)
    [planned] = await desk.plan(1)
    await desk.settle(planned, NetworkResult.BUSY)
    later = NOW + timedelta(hours=1)
    await desk.attempts.promote(desk.campaign, later)
    seen: list[LeadCandidate] = []

    def look(lead: LeadCandidate) -> Verdict:
        seen.append(lead)
        return YES

    await desk.plan(1, judge=look, now=later)

    assert [(lead.tries, lead.tried_at) for lead in seen] == [(1, (NOW,))]
