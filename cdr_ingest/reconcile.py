"""The shell of `callfloor reconcile`: read all sources, make the records afresh, compare."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from calls.ids import AttemptId
from cdr_ingest.assessed import facts_of, stored_call
from cdr_ingest.compare import Reconciliation, compare, kinds_of
from cdr_ingest.correlate import CallGroup, correlate
from cdr_ingest.ingest import Ingester
from cdr_ingest.interpret import interpret
from cdr_ingest.ledger import read_whole
from cdr_ingest.ledger_copy import copy_whole_ledger
from cdr_ingest.legs import is_preset
from cdr_ingest.rows import BadCelRow, CelEvent, CelRow
from store import records
from store.database import Database, Session
from store.reconciliations import FoundDifferences, Occasion
from store.records import StoredCall
from store.sums import DifferingSum, differing_sums, read_sum_zone, rebuild_sums

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the ledger says. starts_at: its first event; earlier calls are in an older file."""

    groups: tuple[CallGroup, ...] = ()
    starts_at: datetime = _BEGINNING
    bad_lines: tuple[str, ...] = ()


async def reconcile(database: Database, ledger: Path | None) -> Reconciliation:
    """Compare the live floor, the records and the ledger, from the ledger's first event on.

    Raises LedgerUnreadable and StoreError.
    """
    evidence = await asyncio.to_thread(_read, ledger) if ledger else _Evidence()
    stored = await _stored_since(database, evidence)
    attempts = [call.attempt_id for call in stored.values() if call.attempt_id]
    afresh = await _records_afresh(database, evidence, stored)
    days = [call.dialled_at.date() for call in stored.values()]
    return compare(
        floor=await records.floor_attempts(database, evidence.starts_at, attempts),
        records=stored,
        ledger=afresh if ledger else None,
        known_attempts=await records.known_attempts(database, attempts),
        originations=_originations(evidence.groups),
        still_open=sum(not g.is_complete and not g.ids & stored.keys() for g in evidence.groups),
        bad_ledger_lines=evidence.bad_lines,
        sum_differences=await _sum_differences(database, days),
    )


async def _sum_differences(database: Database, days: Sequence[date]) -> list[DifferingSum]:
    """Compare whole days, wherever in the world they begin."""
    if not days:
        return []
    return await differing_sums(database, min(days) - _DAY, max(days) + _DAY)


@dataclass(frozen=True, slots=True)
class Repair:
    """What a repair did: rows copied, records made anew, and whether the sums were."""

    copied: int
    written: int
    has_rebuilt_sums: bool


async def repair(
    database: Database, ledger: Path, ingester: Ingester, found: Reconciliation, now: datetime
) -> Repair:
    """Bring table, records and sums to what the ledger says; closed days stay as they are.

    Raises LedgerUnreadable and StoreError.
    """
    copied = await copy_whole_ledger(database, ledger)
    report = await ingester.record_calls({one.call_id for one in found.differences}, now)
    async with records.ingest_transaction(database) as session:
        zone = await read_sum_zone(session)
        days = {one.day for one in found.sum_differences} | await _days_of(session, found, zone)
        differ = days and await differing_sums(session, min(days), max(days))
        if differ:
            await rebuild_sums(session, zone)
    return Repair(copied, report.written, bool(differ))


async def _days_of(session: Session, found: Reconciliation, zone: str) -> set[date]:
    calls = await records.read_calls(session, [one.call_id for one in found.differences])
    return {call.dialled_at.astimezone(ZoneInfo(zone)).date() for call in calls.values()}


def found_differences(
    found: Reconciliation, made_at: datetime, occasion: Occasion, *, repaired: int, left_over: int
) -> FoundDifferences:
    """Return what is kept of a comparison, whatever was repaired after it."""
    return FoundDifferences(
        made_at=made_at,
        occasion=occasion,
        calls=found.records.calls,
        unreconciled=found.unreconciled,
        differing_sums=len(found.sum_differences),
        repaired=repaired,
        left_over=left_over,
        kinds=kinds_of(found),
    )


def _read(ledger: Path) -> _Evidence:
    rows: list[CelRow] = []
    bad: list[str] = []
    for line in read_whole(ledger):
        if isinstance(line.row, BadCelRow):
            bad.append(str(line.row))
        else:
            rows.append(line.row)
    first = min((row.at for row in rows), default=_BEGINNING)
    return _Evidence(tuple(correlate(rows)), first, tuple(bad))


async def _stored_since(database: Database, evidence: _Evidence) -> dict[str, StoredCall]:
    ids = await records.call_ids_since(database, evidence.starts_at)
    return await records.read_calls(database, ids)


async def _records_afresh(
    database: Database, evidence: _Evidence, stored: Mapping[str, StoredCall]
) -> dict[str, StoredCall]:
    """Make the records from the ledger alone; of the stored ones only rule and cut are taken."""
    ids = {member for group in evidence.groups for member in group.ids}
    attempts = await records.attempt_facts(database, [AttemptId(i) for i in ids if is_preset(i)])
    by_id = {attempt.attempt: attempt for attempt in attempts}
    facts = {attempt.attempt: facts_of(attempt) for attempt in attempts}
    book = await records.read_rule_book(database)
    older = await records.read_calls(database, ids - stored.keys())
    afresh: dict[str, StoredCall] = {}
    for group in evidence.groups:
        known = [stored[i] for i in group.ids if i in stored]
        cut_at = min((call.ended_at for call in known if call.cut_by_restart), default=None)
        if group.ids & older.keys() or not (group.is_complete or known):
            continue  # it began in an older file, or it has not ended
        cut_at = None if group.is_complete else cut_at
        for record in interpret(group, facts, cut_at=cut_at):
            known_call = stored.get(record.call_id)
            attempt = by_id.get(record.attempt_id) if record.attempt_id else None
            afresh[record.call_id] = stored_call(record, known_call, book, attempt)
    return afresh


def _originations(groups: Iterable[CallGroup]) -> Mapping[str, int]:
    """Count how often each attempt's own channel began: more than once is a double dial."""
    return Counter(
        row.channel
        for group in groups
        for row in group.rows
        if row.event is CelEvent.CHAN_START and is_preset(row.channel)
    )
