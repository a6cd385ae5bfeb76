"""Do the live floor, the records and Asterisk's own ledger agree? Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

from calls.outcomes import OUTCOMES, NetworkResult
from config.timeouts import RECONCILE_TALK_SECONDS
from store.records import FloorAttempt, StoredCall
from store.sums import DifferingSum

FLOOR_TOLERANCE = timedelta(seconds=RECONCILE_TALK_SECONDS)
_NOT_COMPARED = frozenset({"recording", "rule_version"})
_EXACT = tuple(f.name for f in fields(StoredCall) if f.name not in _NOT_COMPARED)


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure of one call on which the sources disagree; empty: the source says nothing."""

    call_id: str
    field: str
    floor: str = ""
    record: str = ""
    ledger: str = ""


@dataclass(frozen=True, slots=True)
class Sums:
    """Of one source."""

    calls: int = 0
    answered: int = 0
    talk: timedelta = timedelta(0)

    def add(self, answered: bool, talk: timedelta) -> "Sums":
        """Return the sums with one more call."""
        return Sums(self.calls + 1, self.answered + answered, self.talk + talk)


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """The outcome. floor and records_seen_live: of the same calls; records and ledger: of all.

    not_seen_live: calls of which the floor has no figures of its own (the link was lost, or they
    are inbound): no difference. still_open: in the ledger without an end. has_ledger: whether
    there was one to compare with. sum_differences: of the sums that reports read.
    """

    floor: Sums
    records_seen_live: Sums
    records: Sums
    ledger: Sums
    has_ledger: bool
    not_seen_live: int
    still_open: int
    bad_ledger_lines: tuple[str, ...]
    differences: tuple[Difference, ...]
    sum_differences: tuple[DifferingSum, ...] = ()

    @property
    def unreconciled(self) -> int:
        """How many calls differ."""
        return len({difference.call_id for difference in self.differences})

    @property
    def has_differences(self) -> bool:
        """Whether any call differs, or a sum is not what the records add up to."""
        return bool(self.differences or self.sum_differences)


def kinds_of(found: Reconciliation) -> dict[str, int]:
    """Count the calls that differ in each figure, by the source that the record differs from.

    `record missing` has no record at all; `sum by agent` counts days.
    """
    calls = {(_kind(difference), difference.call_id) for difference in found.differences}
    counts = Counter(kind for kind, _ in calls)
    counts.update(f"sum by {one.dimension}" for one in found.sum_differences)
    return dict(sorted(counts.items()))


def _kind(difference: Difference) -> str:
    if difference.record == "missing":
        return "record missing"
    return f"{'ledger' if difference.ledger else 'floor'} {difference.field}"


def compare(
    *,
    floor: Iterable[FloorAttempt],
    records: Mapping[str, StoredCall],
    ledger: Mapping[str, StoredCall] | None,
    known_attempts: frozenset[str],
    originations: Mapping[str, int],
    still_open: int = 0,
    bad_ledger_lines: tuple[str, ...] = (),
    sum_differences: Iterable[DifferingSum] = (),
) -> Reconciliation:
    """Compare call by call and in sum.

    ledger: the records made afresh from it, None if there is none. originations: how often the
    ledger shows each attempt's own channel to begin.
    """
    attempts = list(floor)
    seen = {str(attempt.attempt): attempt for attempt in attempts if attempt.was_seen_live}
    differences = [
        *_attempts_without_record(attempts, records),
        *_records_without_attempt(records.values(), known_attempts),
        *_doubles(originations),
    ]
    live, of_live, total, afresh = Sums(), Sums(), Sums(), Sums()
    for call_id, record in records.items():
        total = total.add(record.answered, record.talk)
        if (attempt := seen.get(record.attempt_id or "")) is not None:
            live = live.add(attempt.answered, attempt.talk)
            of_live = of_live.add(record.answered, record.talk)
            differences += _floor_differences(attempt, record)
        if ledger is not None:
            differences += _ledger_differences(call_id, record, ledger.get(call_id))
    for call_id, fresh in (ledger or {}).items():
        afresh = afresh.add(fresh.answered, fresh.talk)
        if call_id not in records:
            differences.append(Difference(call_id, "record", record="missing", ledger="there"))
    return Reconciliation(
        floor=live,
        records_seen_live=of_live,
        records=total,
        ledger=afresh,
        has_ledger=ledger is not None,
        not_seen_live=total.calls - live.calls,
        still_open=still_open,
        bad_ledger_lines=bad_ledger_lines,
        differences=tuple(differences),
        sum_differences=tuple(sum_differences),
    )


def _attempts_without_record(
    attempts: Iterable[FloorAttempt], records: Mapping[str, StoredCall]
) -> Iterator[Difference]:
    recorded = {record.attempt_id for record in records.values()}
    for attempt in attempts:
        if attempt.attempt not in recorded and _was_taken(attempt):
            result = attempt.network_result or ""
            yield Difference(attempt.attempt, "record", floor=result, record="missing")


def _was_taken(attempt: FloorAttempt) -> bool:
    """Whether Asterisk must have had a channel for it: our own failures may come before one."""
    if not attempt.was_sent or not attempt.network_result:
        return False
    return attempt.answered or OUTCOMES[NetworkResult(attempt.network_result)].is_attempt


def _records_without_attempt(
    records: Iterable[StoredCall], known_attempts: frozenset[str]
) -> Iterator[Difference]:
    for record in records:
        if record.attempt_id is not None and record.attempt_id not in known_attempts:
            yield Difference(record.call_id, "attempt", floor="missing", record="there")


def _doubles(originations: Mapping[str, int]) -> Iterator[Difference]:
    for call_id, times in originations.items():
        if times > 1:
            yield Difference(call_id, "dialled", record="once", ledger=f"{times} times")


def _floor_differences(attempt: FloorAttempt, record: StoredCall) -> Iterator[Difference]:
    def differ(field: str, floor: object, stored: object) -> Difference:
        return Difference(record.call_id, field, floor=str(floor), record=str(stored))

    if attempt.network_result != record.network_result:
        yield differ("network_result", attempt.network_result, record.network_result)
    if attempt.answered != record.answered:
        yield differ("answered", attempt.answered, record.answered)
    if abs(attempt.talk - record.talk) > FLOOR_TOLERANCE:
        yield differ("talk", attempt.talk, record.talk)


def _ledger_differences(
    call_id: str, record: StoredCall, fresh: StoredCall | None
) -> Iterator[Difference]:
    if fresh is None:
        yield Difference(call_id, "record", record="there", ledger="missing")
        return
    for field in _EXACT:
        stored, told = getattr(record, field), getattr(fresh, field)
        if stored != told:
            yield Difference(call_id, field, record=str(stored), ledger=str(told))
