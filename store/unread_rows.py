"""Postgres edge of what could not be read: kept by source, place and field, until forgotten."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from store.database import Database, Session

_LONGEST = 500


@dataclass(frozen=True, slots=True)
class UnreadPlace:
    """One row that could not be read, and since when that is known."""

    source: str
    place: str
    field: str
    reason: str
    first_seen_at: datetime
    last_seen_at: datetime


async def keep_unread(
    session: Database | Session, source: str, rows: Iterable[tuple[str, str, str]]
) -> None:
    """Keep (place, field, reason) of each; one that is known is seen again."""
    found = {(_text(place), _text(field)): _text(reason) for place, field, reason in rows}
    if not found:
        return
    places, fields = [place for place, _ in found], [field for _, field in found]
    await session.execute("keep_unread", _text(source), places, fields, list(found.values()))


async def list_unread(database: Database, source: str | None, limit: int) -> list[UnreadPlace]:
    """Return what is kept, of one source or of all, the newest first."""
    return [UnreadPlace(**row) for row in await database.fetch("list_unread", source, limit)]


async def forget_unread(database: Database, source: str | None) -> int:
    """Take out what is kept of one source or of all; return how many there were."""
    return await database.execute("forget_unread", source)


def _text(text: str) -> str:
    """What Postgres can keep: a NUL is shown, not stored."""
    return text.replace("\0", "\\0")[:_LONGEST]
