"""Import of another installation's history: events and CDR in, as often as wanted."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from calls.effective_call import DEFAULT_RULE, EffectiveCallRule
from cdr_ingest.assessed import with_customer
from cdr_ingest.cdr_rows import Cdr, merged, record_of
from cdr_ingest.ledger_copy import copy_missing
from cdr_ingest.sources import Batch, CelReading, RecordSource, unread
from cdr_ingest.unreadable import UnreadRow
from store import months, records
from store.database import Database
from store.records import StoredCall
from store.unread_rows import keep_unread

MOST_KEPT = 100_000
"""Unread rows kept of one import: a file of something else must not fill the database."""


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do. kept: calls that have a record from events already.

    copied: events that the table `cel` lacked; records are made of them afterwards. too_old: events
    of months whose events were dropped. bad: the first of the rows that could not be read;
    bad_rows: how many there were.
    """

    rows: int = 0
    written: int = 0
    unchanged: int = 0
    kept: int = 0
    copied: int = 0
    too_old: int = 0
    bad_rows: int = 0
    bad: list[str] = field(default_factory=list)


async def take_in(
    database: Database,
    source: RecordSource,
    report: ImportReport,
    *,
    dry_run: bool,
    most_named: int,
    on_done: Callable[[int], None],
) -> None:
    """Take in every batch of the source in a transaction of its own; raises what it raises.

    What cannot be read is kept, also of a dry run, up to `MOST_KEPT` rows. Rules: each campaign's
    own where there is one of that name, else the standard one.
    """
    async for batch in source.batches():
        await take_batch(
            database, source.name, batch, report, dry_run=dry_run, most_named=most_named
        )
        on_done(batch.done)


async def take_batch(
    database: Database,
    source: str,
    batch: Batch,
    report: ImportReport,
    *,
    dry_run: bool = False,
    most_named: int = 0,
) -> None:
    """Take in one batch; raises StoreError, after which it can be taken again."""
    if cdrs := [row for row in batch.rows if isinstance(row, Cdr)]:
        await _take(database, cdrs, report, dry_run=dry_run)
    if events := [row for row in batch.rows if isinstance(row, CelReading)]:
        await _copy(database, source, events, report, dry_run=dry_run)
    bad = unread(batch.rows)
    await _keep(database, source, bad[: max(0, MOST_KEPT - report.bad_rows)])
    report.rows += len(batch.rows)
    report.bad_rows += len(bad)
    report.bad += map(str, bad[: max(0, most_named - len(report.bad))])


async def _keep(database: Database, source: str, rows: Iterable[UnreadRow]) -> None:
    await keep_unread(database, source, [(row.origin, row.field, row.reason) for row in rows])


async def _copy(
    database: Database,
    source: str,
    events: Sequence[CelReading],
    report: ImportReport,
    *,
    dry_run: bool,
) -> None:
    async with records.ingest_transaction(database) as session:
        kept = await months.read_kept_from(session)
        rows = {e.row.identity: e.raw for e in events if kept is None or e.row.at >= kept}
        report.too_old += sum(kept is not None and e.row.at < kept for e in events)
        report.copied += await copy_missing(session, rows, source, keep=not dry_run)


async def _take(
    database: Database, rows: Iterable[Cdr], report: ImportReport, *, dry_run: bool
) -> None:
    async with records.ingest_transaction(database) as session:
        book = await records.read_rule_book(session)
        made: dict[str, StoredCall] = {}
        for cdr in rows:
            version = book.by_campaign.get(cdr.account, "")
            record = record_of(cdr, book.rules.get(version, DEFAULT_RULE))
            before = made.get(record.call_id)
            made[record.call_id] = merged(before, record) if before else record
        known = await records.read_calls(session, made.keys())
        numbers = {record.number for call_id, record in made.items() if call_id not in known}
        customers = await records.known_customers(session, numbers - {""})
        gone: list[StoredCall] = []
        new: list[StoredCall] = []
        for call_id, record in made.items():
            old = known.get(call_id)
            if old is not None and old.source != "cdr":
                report.kept += 1
                continue
            new_one = with_customer(record, customers)
            wanted = merged(old, _same_rule(record, old, book.rules)) if old else new_one
            if wanted == old:
                report.unchanged += 1
                continue
            gone += [old] if old else []
            new.append(wanted)
        report.written += len(new)
        if not dry_run:
            await records.replace_calls(session, gone, new)


def _same_rule(
    record: StoredCall, old: StoredCall, rules: Mapping[str, EffectiveCallRule]
) -> StoredCall:
    """Judge by the rule that the call was judged by before: it keeps that."""
    rule = rules.get(old.rule_version, DEFAULT_RULE)
    return replace(
        record,
        valid=record.answered and record.talk >= rule.valid_from,
        effective=record.answered and record.talk >= rule.effective_from,
        rule_version=rule.version,
    )
