"""Calling hours: what must hold for any lead, profile and moment."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.calling_profiles import load_profiles
from dialer.law import (
    SEARCH_DAYS,
    CallingRules,
    HolidayCalendar,
    LeadView,
    callable_zones,
    may_call,
)

ZONES = ["Asia/Shanghai", "America/New_York", "Europe/London", "Asia/Kathmandu", "Pacific/Apia"]
TICK = timedelta(microseconds=1)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))
HOLIDAYS = HolidayCalendar(
    frozenset({2026, 2027}),
    {zone: frozenset({datetime(2026, 5, 1).date()}) for zone in ZONES},
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[LeadView, CallingRules, datetime]:
    now = draw(MOMENTS)
    ages = draw(st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), max_size=5))
    around = st.none() | st.timedeltas(timedelta(days=-3), timedelta(days=3))
    before, after = draw(around), draw(around)
    lead = LeadView(
        time_zone=",".join(draw(st.lists(st.sampled_from(ZONES), max_size=2, unique=True))),
        tries=draw(st.integers(0, 4)),
        tried_at=[now - age for age in ages],
        on_do_not_call=draw(st.sampled_from([False, False, False, True, None])),
        not_before=None if before is None else now + before,
        not_after=None if after is None else now + after,
    )
    profile = draw(st.sampled_from(sorted(load_profiles().values(), key=lambda p: p.name)))
    rules = CallingRules(profile, draw(st.integers(3, 5)), draw(st.integers(1, 4)), HOLIDAYS)
    return lead, rules, now


@settings(max_examples=300, deadline=None)
@given(cases())
def test_next_change_is_the_exact_moment_at_which_the_answer_changes(
    case: tuple[LeadView, CallingRules, datetime],
) -> None:
    lead, rules, now = case
    permit = may_call(lead, rules, now)
    change = permit.next_change_at

    if change is not None:
        assert change > now
        assert may_call(lead, rules, change).allowed is not permit.allowed
        assert may_call(lead, rules, change - TICK).allowed is permit.allowed
    elif not permit.allowed:
        for hours in range(1, (SEARCH_DAYS - 1) * 24, 7):
            assert not may_call(lead, rules, now + timedelta(hours=hours)).allowed


@settings(max_examples=200, deadline=None)
@given(cases())
def test_nobody_is_called_in_spite_of_a_rule(
    case: tuple[LeadView, CallingRules, datetime],
) -> None:
    lead, rules, now = case
    if not may_call(lead, rules, now).allowed:
        return
    profile = rules.profile
    assert profile is not None
    assert lead.on_do_not_call is False
    assert lead.tries < rules.max_tries
    assert lead.not_before is None or lead.not_before <= now
    assert lead.not_after is None or now < lead.not_after
    assert callable_zones([lead.time_zone], rules, now) == [lead.time_zone]
    for zone in lead.time_zone.split(","):
        local = now.astimezone(ZoneInfo(zone))
        assert profile.name == "always-1" or 8 <= local.hour < 21
        today = [
            tried
            for tried in lead.tried_at
            if tried.astimezone(ZoneInfo(zone)).date() == local.date()
        ]
        assert len(today) < rules.max_tries_per_day
    assert all(now - tried >= profile.min_gap for tried in lead.tried_at)


@given(cases(), st.sampled_from(ZONES))
def test_one_more_possible_place_never_allows_more(
    case: tuple[LeadView, CallingRules, datetime], zone: str
) -> None:
    lead, rules, now = case
    wider = LeadView(
        ",".join(filter(None, [lead.time_zone, zone])), lead.tries, lead.tried_at,
        lead.on_do_not_call, lead.not_before, lead.not_after,
    )  # fmt: skip
    if lead.time_zone and may_call(wider, rules, now).allowed:
        assert may_call(lead, rules, now).allowed
