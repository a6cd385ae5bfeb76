"""Interpret whole calls and replace their records, inside a transaction that others open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from calls.ids import AttemptId
from cdr_ingest.assessed import facts_of, stored_call, with_customer
from cdr_ingest.correlate import CallGroup
from cdr_ingest.interpret import AttemptFacts, interpret
from cdr_ingest.legs import is_preset
from config.failpoints import reach
from store import records
from store.database import Session
from store.records import RuleBook, StoredAttempt, StoredCall

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class FinishedCall:
    """A group that can be recorded. cut_at: set if Asterisk never wrote its end."""

    group: CallGroup
    cut_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class WriteReport:
    """written: records that are new or other than before. failed: calls that made no record."""

    written: int = 0
    unchanged: int = 0
    failed: tuple[str, ...] = ()


async def write_calls(session: Session, calls: Sequence[FinishedCall]) -> WriteReport:
    """Replace the records of these calls; a record that would not change is not touched."""
    if not calls:
        return WriteReport()
    ids_of = [call.group.ids for call in calls]
    ids = frozenset[str]().union(*ids_of)
    attempts = await records.attempt_facts(session, [AttemptId(i) for i in ids if is_preset(i)])
    by_id = {attempt.attempt: attempt for attempt in attempts}
    facts = {attempt.attempt: facts_of(attempt) for attempt in attempts}
    book = await records.read_rule_book(session)
    known = await records.read_calls(session, ids, _span_of(calls))
    gone: list[StoredCall] = []
    new: list[StoredCall] = []
    failed: list[str] = []
    unchanged = 0
    for call, own in zip(calls, ids_of, strict=True):
        old = {i: known[i] for i in own & known.keys()} if known else {}
        try:
            found = _stored(call, old, facts, by_id, book)
        except Exception as error:
            # Whatever is wrong with one call must not keep all later ones from being recorded.
            _log.exception("call_not_recorded", call_id=call.group.rows[0].linkedid)
            failed.append(f"call {call.group.rows[0].linkedid}: {error}")
            continue
        if found == old:
            unchanged += len(old)
        else:
            gone += old.values()
            new += found.values()
    new = await _with_customers(session, new, known)
    reach("record.replacing")
    await records.replace_calls(session, gone, new)
    reach("record.replaced")
    return WriteReport(len(new), unchanged, tuple(failed))


async def _with_customers(
    session: Session, calls: list[StoredCall], known: Mapping[str, StoredCall]
) -> list[StoredCall]:
    """Give calls that no attempt tells of, when first recorded, the region of their number."""
    numbers = {c.number for c in calls if not c.attempt_id and c.call_id not in known}
    customers = await records.known_customers(session, numbers - {""})
    if not customers:
        return calls
    return [call if call.call_id in known else with_customer(call, customers) for call in calls]


def _stored(
    call: FinishedCall,
    old: Mapping[str, StoredCall],
    facts: Mapping[AttemptId, AttemptFacts],
    attempts: Mapping[AttemptId, StoredAttempt],
    book: RuleBook,
) -> dict[str, StoredCall]:
    cut_at = call.cut_at and _cut_before(old.values(), call.cut_at)
    before = next(iter(old.values()), None)
    return {
        record.call_id: stored_call(
            record,
            old.get(record.call_id, before),
            book,
            attempts.get(record.attempt_id) if record.attempt_id else None,
        )
        for record in interpret(call.group, facts, cut_at=cut_at)
    }


def _cut_before(old: Iterable[StoredCall], cut_at: datetime) -> datetime:
    """Return when the call was found to be cut the first time: that does not move later."""
    return min((record.ended_at for record in old if record.cut_by_restart), default=cut_at)


def _span_of(calls: Iterable[FinishedCall]) -> tuple[datetime, datetime]:
    """Return between which moments older records of these calls were dialled: at one of their rows.

    So only those months are looked at. Rows do not vanish, but with a whole month of closed calls.
    """
    groups = [call.group.rows for call in calls]
    return min(rows[0].at for rows in groups), max(rows[-1].at for rows in groups)
