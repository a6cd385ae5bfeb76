"""Public holidays by time zone, for the law's calendar; from the `holidays` library.

The same shape as `dialer.law.HolidayCalendar` wants: the composition root hands it over.
"""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

import holidays

from crm.time_zones import zone_countries


@lru_cache(maxsize=512)
def country_holidays(country: str, year: int) -> frozenset[date] | None:
    """Return the national public holidays of one year; None if they are not known.

    Regional holidays are left out. Weekend days that are worked in exchange stay weekend.
    """
    try:
        return frozenset(holidays.country_holidays(country, years=year))
    except NotImplementedError:
        return None


def holiday_dates(zones: Iterable[str], years: Iterable[int]) -> dict[str, frozenset[date]]:
    """Return the holidays of each zone that the lead texts name.

    A zone is left out, so that the law fails closed, if its country or one of the years is
    not known.
    """
    wanted = sorted(years)
    found: dict[str, frozenset[date]] = {}
    for zone in {name for text in zones for name in text.split(",") if name}:
        country = zone_countries().get(zone)
        days = [country_holidays(country, year) for year in wanted] if country else [None]
        known = [day for day in days if day is not None]
        if len(known) == len(days):
            found[zone] = frozenset().union(*known)
    return found
