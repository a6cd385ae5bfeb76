"""CDR files: Asterisk's Master.csv, cdr-custom, and any CSV whose first line names the columns."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

from cdr_ingest.cdr_rows import BadCdr, Cdr, parse_cdr

_HEAD = ("src", "dst", "dcontext")
_TAIL = ("channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end", "duration",
         "billsec", "disposition", "amaflags")  # fmt: skip
MASTER = ("accountcode", *_HEAD, "clid", *_TAIL, "uniqueid", "userfield")
"""Written by cdr_csv; the last two only if its settings say so."""
CUSTOM = ("clid", *_HEAD, *_TAIL, "accountcode", "uniqueid", "userfield", "sequence")
"""Written by cdr_custom as its sample configuration has it; the last only since Asterisk 1.8."""
_LONGEST_LINE = 1 << 16
_NEEDED = {"duration", "billsec", "disposition"}


class CdrFileUnreadable(Exception):
    """The file cannot be read; the message names it and says why."""


@dataclass(frozen=True, slots=True)
class CdrLine:
    """One line: what it says or why that cannot be told, and the bytes read with it."""

    row: Cdr | BadCdr
    read_bytes: int


def read_cdr_file(path: Path, zone: ZoneInfo) -> Iterator[CdrLine]:
    """Yield every line; a last line without an end is being written and is left for later.

    Raises CdrFileUnreadable. Memory does not grow with the file or with a line.
    """
    try:
        with path.open("rb") as file:
            columns: Sequence[str] | None = None
            for number, line, size in _lines(file):
                origin = f"{path.name} line {number}"
                fields = None if line is None else _fields(line)
                if number == 1 and fields is not None and _is_header(fields):
                    columns = [field.strip().lower() for field in fields]
                    continue
                yield CdrLine(_row(origin, fields, columns, zone), size)
    except OSError as error:
        raise CdrFileUnreadable(f"{path}: {error.strerror or error}") from error


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None, int]]:
    """Yield (number, line, bytes); None for a line that is too long to be one."""
    number = 0
    readline = file.readline
    while line := readline(_LONGEST_LINE):
        number += 1
        size = len(line)
        if line.endswith(b"\n"):
            yield number, line.rstrip(b"\r\n"), size
            continue
        if size < _LONGEST_LINE:
            return  # its end is not written yet
        while rest := readline(_LONGEST_LINE):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        yield number, None, size


def _fields(line: bytes) -> list[str] | None:
    if b"\0" in line:
        return None
    try:
        return next(csv.reader([line.decode("utf-8", errors="replace")], strict=True), [])
    except csv.Error:
        return None


def _is_header(fields: Sequence[str]) -> bool:
    names = {field.strip().lower() for field in fields}
    return names >= _NEEDED and bool(names & {"start", "calldate"})


def _row(
    origin: str, fields: list[str] | None, columns: Sequence[str] | None, zone: ZoneInfo
) -> Cdr | BadCdr:
    if fields is None:
        return BadCdr(origin, "line", "is no line of CSV (binary, a torn quote or over 64 KiB)")
    names = columns or _layout(fields)
    if names is None or (columns and len(columns) != len(fields)):
        return BadCdr(origin, "line", f"{len(fields)} fields: no CDR that Asterisk writes")
    try:
        return parse_cdr(origin, dict(zip(names, fields, strict=False)), zone)
    except BadCdr as error:
        return error


def _layout(fields: Sequence[str]) -> tuple[str, ...] | None:
    """Tell the two kinds apart by where the start stands."""
    for names, least in ((CUSTOM, 17), (MASTER, 16)):
        start = names.index("start")
        if least <= len(fields) <= len(names) and fields[start][:4].isdigit():
            return names
    return None
