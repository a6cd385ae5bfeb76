"""The rows of a CSV call list. A bad row is named and left out; it never spoils the next one."""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import BinaryIO, NamedTuple

from crm.csv_lines import Line, ListFileError, detect_encoding, read_lines, refuse_foreign

COLUMNS = (
    "external_id", "company", "contact", "phone", "phone2", "phone3", "phone4", "phone5",
    "industry", "chain_role", "province", "city", "need", "supply", "owner", "priority",
    "not_before", "not_after", "consent_ref", "remark",
)  # fmt: skip
REPORT_COLUMNS = ("line", "field", "reason")
"""What a file of rejected rows has besides; passed over, so that it can be mended and imported."""
_KNOWN = frozenset(COLUMNS + REPORT_COLUMNS)
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
MOST_LINES_OF_A_ROW = 100
"""A quoted field may hold line breaks; one that never closes is given up after so many lines."""
_MOST_CHARACTERS_OF_A_ROW = 512 * 1024
_WORST_COLUMNS_SHOWN = 5


@dataclass(frozen=True, slots=True)
class RowProblem:
    """Why a row was left out. line: where it starts in the file. field: empty: the whole row."""

    line: int
    field: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.field + ' ' if self.field else ''}{self.reason}"


class RawRow(NamedTuple):
    """One row's texts in the order of the file's columns."""

    line: int
    texts: list[str]


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that is no row. texts: what could be read of it."""

    problem: RowProblem
    texts: list[str]


@dataclass(frozen=True, slots=True)
class ListFormat:
    """How a file is written."""

    encoding: str
    delimiter: str
    columns: tuple[str, ...]


class _RowTooLong(Exception):
    """The row's open quote has swallowed too much."""


@dataclass(slots=True)
class _Feed:
    """Hands decoded lines to the csv module and remembers those of the current row."""

    lines: Iterator[Line]
    encoding: str
    taken: list[Line] = field(default_factory=list)
    waiting: deque[Line] = field(default_factory=deque)
    characters: int = 0

    def __iter__(self) -> "_Feed":
        return self

    def __next__(self) -> str:
        line = self.waiting.popleft() if self.waiting else next(self.lines)
        self.taken.append(line)
        if line.is_cut:
            raise _RowTooLong
        text = line.data.decode(self.encoding)
        self.characters += len(text)
        if len(self.taken) > MOST_LINES_OF_A_ROW or self.characters > _MOST_CHARACTERS_OF_A_ROW:
            raise _RowTooLong
        return text + "\n"

    def start_row(self) -> None:
        """Forget the lines of the row before."""
        self.taken.clear()
        self.characters = 0

    def give_back(self) -> None:
        """Read all lines of this row but its first again, as rows of their own."""
        self.waiting.extendleft(reversed(self.taken[1:]))
        del self.taken[1:]


def open_list(path: Path, encoding: str | None = None, delimiter: str | None = None) -> ListFormat:
    """Read how the file is written; raises ListFileError if it cannot be a call list."""
    with path.open("rb") as file:
        refuse_foreign(file.read(1024))
    chosen = encoding or detect_encoding(path)
    with path.open("rb") as file:
        header = next((line for line in read_lines(file) if line.data.strip()), None)
    if header is None:
        raise ListFileError("the file is empty")
    try:
        text = header.data.decode(chosen)
    except (UnicodeDecodeError, LookupError) as error:
        raise ListFileError(f"the header cannot be read as {chosen}: {error}") from None
    if header.is_cut:
        raise ListFileError("the header is longer than any list of columns")
    separator = delimiter or _guess_delimiter(text)
    return ListFormat(chosen, separator, _check_columns(_split_header(text, separator)))


def _split_header(text: str, delimiter: str) -> list[str]:
    try:
        row = next(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise ListFileError(f"the header is no CSV: {error}") from None
    return [name.strip().lower() for name in row]


def _guess_delimiter(text: str) -> str:
    def known(delimiter: str) -> int:
        names = text.lower().replace('"', "").split(delimiter)
        return len(_KNOWN.intersection(name.strip() for name in names))

    return max(DELIMITERS, key=lambda delimiter: (known(delimiter), text.count(delimiter)))


def _check_columns(names: Sequence[str]) -> tuple[str, ...]:
    problems = [_unknown_column(names.index(n), n) for n in names if n not in _KNOWN]
    if problems:
        more = len(problems) - _WORST_COLUMNS_SHOWN
        shown = "; ".join(problems[:_WORST_COLUMNS_SHOWN])
        raise ListFileError(shown + (f"; and {more} more" if more > 0 else ""))
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ListFileError(f"column {', '.join(twice)} is there twice")
    if "phone" not in names:
        raise ListFileError("the column phone is missing")
    return tuple(names)


def _unknown_column(position: int, name: str) -> str:
    if not name:
        return f"column {position + 1} has no name"
    near = get_close_matches(name, COLUMNS, n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(COLUMNS)}"
    return f"unknown column {name[:60]!r}: {hint}"


def read_rows(file: BinaryIO, form: ListFormat) -> Iterator[RawRow | BadRow]:
    """Yield every row after the header; blank ones are left out."""
    lines = read_lines(file)
    for header in lines:
        if header.data.strip():
            break
    feed = _Feed(lines, form.encoding)
    while True:
        feed.start_row()
        try:
            row = _read_row(feed, form)
        except StopIteration:
            return
        if isinstance(row, BadRow) or any(map(str.strip, row.texts)):
            yield row


def _read_row(feed: _Feed, form: ListFormat) -> RawRow | BadRow:
    reader = csv.reader(feed, delimiter=form.delimiter, strict=True)
    try:
        texts = next(reader)
    except _RowTooLong:
        return _bad(feed, _why_too_long(feed))
    except UnicodeDecodeError as error:
        return _bad(feed, f"is no {form.encoding.upper()} at byte {error.start + 1}")
    except csv.Error as error:
        return _bad(feed, _csv_reason(error))
    wanted = len(form.columns)
    if texts and len(texts) != wanted:
        if len(feed.taken) > 1:
            return _bad(feed, "has a quote that is not closed")
        return _bad(feed, f"has {len(texts)} fields, {wanted} are wanted")
    return RawRow(feed.taken[0].number, texts)


def _why_too_long(feed: _Feed) -> str:
    if feed.taken[0].is_cut:
        return "is longer than a row may be"
    return "has a quote that is not closed"


def _csv_reason(error: csv.Error) -> str:
    words = str(error)
    if "end of data" in words:
        return "has a quote that is not closed"
    if "expected after" in words:
        return "has text after a closing quote (write a quote inside a field twice)"
    if "larger than field limit" in words:
        return f"has a field longer than {csv.field_size_limit():,} characters"
    return f"is no CSV: {words}"


def _bad(feed: _Feed, reason: str) -> BadRow:
    feed.give_back()
    first = feed.taken[0]
    text = first.data[:2000].decode(feed.encoding, "replace")
    return BadRow(RowProblem(first.number, "", reason), [text])


def chunks(
    rows: Iterator[RawRow | BadRow], size: int
) -> Iterator[tuple[list[RawRow], list[BadRow]]]:
    """Yield the rows in portions of that size, good and bad ones apart."""
    for first in rows:
        good: list[RawRow] = []
        bad: list[BadRow] = []
        for _, row in zip(range(size), chain([first], rows), strict=False):
            if isinstance(row, RawRow):
                good.append(row)
            else:
                bad.append(row)
        yield good, bad
