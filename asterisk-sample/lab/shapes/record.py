"""Play shapes and keep what Asterisk said: the AMI trace, the ledger's rows, the table's rows."""

from __future__ import annotations

import csv
import gzip
import io
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lab.instance import InstanceError
from lab.shapes.catalogue import Shape
from lab.shapes.overlay import ShapesLab
from lab.shapes.stage import Stage

# The ledger's columns (asterisk-sample/etc/cel_custom.conf), by which the table is read, too.
COLUMNS: Final = (
    *("eventtype", "eventtime", "cid_name", "cid_num", "cid_ani", "cid_rdnis", "cid_dnid"),
    *("exten", "context", "channame", "appname", "appdata", "amaflags", "accountcode"),
    *("uniqueid", "linkedid", "peer", "userfield", "userdeftype", "extra"),
)
_WRITE_SECONDS: Final = 10.0
Row = tuple[str, ...]
TableRows = Callable[[], list[Row]]
"""Every row of the table `cel`, in the ledger's columns, in order."""


@dataclass(frozen=True, slots=True)
class Take:
    """One play, recorded."""

    trace: tuple[str, ...]
    ledger: tuple[Row, ...]
    table: tuple[Row, ...]


def play(lab: ShapesLab, shape: Shape, table: TableRows) -> Take:
    """Play one shape on a floor that is empty before and after."""
    ledger_before, table_before = len(_ledger(lab)), len(table())
    stage = Stage(lab)
    try:
        shape.play(stage)
        stage.until_empty()
        stage.sign_out_everybody()
    finally:
        _clear(stage)
        stage.close()
    written = _wait_for_rows(lab, ledger_before)
    return Take(tuple(stage.tap.lines), written, _same_rows(table, table_before, written))


def save(take: Take, folder: Path, version: str) -> None:
    """Write `VERSION.ami.jsonl.gz`, `VERSION.cel.csv` and `VERSION.cel_table.csv`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{line}\n" for line in take.trace)
    # No time and no name inside: the same trace is the same file.
    packed = gzip.compress(text.encode(), mtime=0)
    (folder / f"{version}.ami.jsonl.gz").write_bytes(packed)
    (folder / f"{version}.cel.csv").write_text(_csv(take.ledger), encoding="utf-8")
    (folder / f"{version}.cel_table.csv").write_text(_csv(take.table), encoding="utf-8")


def _clear(stage: Stage) -> None:
    """End what a play that failed left behind."""
    if stage.lab.pbx.pid is None:
        stage.lab.pbx.start()
        stage.reconnect()
    for item in stage.listing("QueueStatus"):
        if item.get("Event") == "QueueMember":
            stage.actor.action("QueueRemove", None, Queue=item["Queue"], Interface=item["Location"])
    for item in stage.listing("CoreShowChannels"):
        stage.actor.action("Hangup", None, Channel=item["Channel"], Cause="16")
    for session in (stage.phones, stage.carrier):
        for item in session.listing("CoreShowChannels"):
            session.action("Hangup", None, Channel=item["Channel"], Cause="16")


def _ledger(lab: ShapesLab) -> list[Row]:
    if not lab.pbx.cel_ledger.exists():
        return []
    with lab.pbx.cel_ledger.open(encoding="utf-8", newline="") as lines:
        return [tuple(row) for row in csv.reader(lines)]


def _wait_for_rows(lab: ShapesLab, before: int) -> tuple[Row, ...]:
    """The play's rows, when no more come."""
    rows = _ledger(lab)
    deadline = time.monotonic() + _WRITE_SECONDS
    while time.monotonic() < deadline:
        time.sleep(0.3)
        again = _ledger(lab)
        if len(again) == len(rows) > before:
            return tuple(rows[before:])
        rows = again
    raise InstanceError("Asterisk wrote no end of its call events")


def _same_rows(table: TableRows, before: int, ledger: Iterable[Row]) -> tuple[Row, ...]:
    """The table's rows, when they are as many as the ledger's."""
    wanted = len(tuple(ledger))
    deadline = time.monotonic() + _WRITE_SECONDS
    while len(rows := table()[before:]) < wanted and time.monotonic() < deadline:
        time.sleep(0.2)
    if len(rows) != wanted:
        raise InstanceError(f"the table has {len(rows)} rows, the ledger {wanted}")
    return tuple(rows)


def _csv(rows: Iterable[Row]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    return text.getvalue()
