"""What one run of the ingester did, and what one of its transactions adds to that."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cdr_ingest.rows import BadCelRow
from cdr_ingest.write import WriteReport


@dataclass(slots=True)
class IngestReport:
    """What one run did. bad_rows: named by where they stand. failed: calls without a record.

    written, unchanged: records. waiting: calls that have not ended. cut: calls closed without an
    end. ledger_error: why the ledger could not be read, empty if it could.
    """

    rows: int = 0
    copied: int = 0
    written: int = 0
    unchanged: int = 0
    cut: int = 0
    waiting: int = 0
    bad_rows: list[BadCelRow] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    is_ledger_tail_lost: bool = False
    ledger_error: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call without a record. first_id: of its rows. last_at: its latest event.

    has_ended: it waits only for the ledger to be read as far.
    """

    first_id: int
    last_at: datetime
    has_ended: bool = False


@dataclass(frozen=True, slots=True)
class Taken:
    """What one transaction did; it counts once that is committed. bad: with their row ids."""

    waiting: dict[str, Waiting]
    written: WriteReport
    cut: int
    bad: Sequence[tuple[int, BadCelRow]]

    def add_to(self, report: IngestReport, new_ids: frozenset[int]) -> None:
        """Add to the run's report; of bad rows the new ones only."""
        report.written += self.written.written
        report.unchanged += self.written.unchanged
        report.failed += self.written.failed
        report.cut += self.cut
        report.bad_rows += [error for row_id, error in self.bad if row_id in new_ids]
