"""Postgres edge of the recordings: which file belongs to which call, and who touched it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from store.database import Database, Session

Access = Literal["play", "download", "purge", "refused"]


@dataclass(frozen=True, slots=True)
class Recording:
    """A file and its call. recorded_at: dialled. seconds and silence: None where not known.

    silent_seconds: without a word of either side, in all; longest_silence_seconds: at a stretch.
    """

    call_id: str
    path: str
    size_bytes: int
    sha256: bytes
    seconds: Decimal | None
    recorded_at: datetime
    purged_at: datetime | None = None
    silent_seconds: Decimal | None = None
    longest_silence_seconds: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """Whose call it is, and its file; None if it was never recorded."""

    call_id: str
    campaign: str | None
    agent: str | None
    recording: Recording | None


class RecordingStore:
    """What the web side reads of recordings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, call_id: str) -> RecordedCall | None:
        """Return a call and its file, None if there is no such call."""
        row = await self._database.fetch_row("call_owner", call_id)
        if row is None:
            return None
        found = await read_recording(self._database, call_id)
        return RecordedCall(call_id, row["campaign"], row["agent"], found)

    async def log(self, call_id: str, login: str, what: Access) -> None:
        """Write down who does what with a recording, before it is done."""
        await log_access(self._database, call_id, login, what)


async def read_dialled_at(database: Database, call_ids: Collection[str]) -> dict[str, datetime]:
    """Return when each of these calls was dialled; those without a record are left out."""
    rows = await database.fetch("dialled_at", list(call_ids))
    return {row["call_id"]: row["dialled_at"] for row in rows}


async def read_linked(database: Database, call_ids: Collection[str]) -> set[str]:
    """Return which of these calls have a file, kept or purged."""
    rows = await database.fetch("linked_recordings", list(call_ids))
    return {row["call_id"] for row in rows}


async def link_recording(database: Database, found: Recording) -> bool:
    """Link a file to its call; False if the call has one already."""
    values = (found.call_id, found.path, found.size_bytes, found.sha256, found.seconds)
    silence = (found.silent_seconds, found.longest_silence_seconds)
    return await database.execute("link_recording", *values, found.recorded_at, *silence) == 1


async def read_recording(database: Database, call_id: str) -> Recording | None:
    """Return the file of this call, None if it has none."""
    row = await database.fetch_row("recording", call_id)
    return None if row is None else Recording(**row)


async def recordings_before(database: Database, moment: datetime) -> list[Recording]:
    """Return the files that are still kept of calls dialled before then, oldest first."""
    return [Recording(**row) for row in await database.fetch("recordings_before", moment)]


async def mark_purged(session: Session, call_id: str, login: str) -> None:
    """Remember that the file is gone, and who asked for it."""
    await session.execute("mark_purged", call_id)
    await session.execute("log_recording_access", call_id, login, "purge")


async def log_access(database: Database, call_id: str, login: str, what: Access) -> None:
    """Write down who did what with a recording, before it is done."""
    await database.execute("log_recording_access", call_id, login, what)
