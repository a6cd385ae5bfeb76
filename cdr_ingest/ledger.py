"""Asterisk's CEL on disk (`cel_custom`): the ledger that holds every event, also without Postgres.

The file may end in the middle of a line (it is being written), be rotated (renamed, or copied and
emptied) and hold torn lines (the machine died). Which file a position belongs to is told by its
first line: an inode says nothing after copy-and-empty, a size nothing after it has grown again.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cdr_ingest.rows import BadCelRow, CelRow, parse_cel
from store.cel_rows import RawCel

FIELDS = 20
"""Of a record: the columns of `RawCel` in their order (asterisk-sample/etc/cel_custom.conf)."""
BATCH_BYTES = 4 << 20
"""Read at a time: about 10,000 events, so that memory stays flat on a ledger of any size."""
_LONGEST_RECORD = 1 << 16
_FIRST_LINE = 1 << 12


class LedgerUnreadable(Exception):
    """The ledger file cannot be read; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """Read up to here. offset: bytes. fingerprint: of the file's first line, empty: not begun."""

    offset: int = 0
    fingerprint: str = ""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One event: its text, what it means (or why that cannot be told), and the position after."""

    raw: RawCel | None
    row: CelRow | BadCelRow
    after: LedgerPosition


@dataclass(frozen=True, slots=True)
class LedgerBatch:
    """Lines in order. has_more: read again from the last line's position.

    is_tail_lost: the file was rotated and its old part is not beside it any more (or is
    compressed), so its last lines could not be read.
    """

    lines: tuple[LedgerLine, ...] = ()
    has_more: bool = False
    is_tail_lost: bool = False


def read_ledger(path: Path, position: LedgerPosition) -> LedgerBatch:
    """Read on from the position; a missing file is an empty one. Raises LedgerUnreadable."""
    try:
        return _read_on(path, position)
    except OSError as error:
        raise LedgerUnreadable(f"{path}: {error.strerror or error}") from error


def _read_on(path: Path, position: LedgerPosition) -> LedgerBatch:
    current = _fingerprint(path)
    if position.fingerprint in ("", current):
        return _read(path, current, _start(path, position))
    generations = _generations(path)
    names = [fingerprint for fingerprint, _ in generations]
    if position.fingerprint not in names:
        batch = _read(path, current, 0)
        return LedgerBatch(batch.lines, batch.has_more, is_tail_lost=bool(current))
    index = names.index(position.fingerprint)
    rest = _read(generations[index][1], position.fingerprint, position.offset)
    if rest.lines or index + 1 == len(generations):
        return LedgerBatch(rest.lines, has_more=bool(rest.lines))
    fingerprint, following = generations[index + 1]
    batch = _read(following, fingerprint, 0)
    return LedgerBatch(batch.lines, has_more=bool(batch.lines))


def read_whole(path: Path) -> Iterator[LedgerLine]:
    """Yield every line of one ledger file; raises LedgerUnreadable, also if there is none."""
    if not path.exists():
        raise LedgerUnreadable(f"{path}: no such file")
    position = LedgerPosition()
    while True:
        batch = read_ledger(path, position)
        yield from batch.lines
        if not batch.lines:
            return
        position = batch.lines[-1].after


def _start(path: Path, position: LedgerPosition) -> int:
    # Shorter than what was read, with the same first line: put back by hand. Reading twice is safe.
    is_shorter = position.fingerprint != "" and path.stat().st_size < position.offset
    return 0 if is_shorter or not position.fingerprint else position.offset


def _fingerprint(path: Path) -> str:
    try:
        with path.open("rb") as file:
            line = file.readline(_FIRST_LINE)
    except FileNotFoundError:
        return ""
    is_whole = line.endswith(b"\n") or len(line) == _FIRST_LINE
    return hashlib.blake2b(line, digest_size=12).hexdigest() if is_whole else ""


def _generations(path: Path) -> list[tuple[str, Path]]:
    """Return the ledger and what it was rotated to, oldest first, by the time in the first line."""
    found: list[tuple[tuple[int, str], str, Path]] = []
    for candidate in path.parent.glob(path.name + "*"):
        fingerprint = _fingerprint(candidate) if candidate.is_file() else ""
        if not fingerprint:
            continue
        first = next(iter(_read(candidate, fingerprint, 0, _LONGEST_RECORD).lines), None)
        if first is not None and isinstance(first.row, CelRow):
            key = (int(first.row.at.timestamp() * 1_000_000), candidate.name)
            found.append((key, fingerprint, candidate))
    # A file and its copy have one fingerprint: either will do, twice would never end.
    oldest_first = {fingerprint: candidate for _, fingerprint, candidate in sorted(found)}
    return list(oldest_first.items())


def _read(path: Path, fingerprint: str, offset: int, limit: int = BATCH_BYTES) -> LedgerBatch:
    if not fingerprint:
        return LedgerBatch()
    with path.open("rb") as file:
        file.seek(offset)
        data = file.read(limit)
        has_more = len(data) == limit
    lines = tuple(_lines(data, path.name, fingerprint, offset))
    if has_more and not lines:
        # No line ends within a whole batch: nothing that Asterisk wrote.
        after = LedgerPosition(offset + len(data), fingerprint)
        bad = BadCelRow(f"{path.name} byte {offset}", "line", f"no end within {limit} bytes")
        lines = (LedgerLine(None, bad, after),)
    return LedgerBatch(lines, has_more=has_more)


def _lines(data: bytes, name: str, fingerprint: str, offset: int) -> Iterator[LedgerLine]:
    for start, end, record in _records(data):
        origin = f"{name} byte {offset + start}"
        after = LedgerPosition(offset + end, fingerprint)
        fields = None if record is None else _fields(record)
        if fields is None:
            reason = f"not a record of {FIELDS} fields"
            yield LedgerLine(None, BadCelRow(origin, "line", reason), after)
            continue
        raw = RawCel(origin, *fields)
        row: CelRow | BadCelRow
        try:
            row = parse_cel(raw)
        except BadCelRow as error:
            row = error
        yield LedgerLine(raw, row, after)


def _records(data: bytes) -> Iterator[tuple[int, int, bytes | None]]:
    """Split into (start, end, record); None for bytes that are no record. Ends at a partial line.

    A quoted line break continues a record; but a record torn by a crash has an open quote too: a
    line that is whole by itself ends it.
    """
    begin = here = 0
    for line in data.split(b"\n")[:-1]:
        end = here + len(line) + 1
        is_open = data.count(b'"', begin, end) % 2 == 1
        if is_open and begin < here and _fields(line) is not None:
            yield begin, here, None
            yield here, end, line
            begin = end
        elif not is_open:
            yield begin, end, data[begin : end - 1]
            begin = end
        elif end - begin > _LONGEST_RECORD:
            yield begin, end, None
            begin = end
        here = end


def _fields(record: bytes) -> list[str] | None:
    if b"\0" in record:
        return None  # blocks that a crash left empty; Postgres could not hold them either
    text = record.decode("utf-8", errors="replace")
    try:
        fields = next(csv.reader([text], strict=True), None)
    except csv.Error:
        return None
    return fields if fields is not None and len(fields) == FIELDS else None
