"""The bytes of a list file: bounded lines, and the encoding that they are in."""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from charset_normalizer import from_bytes

LONGEST_LINE_BYTES = 256 * 1024
"""A longer line is no row of a call list; it is named and skipped without being held."""
_SAMPLE_BYTES = 64 * 1024
_BAD_SHARE = 0.1
_BOM = b"\xef\xbb\xbf"
_FOREIGN_STARTS = (
    (b"PK\x03\x04", "is an Excel workbook (or a zip file); save it as CSV UTF-8"),
    (b"\xd0\xcf\x11\xe0", "is an old Excel workbook; save it as CSV UTF-8"),
    (b"\x1f\x8b", "is compressed (gzip); unpack it first"),
    (b"%PDF", "is a PDF, not CSV"),
    (b"\xff\xfe", "is in UTF-16; save it as CSV UTF-8"),
    (b"\xfe\xff", "is in UTF-16; save it as CSV UTF-8"),
)


class ListFileError(ValueError):
    """The file as a whole cannot be imported; nothing of it was."""


class Line(NamedTuple):
    """One line of the file without its end. number: from 1. is_cut: it was too long to keep."""

    number: int
    data: bytes
    is_cut: bool = False


def read_lines(file: BinaryIO) -> Iterator[Line]:
    """Yield the file's lines (ended by LF, CR LF or CR alone); never holds a longer one than
    `LONGEST_LINE_BYTES`.
    """
    number = 0
    while piece := file.readline(LONGEST_LINE_BYTES):
        is_cut = not piece.endswith(b"\n") and len(piece) >= LONGEST_LINE_BYTES
        if is_cut:
            _skip_line(file)
        body = piece.removesuffix(b"\n").removesuffix(b"\r")
        for part in body.split(b"\r") if b"\r" in body and not is_cut else (body,):
            number += 1
            yield Line(number, part.removeprefix(_BOM) if number == 1 else part, is_cut)


def _skip_line(file: BinaryIO) -> None:
    while piece := file.readline(LONGEST_LINE_BYTES):
        if piece.endswith(b"\n"):
            return


def detect_encoding(path: Path) -> str:
    """Return the encoding in which the fewest lines are wrong: UTF-8 or GB18030.

    Raises ListFileError when the file is something else, empty, or wrong in every tenth line.
    """
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
        refuse_foreign(start)
        if start.startswith(_BOM):
            return "utf-8"
        file.seek(0)
        beyond_ascii, bad = _count_bad_lines(file)
    best = min(bad, key=lambda name: bad[name])
    if bad[best] > 2 and bad[best] > beyond_ascii * _BAD_SHARE:
        guess = from_bytes(start).best()
        hint = f"; it may be {guess.encoding}" if guess is not None else ""
        raise ListFileError(f"the file is neither UTF-8 nor GB18030{hint}: use --encoding")
    return best


def refuse_foreign(start: bytes) -> None:
    """Raise ListFileError if the first bytes are those of something that is no CSV."""
    if not start.strip():
        raise ListFileError("the file is empty")
    for magic, words in _FOREIGN_STARTS:
        if start.startswith(magic):
            raise ListFileError(f"the file {words}")


def _count_bad_lines(file: BinaryIO) -> tuple[int, dict[str, int]]:
    """Return how many lines are beyond ASCII, and how many of those each encoding cannot read."""
    beyond_ascii = 0
    bad = {"utf-8": 0, "gb18030": 0}
    for line in read_lines(file):
        if line.data.isascii() or line.is_cut:
            continue
        beyond_ascii += 1
        for encoding in bad:
            if not _is_readable(line.data, encoding):
                bad[encoding] += 1
    return beyond_ascii, bad


def _is_readable(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
