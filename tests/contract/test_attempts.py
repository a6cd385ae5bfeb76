"""What every adapter of `dialer.ports.Attempts` promises."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

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
from calls.ids import AttemptId
from calls.outcomes import NetworkResult
from store.attempts import LOOK_AHEAD
from store.errors import DatabaseUnreachable
from tests.contract.attempts_desks import AttemptsDesk
from tests.fakes.clock import T0

SHANGHAI, TOKYO = "Asia/Shanghai", "Asia/Tokyo"
YES = Verdict(True, "allowed", "", None, is_final=False)
READY = LeadOutcome("ready", None, None, uses_up_try=True)
DONE = LeadOutcome("done", None, "invalid", uses_up_try=True)


def number(n: int) -> str:
    return f"+8613910{n:06d}"


async def with_leads(desk: AttemptsDesk, count: int, zone: str = SHANGHAI) -> Campaign:
    campaign = await desk.add_campaign("spring")
    for n in range(count):
        await desk.add_lead(campaign, number(n), zone)
    return campaign


async def plan(
    desk: AttemptsDesk, campaign: Campaign, lines: int, now: datetime = T0
) -> list[PlannedAttempt]:
    return await desk.attempts.plan(campaign, [SHANGHAI], lines, now, lambda lead: YES)


async def settle(
    desk: AttemptsDesk,
    planned: PlannedAttempt,
    result: NetworkResult = NetworkResult.BUSY,
    outcome: LeadOutcome = READY,
    by: str = "floor",
    ringing_at: datetime | None = None,
) -> LeadHistory | None:
    """Settle it; return the history that the decision was shown, None if it was settled before."""
    seen: list[LeadHistory] = []
    end = Settlement(planned.attempt, by, result, T0, cause=17, ringing_at=ringing_at)

    def decide(history: LeadHistory) -> LeadOutcome:
        seen.append(history)
        return outcome

    is_first = await desk.attempts.settle(end, T0, decide)
    assert is_first == bool(seen)
    return seen[0] if seen else None


async def candidates(
    desk: AttemptsDesk, campaign: Campaign, now: datetime = T0
) -> list[LeadCandidate]:
    """Show what a judge is shown; nothing is leased."""
    seen: list[LeadCandidate] = []
    no = Verdict(False, "test", "only looking", now, is_final=False)

    def look(lead: LeadCandidate) -> Verdict:
        seen.append(lead)
        return no

    await desk.attempts.plan(campaign, [SHANGHAI], 10, now, look)
    return seen


# --- planning ---


async def test_as_many_leads_are_leased_as_there_are_lines(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 5)

    planned = await plan(attempts_desk, campaign, 2)

    assert [one.number for one in planned] == [number(0), number(1)]
    assert len({UUID(one.attempt) for one in planned}) == 2
    assert await plan(attempts_desk, campaign, 0) == []


async def test_an_attempt_carries_the_terms_of_its_campaign(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)

    [planned] = await plan(attempts_desk, campaign, 1)

    told = (planned.campaign, planned.queue, planned.trunk, planned.caller_id, planned.ring_seconds)
    assert told == ("spring", campaign.queue, "carrier", "", 20)
    assert (planned.planned_at, planned.cancelled_at) == (T0, None)


async def test_plans_made_at_once_never_share_a_lead(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 40)

    plans = await asyncio.gather(*(plan(attempts_desk, campaign, 5) for _ in range(8)))

    leads = [planned.lead for one in plans for planned in one]
    assert len(leads) == len(set(leads)) > 0


async def test_a_leased_lead_waits_for_its_settlement(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)
    assert await plan(attempts_desk, campaign, 1) == []
    assert await attempts_desk.attempts.zones(campaign) == []

    await settle(attempts_desk, planned)

    assert [one.lead for one in await plan(attempts_desk, campaign, 1)] == [planned.lead]


async def test_only_leads_of_the_campaign_and_the_zones_asked_for(
    attempts_desk: AttemptsDesk,
) -> None:
    spring = await with_leads(attempts_desk, 1)
    winter = await attempts_desk.add_campaign("winter")
    await attempts_desk.add_lead(winter, number(7), SHANGHAI)
    await attempts_desk.add_lead(spring, number(8), TOKYO)

    assert await attempts_desk.attempts.zones(winter) == [SHANGHAI]
    assert sorted(await attempts_desk.attempts.zones(spring)) == [SHANGHAI, TOKYO]
    assert [one.number for one in await plan(attempts_desk, spring, 5)] == [number(0)]


async def test_lines_are_shared_by_the_zones_in_their_order(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 2)
    await attempts_desk.add_lead(campaign, number(8), TOKYO)

    planned = await attempts_desk.attempts.plan(
        campaign, [TOKYO, SHANGHAI], 2, T0, lambda lead: YES
    )

    assert [one.number for one in planned] == [number(8), number(0)]


async def test_behind_leads_that_the_law_holds_others_are_looked_at(
    attempts_desk: AttemptsDesk,
) -> None:
    campaign = await with_leads(attempts_desk, 9)
    no = Verdict(False, "hours", "too early", None, is_final=False)

    planned = await attempts_desk.attempts.plan(
        campaign, [SHANGHAI], 1, T0,
        lambda lead: YES if lead.number == number(LOOK_AHEAD - 1) else no,
    )  # fmt: skip

    assert [one.number for one in planned] == [number(LOOK_AHEAD - 1)]


@pytest.mark.parametrize(("minutes", "due"), [(59, []), (60, [number(0)])])
async def test_a_held_lead_comes_back_when_it_is_time(
    attempts_desk: AttemptsDesk, minutes: int, due: list[str]
) -> None:
    campaign = await with_leads(attempts_desk, 1)
    no = Verdict(False, "hours", "too early", T0 + timedelta(hours=1), is_final=False)
    await attempts_desk.attempts.plan(campaign, [SHANGHAI], 1, T0, lambda lead: no)

    now = T0 + timedelta(minutes=minutes)
    await attempts_desk.attempts.promote(campaign, now)

    assert [one.number for one in await plan(attempts_desk, campaign, 1, now)] == due


async def test_a_lead_refused_for_good_never_comes_back(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    never = Verdict(False, "do_not_call", "asked not to be", None, is_final=True)
    await attempts_desk.attempts.plan(campaign, [SHANGHAI], 1, T0, lambda lead: never)

    later = T0 + timedelta(days=365)
    await attempts_desk.attempts.promote(campaign, later)

    assert await plan(attempts_desk, campaign, 1, later) == []


async def test_a_lead_without_a_zone_is_closed_by_promoting(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1, zone="")
    assert await attempts_desk.attempts.zones(campaign) == [""]

    await attempts_desk.attempts.promote(campaign, T0)

    assert await attempts_desk.attempts.zones(campaign) == []


# --- what the judge is shown ---


async def test_the_judge_sees_the_do_not_call_list(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 2)
    await attempts_desk.add_do_not_call(number(1))

    seen = await candidates(attempts_desk, campaign)

    assert [(one.number, one.on_do_not_call) for one in seen] == [
        (number(0), False),
        (number(1), True),
    ]


@pytest.mark.parametrize(
    ("result", "by", "rang", "is_shown"),
    [
        (NetworkResult.BUSY, "floor", False, True),
        (NetworkResult.SYSTEM_ERROR, "floor", False, False),
        (NetworkResult.SYSTEM_ERROR, "floor", True, True),
        (NetworkResult.SYSTEM_ERROR, "records", False, True),
    ],
)
async def test_the_judge_sees_earlier_tries_but_not_our_own_failures(
    attempts_desk: AttemptsDesk, result: NetworkResult, by: str, rang: bool, is_shown: bool
) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)
    await settle(attempts_desk, planned, result, by=by, ringing_at=T0 if rang else None)

    [seen] = await candidates(attempts_desk, campaign)

    assert seen.tried_at == ((T0,) if is_shown else ())
    assert seen.tries == 1


async def test_tries_of_eight_days_ago_are_forgotten(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)
    await settle(attempts_desk, planned)

    [seen] = await candidates(attempts_desk, campaign, T0 + timedelta(days=8))

    assert (seen.tries, seen.tried_at) == (1, ())


# --- open attempts ---


async def test_attempts_are_open_oldest_first_until_settled(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 2)
    [new] = await plan(attempts_desk, campaign, 1, T0 + timedelta(seconds=1))
    [old] = await plan(attempts_desk, campaign, 1, T0)
    assert await attempts_desk.attempts.open_attempts() == [old, new]

    await settle(attempts_desk, old)

    assert await attempts_desk.attempts.open_attempts() == [new]


async def test_the_first_cancelling_is_the_one_remembered(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)

    for seconds in (1, 2):
        at = T0 + timedelta(seconds=seconds)
        await attempts_desk.attempts.mark_cancelled(planned.attempt, at)

    cancelled = replace(planned, cancelled_at=T0 + timedelta(seconds=1))
    assert await attempts_desk.attempts.open_attempts() == [cancelled]


# --- settling ---


async def test_an_end_is_saved_once_however_often_it_is_told(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)

    told = await asyncio.gather(*(settle(attempts_desk, planned) for _ in range(4)))

    assert [history for history in told if history] == [LeadHistory(tries=0, in_a_row=1)]
    [seen] = await candidates(attempts_desk, campaign)
    assert seen.tries == 1


async def test_an_attempt_that_nobody_planned_is_not_settled(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)
    stranger = replace(planned, attempt=AttemptId("00000000-0000-4000-8000-00000000dead"))

    assert await settle(attempts_desk, stranger) is None


async def test_the_decision_sees_how_often_it_ended_so_in_a_row(
    attempts_desk: AttemptsDesk,
) -> None:
    campaign = await with_leads(attempts_desk, 1)
    told = []
    busy, no_answer = NetworkResult.BUSY, NetworkResult.NO_ANSWER
    for minute, result in enumerate((busy, no_answer, busy, busy)):
        [planned] = await plan(attempts_desk, campaign, 1, T0 + timedelta(minutes=minute))
        told.append(await settle(attempts_desk, planned, result))

    assert told == [LeadHistory(0, 1), LeadHistory(1, 1), LeadHistory(2, 1), LeadHistory(3, 2)]


async def test_a_decision_that_fails_leaves_the_attempt_open(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)

    def fail(history: LeadHistory) -> LeadOutcome:
        raise KeyError("gone")

    with pytest.raises(KeyError):
        await attempts_desk.attempts.settle(
            Settlement(planned.attempt, "floor", NetworkResult.BUSY, T0), T0, fail
        )

    assert await attempts_desk.attempts.open_attempts() == [planned]
    assert await settle(attempts_desk, planned) == LeadHistory(0, 1)


async def test_a_lead_that_is_done_is_never_planned_again(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)
    await settle(attempts_desk, planned, NetworkResult.INVALID, DONE)

    later = T0 + timedelta(days=30)
    await attempts_desk.attempts.promote(campaign, later)

    assert await plan(attempts_desk, campaign, 1, later) == []


async def test_a_retry_is_never_earlier_than_its_time(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)
    again = LeadOutcome("scheduled", T0 + timedelta(seconds=60), None, uses_up_try=False)
    await settle(attempts_desk, planned, outcome=again)

    for seconds, due in ((59.9, 0), (60.0, 1)):
        now = T0 + timedelta(seconds=seconds)
        await attempts_desk.attempts.promote(campaign, now)
        assert len(await plan(attempts_desk, campaign, 1, now)) == due


# --- trouble ---


async def test_each_customer_sees_the_number_that_was_chosen_for_it(
    attempts_desk: AttemptsDesk,
) -> None:
    campaign = await with_leads(attempts_desk, 2)

    planned = await attempts_desk.attempts.plan(
        campaign, [SHANGHAI], 2, T0, lambda lead: YES, lambda customer: f"+86{customer[-4:]}"
    )

    assert len(planned) == 2
    for one in [*planned, *await attempts_desk.attempts.open_attempts()]:
        assert one.caller_id == f"+86{one.number[-4:]}"


async def test_a_store_that_is_away_says_so_whatever_is_asked(attempts_desk: AttemptsDesk) -> None:
    campaign = await with_leads(attempts_desk, 1)
    [planned] = await plan(attempts_desk, campaign, 1)
    attempts = attempts_desk.attempts
    await attempts_desk.cut()

    for asked in (
        attempts.promote(campaign, T0),
        attempts.zones(campaign),
        plan(attempts_desk, campaign, 1),
        attempts.open_attempts(),
        attempts.mark_cancelled(planned.attempt, T0),
        settle(attempts_desk, planned),
    ):
        with pytest.raises(DatabaseUnreachable):
            await asked


async def test_ends_that_are_saved_together_are_each_saved_once(
    attempts_desk: AttemptsDesk,
) -> None:
    campaign = await with_leads(attempts_desk, 3)
    one, two, three = await plan(attempts_desk, campaign, 3)
    await settle(attempts_desk, one)
    ends = [Settlement(p.attempt, "floor", NetworkResult.BUSY, T0) for p in (one, two, three)]

    settled = await attempts_desk.attempts.settle_all(
        [(end, lambda history: DONE) for end in ends], T0
    )
    again = await attempts_desk.attempts.settle_all(
        [(end, lambda history: DONE) for end in ends], T0
    )

    assert (settled, again) == (frozenset({two.attempt, three.attempt}), frozenset())
    assert await attempts_desk.attempts.open_attempts() == []
    # The first was settled before, by another decision, which stands.
    assert [p.number for p in await plan(attempts_desk, campaign, 5)] == [one.number]
