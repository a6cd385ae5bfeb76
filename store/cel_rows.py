"""Postgres edge of raw events: the rows of `cel`, and how far each source was read."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from store.database import Database, Row, Session

_WEEK = timedelta(days=7)
EARLIEST, LATEST = datetime(1900, 1, 1), datetime(9000, 1, 1)
"""Before and after every event there can be, in UTC without a zone."""
_EPOCH = datetime(1970, 1, 1)  # no zone: cel.eventtime is UTC and says none
_ROOM = re.compile(r'"bridge_id":"([^"]+)"')


@dataclass(frozen=True, slots=True)
class RawCel:
    """One CEL row as text, in the order of Asterisk's ledger and by the names of the table `cel`.

    origin: where it stands, for messages. eventtime: epoch seconds.microseconds. id: 0 for a row
    that is not in the table.
    """

    origin: str
    eventtype: str
    eventtime: str
    cid_name: str
    cid_num: str
    cid_ani: str
    cid_rdnis: str
    cid_dnid: str
    exten: str
    context: str
    channame: str
    appname: str
    appdata: str
    amaflags: str
    accountcode: str
    uniqueid: str
    linkedid: str
    peer: str
    userfield: str
    userdeftype: str
    extra: str
    id: int = field(default=0, kw_only=True)


class CelFields(NamedTuple):
    """One row of the table `cel`, the columns that records are made of. eventtime: UTC, no zone.

    A tuple, since millions of them are made in one go.
    """

    id: int
    eventtype: str | None
    eventtime: datetime
    channame: str | None
    uniqueid: str
    linkedid: str
    accountcode: str | None
    cid_num: str | None
    cid_ani: str | None
    exten: str | None
    appname: str | None
    userdeftype: str | None
    extra: str | None


_CEL_COLUMNS = tuple(column.name for column in fields(RawCel))[1:-1]


async def read_position(session: Database | Session, source: str) -> tuple[int, str]:
    """Return position and fingerprint of a source, (0, "") before the first time."""
    row = await session.fetch_row("ingest_position", source)
    return (0, "") if row is None else (row["position"], row["fingerprint"])


async def save_position(session: Session, source: str, position: int, fingerprint: str) -> None:
    """Remember how far the source was read."""
    await session.execute("save_ingest_position", source, position, fingerprint)


async def advance_position(session: Session, source: str, position: int) -> None:
    """Remember a position unless a greater one is known."""
    await session.execute("advance_ingest_position", source, position)


async def cel_after(session: Session, after: int, limit: int) -> list[CelFields]:
    """Return the next visible rows in order of their id."""
    return _cel_fields(await session.fetch("cel_after", after, limit))


async def first_cel_id(database: Database, since: datetime) -> int | None:
    """Return the lowest id among the rows of events since then, None if there are none."""
    moment = since.astimezone(UTC).replace(tzinfo=None)
    first: int | None = await database.fetch_value("first_cel_id", moment)
    return first


async def late_cel(database: Database, gaps: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
    """Return (id, linkedid) of rows that have become visible in these gaps (both ends included)."""
    if not gaps:
        return []
    low, high = [low for low, _ in gaps], [high for _, high in gaps]
    return _pairs(await database.fetch("late_cel", low, high))


async def open_cel(database: Database, after: int) -> dict[str, int]:
    """Return the linkedids that have rows and no record, with the id of their first row."""
    rows = await database.fetch("open_cel", after)
    return {row["linkedid"]: row["first_id"] for row in rows}


async def cel_of_calls(
    session: Session, ids: Iterable[str], page: Sequence[CelFields] = ()
) -> list[CelFields]:
    """Return all rows of these calls and of every call joined to them, but for those of `page`.

    page: rows that were read already, all that there are between their lowest and highest id;
    then only rows within a week of theirs are looked for: no call lasts longer.
    """
    low, high = (page[0].id, page[-1].id) if page else (0, -1)
    first, last = _near(page)
    found: dict[int, CelFields] = {}
    known: set[str] = set()
    wanted = set(ids)
    rooms = set(filter(None, map(_room_of, page)))
    while wanted or rooms:
        known |= wanted
        if rooms:
            wanted |= {row["uniqueid"] for row in await session.fetch("cel_rooms", list(rooms))}
            known |= rooms
        rows = await session.fetch("cel_related", list(wanted), low, high, first, last)
        fresh = _cel_fields(rows)
        found |= {row.id: row for row in fresh}
        wanted = {i for row in fresh for i in (row.uniqueid, row.linkedid)} - known
        rooms = set(filter(None, map(_room_of, fresh))) - known
    return [found[row_id] for row_id in sorted(found)]


def _cel_fields(rows: Sequence[Row]) -> list[CelFields]:
    return [CelFields._make(row.values()) for row in rows]


def _room_of(row: CelFields) -> str | None:
    """Return the conference room that the row tells of entering."""
    if row.appname != "ConfBridge" or row.eventtype != "BRIDGE_ENTER":
        return None
    found = _ROOM.search(row.extra or "")
    return found[1] if found else None


def _near(page: Sequence[CelFields]) -> tuple[datetime, datetime]:
    times = [row.eventtime for row in page]
    if not times:
        return EARLIEST, LATEST
    return max(min(times), EARLIEST + _WEEK) - _WEEK, min(max(times), LATEST - _WEEK) + _WEEK


async def cel_of_channels(session: Session, channels: Collection[str]) -> list[RawCel]:
    """Return all rows of these channels."""
    return [_raw_cel(row) for row in await session.fetch("cel_of_channels", list(channels))]


async def add_cel(session: Session, rows: Iterable[RawCel], source: str = "ledger") -> None:
    """Copy rows of Asterisk's ledger, or of another source, into the table."""
    await session.copy_rows(
        "cel", (*_CEL_COLUMNS, "source"), [(*_cel_values(raw), source) for raw in rows]
    )


def raw_of(columns: Mapping[str, str], origin: str) -> RawCel:
    """Return a row of text columns by their names; those that are missing are empty."""
    return RawCel(origin, *(columns.get(name, "") for name in _CEL_COLUMNS))


def _pairs(rows: Iterable[Row]) -> list[tuple[int, str]]:
    return [(row["id"], row["linkedid"]) for row in rows]


def _raw_cel(row: Row) -> RawCel:
    text = {name: row[name] or "" for name in _CEL_COLUMNS}
    return RawCel(origin=f"table cel id {row['id']}", id=row["id"], **text)


def _cel_values(raw: RawCel) -> tuple[object, ...]:
    seconds, _, fraction = raw.eventtime.partition(".")
    typed: dict[str, Any] = {
        # Through integers: a float would lose the last microsecond.
        "eventtime": _EPOCH + timedelta(0, int(seconds), int(fraction.ljust(6, "0") or 0)),
        "amaflags": int(raw.amaflags) if raw.amaflags.isdigit() else None,
    }
    return tuple(typed.get(name, getattr(raw, name)) for name in _CEL_COLUMNS)
