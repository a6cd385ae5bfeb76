"""Calling hours, frequency and do-not-call: tables with a fake clock."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dialer.calling_profiles import find_profile
from dialer.law import CallingRules, HolidayCalendar, LeadView, callable_zones, may_call

SHANGHAI = ZoneInfo("Asia/Shanghai")
HOLIDAYS = HolidayCalendar(
    frozenset({2026, 2027}),
    {
        "Asia/Shanghai": frozenset({date(2026, 10, 1), date(2026, 10, 2)}),
        "America/New_York": frozenset(),
        "America/Los_Angeles": frozenset(),
        "Europe/London": frozenset(),
    },
)
LEAD = LeadView(time_zone="Asia/Shanghai", on_do_not_call=False)


def rules(profile: str, *, max_tries: int = 10, a_day: int = 10) -> CallingRules:
    return CallingRules(find_profile(profile), max_tries, a_day, HOLIDAYS)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


# 2026-09-29 is a Tuesday, 2026-10-03 a Saturday.
@pytest.mark.parametrize(
    ("profile", "moment", "rule_id"),
    [
        ("standard-1", "2026-09-29 08:59:59", "standard-1/hours"),
        ("standard-1", "2026-09-29 09:00:00", "standard-1/allowed"),
        ("standard-1", "2026-09-29 11:59:59", "standard-1/allowed"),
        ("standard-1", "2026-09-29 12:00:00", "standard-1/hours"),
        ("standard-1", "2026-09-29 12:30:00", "standard-1/hours"),
        ("standard-1", "2026-09-29 14:00:00", "standard-1/allowed"),
        ("standard-1", "2026-09-29 19:59:59", "standard-1/allowed"),
        ("standard-1", "2026-09-29 19:59:59.999999", "standard-1/allowed"),
        ("standard-1", "2026-09-29 20:00:00", "standard-1/hours"),
        ("standard-1", "2026-10-01 10:00:00", "standard-1/holiday"),
        ("standard-1", "2026-10-03 10:00:00", "standard-1/weekday"),
        ("standard-1", "2025-12-31 10:00:00", "standard-1/holidays_unknown"),
        ("standard-1", "2028-01-03 10:00:00", "standard-1/holidays_unknown"),
        ("insurance-1", "2026-09-29 08:59:59", "insurance-1/hours"),
        ("insurance-1", "2026-10-01 20:59:59", "insurance-1/allowed"),
        ("insurance-1", "2026-10-03 21:00:00", "insurance-1/hours"),
        ("us-tsr-1", "2026-09-29 20:59:59", "us-tsr-1/allowed"),
        ("us-florida-1", "2026-09-29 20:00:00", "us-florida-1/hours"),
        ("always-1", "2026-10-04 03:00:00", "always-1/allowed"),
    ],
)
def test_the_callees_clock(profile: str, moment: str, rule_id: str) -> None:
    permit = may_call(LEAD, rules(profile), at(moment))

    assert permit.rule_id == rule_id
    assert permit.allowed == rule_id.endswith("/allowed")


NOW = at("2026-09-29 15:00")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("lead", "rule", "next_change_at"),
    [
        (LeadView("", on_do_not_call=False), "time_zone", None),
        (LeadView("Mars/Base", on_do_not_call=False), "time_zone", None),
        (LeadView("../etc/passwd", on_do_not_call=False), "time_zone", None),
        (LeadView("Asia/Shanghai,Mars/Base", on_do_not_call=False), "time_zone", None),
        (LeadView("Asia/Shanghai,", on_do_not_call=False), "time_zone", None),
        (LeadView("Asia", on_do_not_call=False), "time_zone", None),
        (LeadView("Asia/Shanghai"), "do_not_call_unknown", None),
        (LeadView("Asia/Shanghai", on_do_not_call=True), "do_not_call", None),
        (LeadView("Asia/Shanghai", 3, (), False), "max_tries", None),
        (LeadView("Asia/Shanghai", 4, (), False), "max_tries", None),
        (
            LeadView("Asia/Shanghai", 0, (), False, not_before=at("2026-09-29 18:30")),
            "not_before",
            at("2026-09-29 18:30"),
        ),
        (
            LeadView("Asia/Shanghai", 0, (), False, not_before=at("2026-09-29 21:30")),
            "not_before",
            at("2026-09-30 09:00"),
        ),
        (LeadView("Asia/Shanghai", 0, (), False, not_after=NOW), "not_after", None),
        (
            LeadView("Asia/Shanghai", 1, (NOW - 119 * HOUR / 60,), False),
            "min_gap",
            NOW + HOUR / 60,
        ),
        (
            LeadView("Asia/Shanghai", 2, (NOW - 5 * HOUR, NOW - 3 * HOUR), False),
            "tries_per_day",
            at("2026-09-30 09:00"),
        ),
        (
            LeadView(
                "Asia/Shanghai",
                2,
                (at("2026-09-24 10:00"), at("2026-09-25 10:00"), at("2026-09-28 10:00")),
                False,
            ),
            "tries_per_7_days",
            # 10:00 on 1 October is a holiday, the 3rd and 4th are a weekend.
            at("2026-10-05 09:00"),
        ),
        (
            LeadView("Asia/Shanghai", 2, (NOW + HOUR,), False),
            "min_gap",
            at("2026-09-29 18:00"),
        ),
    ],
)
def test_each_rule_blocks_by_name(
    lead: LeadView, rule: str, next_change_at: datetime | None
) -> None:
    permit = may_call(lead, rules("standard-1", max_tries=3), NOW)

    assert not permit.allowed
    assert permit.rule_id == f"standard-1/{rule}"
    assert permit.reason
    assert permit.next_change_at == next_change_at
    assert permit.is_final == (rule in {"time_zone", "do_not_call", "max_tries", "not_after"})


def test_the_third_try_of_a_day_is_blocked_when_the_limit_is_two() -> None:
    two = (NOW - 5 * HOUR, NOW - 3 * HOUR)
    lead = LeadView("Asia/Shanghai", 2, two, False)

    assert may_call(lead, rules("always-1", a_day=2), NOW).rule_id == "always-1/tries_per_day"
    assert may_call(lead, rules("always-1", a_day=3), NOW).allowed
    # The profile's own limit holds though the campaign would allow more.
    assert may_call(lead, rules("standard-1", a_day=9), NOW).rule_id == "standard-1/tries_per_day"


def test_yesterday_does_not_count_for_today() -> None:
    lead = LeadView("Asia/Shanghai", 2, (at("2026-09-28 19:00"), at("2026-09-28 23:59:59")), False)

    assert may_call(lead, rules("always-1", a_day=2), NOW).allowed
    assert not may_call(lead, rules("always-1", a_day=2), at("2026-09-28 23:59:59.5")).allowed


def test_always_has_no_gap_no_week_and_says_what_it_is() -> None:
    seconds_ago = tuple(NOW - timedelta(seconds=n) for n in (1, 2, 3, 4))
    permit = may_call(LeadView("Asia/Shanghai", 4, seconds_ago, False), rules("always-1"), NOW)

    assert permit.allowed
    assert "demo" in permit.reason
    assert permit.next_change_at is None


def test_three_calls_in_24_hours_span_midnight() -> None:
    tried = (at("2026-09-28 19:00"), at("2026-09-29 09:00"), at("2026-09-29 13:00"))
    lead = LeadView("Asia/Shanghai", 3, tried, False)
    permit = may_call(lead, rules("us-florida-1"), NOW)

    assert permit.rule_id == "us-florida-1/tries_per_24_hours"
    assert permit.next_change_at == at("2026-09-29 19:00")


def test_an_unknown_profile_dials_nobody() -> None:
    unknown = CallingRules(find_profile("standard-0"), 3, 2)

    permit = may_call(LEAD, unknown, NOW)
    assert (permit.rule_id, permit.is_final) == ("no_profile", False)
    assert callable_zones(["Asia/Shanghai"], unknown, NOW) == []


def test_a_naive_clock_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        may_call(LEAD, rules("standard-1"), datetime(2026, 9, 29, 15))


def test_every_place_the_callee_may_be_must_be_inside_hours() -> None:
    lead = LeadView("America/Los_Angeles,America/New_York", on_do_not_call=False)
    eastern = ZoneInfo("America/New_York")

    assert may_call(lead, rules("us-tsr-1"), at("2026-09-29 08:30", eastern)).reason.startswith(
        "05:30 in America/Los_Angeles"
    )
    assert may_call(lead, rules("us-tsr-1"), at("2026-09-29 11:00", eastern)).allowed
    evening = may_call(lead, rules("us-tsr-1"), at("2026-09-29 21:00", eastern))
    assert not evening.allowed
    assert evening.next_change_at == at("2026-09-30 11:00", eastern)


def test_zones_that_are_never_open_together_say_never() -> None:
    lead = LeadView("Asia/Shanghai,America/New_York", on_do_not_call=False)
    permit = may_call(lead, rules("standard-1"), NOW)

    assert not permit.allowed
    assert permit.next_change_at is None


@pytest.mark.parametrize(
    ("moment", "allowed"),
    [
        # New York: 8 March 2026 clocks go forward at 02:00, 1 November back at 02:00.
        ("2026-03-07T12:59:59+00:00", False),  # 07:59:59 EST
        ("2026-03-07T13:00:00+00:00", True),  # 08:00 EST
        ("2026-03-08T11:59:59+00:00", False),  # 07:59:59 EDT
        ("2026-03-08T12:00:00+00:00", True),  # 08:00 EDT
        ("2026-03-09T00:59:59+00:00", True),  # 20:59:59 EDT
        ("2026-03-09T01:00:00+00:00", False),  # 21:00 EDT
        ("2026-11-01T12:00:00+00:00", False),  # 07:00 EST
        ("2026-11-01T13:00:00+00:00", True),  # 08:00 EST
        ("2026-11-02T01:59:59+00:00", True),  # 20:59:59 EST
        ("2026-11-02T02:00:00+00:00", False),  # 21:00 EST
    ],
)
def test_clock_changes_in_new_york(moment: str, allowed: bool) -> None:
    lead = LeadView("America/New_York", on_do_not_call=False)
    permit = may_call(lead, rules("us-tsr-1"), datetime.fromisoformat(moment))

    assert permit.allowed == allowed


def test_the_next_opening_is_right_over_clock_changes_in_london() -> None:
    lead = LeadView("Europe/London", on_do_not_call=False)
    # 29 March 2026, a Sunday: 01:00 UTC becomes 02:00 BST. The office opens Monday 09:00 BST.
    permit = may_call(lead, rules("standard-1"), datetime(2026, 3, 28, 23, tzinfo=UTC))
    assert permit.next_change_at == datetime(2026, 3, 30, 8, tzinfo=UTC)
    # 25 October 2026: 02:00 BST becomes 01:00 GMT.
    permit = may_call(lead, rules("standard-1"), datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert permit.next_change_at == datetime(2026, 10, 26, 9, tzinfo=UTC)


def test_a_permit_says_when_it_ends() -> None:
    assert may_call(LEAD, rules("standard-1"), NOW).next_change_at == at("2026-09-29 20:00")
    ends = LeadView("Asia/Shanghai", on_do_not_call=False, not_after=at("2026-09-29 16:00"))
    assert may_call(ends, rules("standard-1"), NOW).next_change_at == at("2026-09-29 16:00")


def test_callable_zones_are_those_whose_clock_allows() -> None:
    zones = ["Asia/Shanghai", "America/New_York", "", "Mars/Base", "Asia/Shanghai,Europe/London"]

    assert callable_zones(zones, rules("standard-1"), NOW) == ["Asia/Shanghai"]
    # 16:30 in Shanghai is 09:30 in London.
    assert callable_zones(zones, rules("standard-1"), at("2026-09-29 16:30")) == [
        "Asia/Shanghai",
        "Asia/Shanghai,Europe/London",
    ]
    assert callable_zones(zones, rules("standard-1"), at("2026-10-03 15:00")) == []
