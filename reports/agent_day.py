"""One day's figures by agent and by campaign.

A call belongs wholly to the day on which it was dialled, in the organisation's time zone. Calls
that no agent ever had stand in a row of their own, so that the rows add up to the total.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from calls.effective_call import Totals
from calls.outcomes import OUTCOMES
from store import report_rows
from store.database import Database
from store.report_rows import SumRow

NO_AGENT = "(no agent)"
NO_CAMPAIGN = "(no campaign)"
NOT_COUNTED = tuple(result.value for result, row in OUTCOMES.items() if not row.is_attempt)
"""Network results that are no attempt: our own failures."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """Figures of one agent or campaign. key: its id, None for the calls that had none."""

    key: str | None
    title: str
    totals: Totals


@dataclass(frozen=True, slots=True)
class DayReport:
    """All rows of one day; total is their sum."""

    day: date
    time_zone: str
    rows: tuple[DayRow, ...]
    total: Totals


def day_bounds(day: date, time_zone: str) -> tuple[datetime, datetime]:
    """Return start and end of the local day in UTC; it has 23 or 25 hours when clocks change."""
    zone = ZoneInfo(time_zone)
    start = datetime(day.year, day.month, day.day, tzinfo=zone)
    after = day + timedelta(days=1)
    end = datetime(after.year, after.month, after.day, tzinfo=zone)
    return start.astimezone(UTC), end.astimezone(UTC)


def add_up(rows: Iterable[Totals]) -> Totals:
    """Return the sum of all totals."""
    total = Totals()
    for row in rows:
        total = Totals(
            attempts=total.attempts + row.attempts,
            answered=total.answered + row.answered,
            valid=total.valid + row.valid,
            effective=total.effective + row.effective,
            talk=total.talk + row.talk,
            effective_talk=total.effective_talk + row.effective_talk,
        )
    return total


def rate(part: int, whole: int) -> float | None:
    """Return part of whole; None (printed n/a) where there is no whole."""
    return part / whole if whole else None


async def agent_day(
    database: Database, day: date, time_zone: str, campaign: str | None = None
) -> DayReport:
    """Return the day's figures by agent, of one campaign or of all. Raises StoreError."""
    start, end = day_bounds(day, time_zone)
    found = await report_rows.agent_sums(database, start, end, NOT_COUNTED, campaign)
    return _report(day, time_zone, found, NO_AGENT)


async def campaign_day(
    database: Database, day: date, time_zone: str, campaign: str | None = None
) -> DayReport:
    """Return the day's figures by campaign. Raises StoreError."""
    start, end = day_bounds(day, time_zone)
    found = await report_rows.campaign_sums(database, start, end, NOT_COUNTED, campaign)
    return _report(day, time_zone, found, NO_CAMPAIGN)


def _report(day: date, time_zone: str, found: Iterable[SumRow], no_key: str) -> DayReport:
    rows = tuple(DayRow(row.key, row.title or no_key, row.totals) for row in found)
    return DayReport(day, time_zone, rows, add_up(row.totals for row in rows))
