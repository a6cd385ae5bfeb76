"""A call record as a table for people: one field a line."""

from datetime import datetime, timedelta

from cdr_ingest.interpret import CallRecord


def record_table(records: tuple[CallRecord, ...]) -> str:
    """Every figure of each record; times in seconds since its first, exact to the microsecond."""
    return "\n".join(_table(record) for record in records)


def _table(record: CallRecord) -> str:
    began = record.dialled_at
    rows = [
        ("attempt", "ours" if record.attempt_id else "none"),
        ("direction", record.direction.value),
        ("number", record.number),
        ("result", record.network_result.value),
        ("amd", record.amd_result.value if record.amd_result else "-"),
        ("answered", _since(record.answered_at, began)),
        ("connected", _since(record.connected_at, began)),
        ("ended", _since(record.ended_at, began)),
        ("wait", _seconds(record.wait)),
        ("talk", _seconds(record.talk)),
        ("hold", _seconds(record.hold)),
        ("agent", record.agent or "-"),
        ("abandoned", "yes" if record.is_abandoned else "no"),
        ("cause", "-" if record.hangup_cause is None else str(record.hangup_cause)),
        ("hung up by", record.hangup_by.value if record.hangup_by else "-"),
        ("cut", "yes" if record.cut_by_restart else "no"),
        ("trunk", record.trunk),
        ("caller id", record.caller_id or "-"),
    ]
    rows += [
        ("part", f"{p.agent}: came {_since(p.connected_at, began)}, talk {_seconds(p.talk)}, "
         f"ring {_seconds(p.ring)}")
        for p in record.agents
    ]  # fmt: skip
    rows += [("turn", f"{turn.kind.value} at {_since(turn.at, began)}") for turn in record.turns]
    return "".join(f"{name:<11}{value}\n" for name, value in rows)


def _since(at: datetime | None, began: datetime) -> str:
    return _seconds(None if at is None else at - began)


def _seconds(span: timedelta | None) -> str:
    return "-" if span is None else f"{span // timedelta(microseconds=1) / 1e6:.6f}"
