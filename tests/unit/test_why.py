"""`why` and the dialer judge by the same rules: nothing is dialled that it would refuse."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.attempt import LeadCandidate
from calls.campaign import Campaign, CampaignStatus
from calls.ids import LeadId
from dialer.calling_profiles import find_profile, load_profiles
from dialer.campaign_rules import rules_of
from dialer.law import HolidayCalendar
from dialer.why import LeadStanding, why_campaign, why_lead
from tests.fakes.clock import T0
from tests.fakes.dialer_world import CAMPAIGN, World
from tests.fakes.memory_attempts import MemoryLead

ZONES = ["Asia/Shanghai", "America/New_York", "Europe/London", "Asia/Kathmandu", "", "Mars/Base"]
HOLIDAYS = HolidayCalendar(
    frozenset({2026, 2027}),
    {zone: frozenset({date(2026, 5, 1)}) for zone in ZONES[:4]},
)
LISTS = {
    "us-national": datetime(2026, 6, 1, tzinfo=UTC),
    "uk-tps": datetime(2026, 6, 1, tzinfo=UTC),
}


def standing(lead: MemoryLead, candidate: LeadCandidate) -> LeadStanding:
    return LeadStanding(candidate, lead.status, lead.next_attempt_at, lead.done_reason)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    world = World(leads=0, agents=8)
    start = draw(st.datetimes(datetime(2026, 4, 1), datetime(2026, 8, 1), timezones=st.just(UTC)))
    world.clock.time = start
    campaign = replace(
        CAMPAIGN,
        calling_hours=draw(st.sampled_from([*sorted(load_profiles()), "none-such"])),
        recording_notice=draw(st.sampled_from(["", "said"])),
        max_tries=draw(st.integers(1, 3)),
        ring_seconds=draw(st.integers(1, 30)),
    )
    world.wishes.wanted = [campaign]
    world.attempts.lists = draw(st.sampled_from([{}, LISTS]))
    world.dialer._holidays = lambda zones, now: HOLIDAYS
    around = st.none() | st.timedeltas(timedelta(days=-4), timedelta(days=4))
    for n in range(draw(st.integers(1, 6))):
        number = f"+86139100{n:05d}"
        lead = world.attempts.add_lead(campaign.name, number, draw(st.sampled_from(ZONES)))
        row = world.attempts.leads[lead]
        row.tries = draw(st.integers(0, 3))
        row.consent_ref = draw(st.sampled_from(["", "form"]))
        if (age := draw(around)) is not None:
            row.abandoned_at = start + min(age, -age)
        if (after := draw(around)) is not None:
            row.not_after = start + after
        if draw(st.booleans()):
            world.attempts.do_not_call.add(number)
    world.snapshot()
    return world


@settings(max_examples=150, deadline=None)
@given(worlds(), st.lists(st.timedeltas(timedelta(0), timedelta(hours=9)), max_size=3))
def test_nothing_is_dialled_that_why_would_refuse(world: World, steps: list[timedelta]) -> None:
    [campaign] = world.wishes.wanted
    for step in [timedelta(0), *steps]:
        world.clock.time += step
        now = world.clock.time
        rules = rules_of(
            campaign, find_profile(campaign.calling_hours), HOLIDAYS, world.attempts.lists
        )
        answers = {
            lead.number: why_lead(
                standing(lead, world.attempts._candidate(lead, now)), campaign, rules, now
            ).allowed
            for lead in world.attempts.leads.values()
        }
        before = len(world.switch.placed)
        asyncio.run(world.tick())
        for command in world.switch.placed[before:]:
            assert answers[command.number]
            pack = find_profile(campaign.calling_hours)
            assert pack is not None
            assert command.ring_seconds >= pack.min_ring_seconds


def one(status: str = "ready", due: timedelta | None = None, **more: str) -> LeadStanding:
    candidate = LeadCandidate(LeadId(1), "+861", "Asia/Shanghai", 0, (), False, None, None)
    due_at = None if due is None else T0 + due
    return LeadStanding(candidate, status, due_at, more.get("done_reason"))


def ask(asked: LeadStanding, campaign: Campaign = CAMPAIGN) -> tuple[bool, str, datetime | None]:
    rules = rules_of(campaign, find_profile(campaign.calling_hours), HOLIDAYS, {})
    answer = why_lead(asked, campaign, rules, T0)
    return answer.allowed, answer.rule, answer.until


# T0 is a Monday, 10:00 in Shanghai.
LAW = replace(CAMPAIGN, calling_hours="standard-1")


@pytest.mark.parametrize(
    ("asked", "campaign", "answer"),
    [
        (one(), CAMPAIGN, (True, "always-1/allowed", None)),
        (one(), LAW, (True, "standard-1/allowed", T0 + timedelta(hours=2))),
        (one("done", done_reason="invalid"), CAMPAIGN, (False, "list/invalid", None)),
        (one("leased"), CAMPAIGN, (False, "list/being_called", None)),
        (
            one("scheduled", timedelta(minutes=9)),
            LAW,
            (False, "list/not_due", T0 + timedelta(minutes=9)),
        ),
        (
            # Due at 12:30, when the midday break forbids it until 14:00.
            one("scheduled", timedelta(hours=2, minutes=30)),
            LAW,
            (False, "standard-1/hours", T0 + timedelta(hours=4)),
        ),
        (
            one(),
            replace(CAMPAIGN, status=CampaignStatus.PAUSED),
            (False, "campaign/paused", None),
        ),
        (one(), replace(CAMPAIGN, calling_hours="none-such"), (False, "no_profile", None)),
    ],
)
def test_why_names_the_rule_its_version_and_until_when(
    asked: LeadStanding, campaign: Campaign, answer: tuple[bool, str, datetime | None]
) -> None:
    assert ask(asked, campaign) == answer


def test_why_of_a_campaign_names_the_closed_zones() -> None:
    rules = rules_of(LAW, find_profile("standard-1"), HOLIDAYS, {})

    answers = why_campaign(LAW, rules, ["Asia/Shanghai", "America/New_York"], T0)

    assert [(a.rule, a.allowed) for a in answers] == [("standard-1/weekday", False)]
    assert why_campaign(LAW, rules, [], T0)[0].rule == "list/no_ready_lead"
