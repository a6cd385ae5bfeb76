"""Repair: copy what Asterisk's ledger has and the table lacks (Postgres was away)."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from pathlib import Path

from cdr_ingest.ledger import LedgerLine, LedgerPosition, read_ledger
from cdr_ingest.rows import BadCelRow, CelRow, parse_cel
from config.timeouts import INGEST_LEDGER_GRACE_SECONDS
from store import records
from store.database import Database, Session
from store.records import RawCel


@dataclass(frozen=True, slots=True)
class CopyReport:
    """What one look at the ledger did. is_tail_lost: see LedgerBatch."""

    copied: int = 0
    bad: tuple[BadCelRow, ...] = ()
    is_tail_lost: bool = False


async def copy_ledger(database: Database, path: Path, now: datetime) -> CopyReport:
    """Read on to the end and copy missing rows; raises LedgerUnreadable and StoreError.

    Lines younger than the grace are left for later: cel_pgsql may still be writing them.
    """
    horizon = now - timedelta(seconds=INGEST_LEDGER_GRACE_SECONDS)
    source = f"ledger:{path}"
    total = CopyReport()
    while True:
        async with records.ingest_transaction(database) as session:
            offset, fingerprint = await records.read_position(session, source)
            position = LedgerPosition(offset, fingerprint)
            batch = await asyncio.to_thread(read_ledger, path, position)
            due = list(takewhile(lambda line: not _is_younger(line, horizon), batch.lines))
            if due:
                total = CopyReport(
                    copied=total.copied + await _copy_missing(session, due),
                    bad=total.bad + tuple(x.row for x in due if isinstance(x.row, BadCelRow)),
                    is_tail_lost=total.is_tail_lost or batch.is_tail_lost,
                )
                after = due[-1].after
                await records.save_position(session, source, after.offset, after.fingerprint)
        if not batch.has_more or len(due) < len(batch.lines):
            return total


def _is_younger(line: LedgerLine, horizon: datetime) -> bool:
    return isinstance(line.row, CelRow) and line.row.at > horizon


async def _copy_missing(session: Session, lines: Iterable[LedgerLine]) -> int:
    wanted: dict[tuple[str, ...], RawCel] = {}
    for line in lines:
        if isinstance(line.row, CelRow) and line.raw is not None:
            wanted[line.row.identity] = line.raw
    channels = {raw.uniqueid for raw in wanted.values()}
    for raw in await records.cel_of_channels(session, channels):
        try:
            wanted.pop(parse_cel(raw).identity, None)
        except BadCelRow:
            continue  # not readable in the table: the ledger's line is the better one
    await records.add_cel(session, wanted.values())
    return len(wanted)
