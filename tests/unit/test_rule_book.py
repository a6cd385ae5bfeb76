"""What may be promised: the clock of the customer's place decides, as it will when it is due."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from dialer.calling_profiles import find_profile
from dialer.law import NO_HOLIDAYS_KNOWN, HolidayCalendar
from dialer.rule_book import RuleBook
from tests.fakes.dialer_world import CAMPAIGN
from tests.fakes.memory_attempts import MemoryAttempts

STANDARD = replace(CAMPAIGN, calling_hours="standard-1")


@pytest.mark.parametrize(
    ("hour", "zone", "may"),
    [(2, "Asia/Shanghai", True), (16, "Asia/Shanghai", False), (16, "Europe/London", True)],
)
async def test_a_time_is_promised_only_inside_the_calling_hours(
    hour: int, zone: str, may: bool
) -> None:
    calendar = HolidayCalendar(frozenset({2026}), {zone: frozenset()})
    book = RuleBook(MemoryAttempts(), lambda zones, now: calendar, find_profile)
    at = datetime(2026, 11, 24, hour, 0, tzinfo=UTC)
    assert await book.may_promise(STANDARD, zone, at) is may


async def test_nothing_is_promised_under_a_law_that_nobody_knows() -> None:
    book = RuleBook(MemoryAttempts(), lambda zones, now: NO_HOLIDAYS_KNOWN, find_profile)
    unknown = replace(CAMPAIGN, calling_hours="no-such-pack")
    at = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
    assert not await book.may_promise(unknown, "Asia/Shanghai", at)
