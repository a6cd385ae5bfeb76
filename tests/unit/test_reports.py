"""Days, rates and sums of the reports."""

from dataclasses import fields
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.effective_call import Totals
from reports.agent_day import NOT_COUNTED, add_up, day_bounds, rate
from reports.definitions import AGENT_DAY


def test_a_day_is_the_organisations_own() -> None:
    assert day_bounds(date(2026, 11, 22), "Asia/Shanghai") == (
        datetime(2026, 11, 21, 16, tzinfo=UTC),
        datetime(2026, 11, 22, 16, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("day", "hours"),
    [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 22), 24)],
)
def test_a_day_on_which_clocks_change_is_shorter_or_longer(day: date, hours: int) -> None:
    start, end = day_bounds(day, "Europe/Berlin")
    assert end - start == timedelta(hours=hours)


@given(st.dates(date(2000, 1, 2), date(2199, 12, 31)))
def test_days_follow_each_other_without_a_gap(day: date) -> None:
    zone = "America/New_York"
    assert day_bounds(day, zone)[1] == day_bounds(day + timedelta(days=1), zone)[0]


def test_a_rate_of_nothing_is_no_number() -> None:
    assert rate(0, 0) is None
    assert rate(1, 4) == 0.25


def test_totals_add_up_in_every_field() -> None:
    one = Totals(6, 4, 4, 2, timedelta(seconds=569), timedelta(seconds=380))
    two = Totals(1, 1, 1, 1, timedelta(microseconds=1), timedelta(microseconds=1))
    assert add_up([one, two]) == Totals(
        7, 5, 5, 3, timedelta(seconds=569, microseconds=1), timedelta(seconds=380, microseconds=1)
    )
    assert add_up([]) == Totals()


def test_every_figure_has_its_definition_in_both_languages() -> None:
    assert [one.measure for one in AGENT_DAY] == [field.name for field in fields(Totals)]
    for one in AGENT_DAY:
        assert all((one.name_en, one.name_zh, one.text_en, one.text_zh))
        assert "\n" not in one.text_en + one.text_zh


def test_our_own_failures_are_no_attempts() -> None:
    assert NOT_COUNTED == ("system_error",)
