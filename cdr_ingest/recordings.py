"""MixMonitor's files: linked to their calls with checksum and length, purged by rule."""

import asyncio
import hashlib
import wave
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from cdr_ingest.silence import silence_of
from store import recordings
from store.database import Database
from store.recordings import Recording

SUFFIXES = frozenset({".wav", ".WAV", ".gsm", ".ulaw", ".alaw", ".g722", ".sln", ".mp3", ".ogg"})
LEAST_KEPT = timedelta(days=30)
"""No rule may keep recordings for less (domain notes 0.4)."""


@dataclass(slots=True)
class LinkReport:
    """linked: new. known: linked before. waiting: no record yet. bad: files and why.

    done: call ids of the linked and the known; their files need no further look.
    """

    linked: int = 0
    known: int = 0
    waiting: int = 0
    bad: list[str] = field(default_factory=list)
    done: set[str] = field(default_factory=set)


async def link_recordings(
    database: Database,
    folder: Path,
    settled_before: datetime,
    done: AbstractSet[str] = frozenset(),
) -> LinkReport:
    """Link every file named after its call (`<call id>.wav`); raises OSError and StoreError.

    settled_before: files changed since then may still be written to and are left for later.
    done: call ids of an earlier report, whose files are not looked at again.
    """
    report = LinkReport()
    files = await asyncio.to_thread(_files, folder, settled_before, done)
    report.done = await recordings.read_linked(database, [path.stem for path in files])
    unlinked = [path for path in files if path.stem not in report.done]
    report.known = len(files) - len(unlinked)
    dialled = await recordings.read_dialled_at(database, [path.stem for path in unlinked])
    for path in unlinked:
        if path.stem not in dialled:
            report.waiting += 1
            continue
        try:
            found = await asyncio.to_thread(_describe, path, dialled[path.stem])
        except (OSError, EOFError, wave.Error) as error:
            report.bad.append(f"{path.name}: {error}")
            continue
        report.linked += await recordings.link_recording(database, found)
        report.done.add(path.stem)
    return report


def _files(folder: Path, settled_before: datetime, done: AbstractSet[str]) -> list[Path]:
    latest = settled_before.timestamp()
    return sorted(
        path
        for path in folder.iterdir()
        if path.suffix in SUFFIXES and path.stem not in done
        # A link could lead out of the folder.
        if path.is_file() and not path.is_symlink()
        if path.stat().st_mtime < latest
    )


def _describe(path: Path, dialled_at: datetime) -> Recording:
    with path.open("rb") as file:
        checksum = hashlib.file_digest(file, "sha256").digest()
    silence = silence_of(path)
    return Recording(
        call_id=path.stem,
        path=str(path.resolve()),
        size_bytes=path.stat().st_size,
        sha256=checksum,
        seconds=_seconds(path),
        recorded_at=dialled_at,
        silent_seconds=_decimal(silence.total) if silence else None,
        longest_silence_seconds=_decimal(silence.longest) if silence else None,
    )


def _decimal(span: timedelta) -> Decimal:
    return Decimal(span // timedelta(microseconds=1)).scaleb(-6)


def _seconds(path: Path) -> Decimal | None:
    if path.suffix != ".wav":
        return None
    with wave.open(str(path), "rb") as sound:
        return round(Decimal(sound.getnframes()) / sound.getframerate(), 6)


def is_intact(found: Recording) -> bool:
    """Whether the file is there and is what was linked."""
    try:
        with Path(found.path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").digest() == found.sha256
    except OSError:
        return False


async def purge_recordings(
    database: Database, keep: timedelta, now: datetime, *, login: str
) -> list[Recording]:
    """Remove the files of calls dialled longer ago than `keep`; return them.

    Raises ValueError if the rule keeps them for less than 30 days, OSError and StoreError. What
    is left of a recording (checksum, length, when it was purged, by whom) stays.
    """
    if keep < LEAST_KEPT:
        raise ValueError(f"recordings should be kept for at least {LEAST_KEPT.days} days")
    purged = await recordings.recordings_before(database, now - keep)
    for found in purged:
        # First the file: if we die in between, the next run finds it gone and marks it.
        await asyncio.to_thread(Path(found.path).unlink, missing_ok=True)
        async with database.transaction() as session:
            await recordings.mark_purged(session, found.call_id, login)
    return purged
