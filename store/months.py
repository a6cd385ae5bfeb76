"""The months of `call` and `cel`: partitions made ahead, raw events dropped when they are old."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from store.database import Database, Session

Parted = Literal["cel", "call"]
_LONGEST_MONTH = timedelta(days=31)


@dataclass(frozen=True, slots=True)
class DroppedMonth:
    """A month of raw events that was dropped. month: its first day."""

    month: date
    name: str


def month_of(moment: datetime) -> date:
    """Return the first day of the moment's month, in UTC, as the partitions are cut."""
    return moment.astimezone(UTC).date().replace(day=1)


def following(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + _LONGEST_MONTH).replace(day=1)


async def ensure_months(session: Session, table: Parted, months: Iterable[date]) -> None:
    """Make the partitions that are missing; rows of theirs that came before are moved in."""
    for month in sorted(set(months)):
        await session.fetch_value("add_month", table, month)


async def prepare_months(session: Session, now: datetime) -> None:
    """Make this month's partitions and the next two: Asterisk writes `cel` without asking us.

    In a transaction of its own, since readers of the table wait until it is committed.
    """
    first = month_of(now)
    second = following(first)
    tables: tuple[Parted, ...] = ("cel", "call")
    for table in tables:
        await ensure_months(session, table, (first, second, following(second)))


async def know_months(database: Database) -> None:
    """See that the planner knows what lies in a month that was filled in one go.

    Before autovacuum has come by it takes a look for one call's rows through the whole month.
    """
    await database.execute("know_months")


async def read_kept_from(session: Database | Session) -> datetime | None:
    """Return the moment before which raw events were dropped, None if none ever were."""
    kept: datetime | None = await session.fetch_value("cel_kept_from")
    return kept


async def drop_cel_months(session: Session, before: datetime) -> list[DroppedMonth]:
    """Drop each month of raw events that ended by `before`, and remember it. In a transaction.

    Only months whose every row has been recorded are dropped (ingest_position `cel-recorded`).
    """
    dropped: list[DroppedMonth] = []
    for row in await session.fetch("cel_months"):
        month = date.fromisoformat(row["name"].removeprefix("cel_").replace("_", "-") + "-01")
        end = datetime(*following(month).timetuple()[:3], tzinfo=UTC)
        if end > before or await session.fetch_value("unrecorded_cel_before", end):
            break
        await session.fetch_value("drop_cel_month", month)
        await session.execute("set_cel_kept_from", end)
        dropped.append(DroppedMonth(month, row["name"]))
    return dropped
