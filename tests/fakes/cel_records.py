"""The record that a pasted table of CEL rows makes."""

from datetime import timedelta

from calls.ids import AttemptId, CampaignName
from cdr_ingest.correlate import correlate
from cdr_ingest.interpret import AttemptFacts, CallRecord, interpret
from tests.fakes.cel_table import at, cel_rows


def record_of(
    table: str, *, cut_at: str | None = None, ring_seconds: int = 30, is_cancelled: bool = False
) -> CallRecord:
    """The one record of a pasted table, for an attempt that is known."""
    (group,) = correlate(cel_rows(table))
    attempt = AttemptId(group.rows[0].channel)
    facts = AttemptFacts(
        number="+8613900000000",
        campaign=CampaignName("autumn"),
        caller_id="+861062220001",
        ring_limit=timedelta(seconds=ring_seconds),
        is_cancelled=is_cancelled,
    )
    (record,) = interpret(group, {attempt: facts}, cut_at=at(cut_at) if cut_at else None)
    return record
