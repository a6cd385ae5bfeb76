"""The dialer's holiday calendar, from the `holidays` library by way of `crm`."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from crm.holiday_dates import holiday_dates
from dialer.law import HolidayCalendar


@lru_cache(maxsize=256)
def _calendar(zones: tuple[str, ...], year: int) -> HolidayCalendar:
    # The callee's day may already be, or still be, in the year next to ours.
    years = (year - 1, year, year + 1)
    return HolidayCalendar(frozenset(years), holiday_dates(zones, years))


def holidays_around(zones: Sequence[str], now: datetime) -> HolidayCalendar:
    """Return the holidays of these zones for this year and its neighbours."""
    return _calendar(tuple(sorted(zones)), now.year)
