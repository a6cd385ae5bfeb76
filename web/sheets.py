"""Tables for spreadsheets: CSV and XLSX in which no cell can be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import IO

import xlsxwriter

from reports.tables import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the table as CSV; the mark makes Excel read UTF-8, else Chinese is garbled."""
    return b"\xef\xbb\xbf" + csv_lines([head]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[object]]) -> bytes:
    """Return rows as CSV without a head, to go on with."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return out.getvalue().encode()


class Workbook:
    """A workbook that is written row by row; texts stay texts, whatever they begin with."""

    def __init__(self, file: IO[bytes], head: Sequence[str]) -> None:
        """Begin a sheet with its head; file: where the workbook goes when it is closed."""
        options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
        self._book = xlsxwriter.Workbook(file, options)
        self._sheet = self._book.add_worksheet("calls")
        self._row = 0
        bold = self._book.add_format({"bold": True})
        self._sheet.freeze_panes(1, 0)
        for column, name in enumerate(head):
            self._sheet.write_string(0, column, name, bold)

    def add(self, rows: Iterable[Sequence[object]]) -> None:
        """Write further rows."""
        for row in rows:
            self._row += 1
            for column, cell in enumerate(row):
                _write(self._sheet, self._row, column, cell)

    def close(self) -> None:
        """Write the workbook into its file."""
        self._book.close()


def _write(sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: object) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, str(cell))
