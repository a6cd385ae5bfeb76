"""Repair: copy what Asterisk's ledger has and the table lacks (Postgres was away)."""

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path

from cdr_ingest.ledger import LedgerBatch, LedgerLine, LedgerPosition, read_ledger
from cdr_ingest.rows import BadCelRow, CelEvent, CelRow, RowIdentity, parse_cel
from config.timeouts import INGEST_LEDGER_GRACE_SECONDS
from store import cel_rows, records
from store.cel_rows import RawCel
from store.database import Database, Session
from store.months import read_kept_from


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What one look at the ledger did. is_tail_lost: see LedgerBatch.

    just_ended: calls whose end is a line within the grace; all that the table lacked is copied.
    """

    copied: int = 0
    bad: tuple[BadCelRow, ...] = ()
    is_tail_lost: bool = False
    just_ended: frozenset[str] = frozenset()


async def copy_ledger(database: Database, path: Path, now: datetime) -> CopyReport:
    """Read on to the end and copy missing rows; raises LedgerUnreadable and StoreError.

    Lines younger than the grace are read again later, since cel_pgsql may still be writing them;
    but not those of a call that has ended: Asterisk writes event by event to both.
    """
    horizon = now - timedelta(seconds=INGEST_LEDGER_GRACE_SECONDS)
    total = CopyReport()
    while True:
        async with records.ingest_transaction(database) as session:
            batch = await _next_batch(session, path)
            due = list(takewhile(lambda line: not _is_younger(line, horizon), batch.lines))
            young = batch.lines[len(due) :]
            ended = frozenset(r.linkedid for r in _rows(young) if r.event is CelEvent.LINKEDID_END)
            theirs = [x for x in young if isinstance(x.row, CelRow) and x.row.linkedid in ended]
            total = replace(
                total,
                copied=total.copied + await _copy_missing(session, [*due, *theirs]),
                bad=total.bad + tuple(x.row for x in due if isinstance(x.row, BadCelRow)),
                is_tail_lost=total.is_tail_lost or (batch.is_tail_lost and bool(due)),
                just_ended=ended,
            )
            if due:
                after = due[-1].after
                source = _source(path)
                await cel_rows.save_position(session, source, after.offset, after.fingerprint)
        if not batch.has_more or len(due) < len(batch.lines):
            return total


async def copy_whole_ledger(database: Database, path: Path) -> int:
    """Copy every row of the file that the table lacks, read before or not; return how many.

    Rows of months that were dropped from the table are left out. Raises LedgerUnreadable,
    StoreError.
    """
    copied = 0
    position = LedgerPosition()
    while True:
        batch = await asyncio.to_thread(read_ledger, path, position)
        if not batch.lines:
            return copied
        async with records.ingest_transaction(database) as session:
            kept = await read_kept_from(session)
            lines = [line for line in batch.lines if kept is None or _is_younger(line, kept)]
            copied += await _copy_missing(session, lines)
        position = batch.lines[-1].after


async def _next_batch(session: Session, path: Path) -> LedgerBatch:
    offset, fingerprint = await cel_rows.read_position(session, _source(path))
    return await asyncio.to_thread(read_ledger, path, LedgerPosition(offset, fingerprint))


async def skip_ledger(database: Database, path: Path) -> int:
    """Take up a ledger at its end, as if all of it had been read; return that end in bytes.

    Raises LedgerUnreadable and StoreError.
    """
    async with records.ingest_transaction(database) as session:
        while (batch := await _next_batch(session, path)).lines:
            end = batch.lines[-1].after
            await cel_rows.save_position(session, _source(path), end.offset, end.fingerprint)
        offset, _ = await cel_rows.read_position(session, _source(path))
    return offset


def _source(path: Path) -> str:
    return f"ledger:{path}"


def _rows(lines: Iterable[LedgerLine]) -> Iterator[CelRow]:
    return (line.row for line in lines if isinstance(line.row, CelRow))


def _is_younger(line: LedgerLine, horizon: datetime) -> bool:
    return isinstance(line.row, CelRow) and line.row.at > horizon


async def _copy_missing(session: Session, lines: Iterable[LedgerLine]) -> int:
    return await copy_missing(
        session,
        {
            line.row.identity: line.raw
            for line in lines
            if isinstance(line.row, CelRow) and line.raw is not None
        },
        "ledger",
    )


async def copy_missing(
    session: Session, rows: Mapping[RowIdentity, RawCel], source: str, *, keep: bool = True
) -> int:
    """Copy the rows that the table lacks; return how many. keep: False: count only.

    source: kept with each row, as where it came from.
    """
    wanted = dict(rows)
    if not wanted:
        return 0
    channels = {raw.uniqueid for raw in wanted.values()}
    for raw in await cel_rows.cel_of_channels(session, channels):
        try:
            wanted.pop(parse_cel(raw).identity, None)
        except BadCelRow:
            continue  # not readable in the table: the ledger's line is the better one
    if keep:
        await cel_rows.add_cel(session, wanted.values(), source)
    return len(wanted)
