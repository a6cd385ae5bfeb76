"""CSV that leaves the house: no cell of it may run as a formula in somebody's spreadsheet."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import TextIO

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"^[+-]?[0-9]+(\.[0-9]+)?$")
_BOM = "\ufeff"


def safe_cell(value: object) -> str:
    """Return the text of a cell, with a leading quote if a spreadsheet would calculate it."""
    text = "" if value is None else str(value)
    if text.startswith(_DANGEROUS) and not _NUMBER.match(text):
        return "'" + text
    return text


class SafeCsvWriter:
    """Writes rows with every cell made safe. The file starts with a BOM, so that Excel reads it."""

    def __init__(self, file: TextIO, columns: Sequence[str], *, bom: bool = True) -> None:
        if bom:
            file.write(_BOM)
        self._writer = csv.writer(file, lineterminator="\n")
        self._writer.writerow(columns)

    def write(self, row: Iterable[object]) -> None:
        """Write one row."""
        self._writer.writerow([safe_cell(value) for value in row])
