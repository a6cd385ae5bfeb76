"""Import of another installation's history: CDR in, records out, as often as wanted."""

from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from calls.effective_call import DEFAULT_RULE, EffectiveCallRule
from cdr_ingest.assessed import with_customer
from cdr_ingest.cdr_rows import BadCdr, Cdr, merged, record_of
from store import records
from store.database import Database
from store.records import StoredCall

BATCH_ROWS = 2000
"""Rows in one transaction."""


@dataclass(slots=True)
class ImportReport:
    """What an import did, or would do. kept: calls that have a record from events already.

    bad: the first of the rows that could not be read; bad_rows: how many there were.
    """

    rows: int = 0
    written: int = 0
    unchanged: int = 0
    kept: int = 0
    bad_rows: int = 0
    bad: list[str] = field(default_factory=list)


async def import_cdr(
    database: Database,
    batches: AsyncIterator[list[Cdr | BadCdr]],
    *,
    dry_run: bool,
    most_named: int,
    on_rows: Callable[[int], None],
) -> ImportReport:
    """Take in every batch in a transaction of its own; raises StoreError.

    Rules: each campaign's own where there is one of that name, else the standard one.
    """
    report = ImportReport()
    async for batch in batches:
        rows = [row for row in batch if isinstance(row, Cdr)]
        bad = [str(row) for row in batch if isinstance(row, BadCdr)]
        report.rows += len(batch)
        report.bad_rows += len(bad)
        report.bad += bad[: most_named - len(report.bad)]
        if rows:
            await _take(database, rows, report, dry_run=dry_run)
        on_rows(len(batch))
    return report


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
