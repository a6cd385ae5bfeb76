"""Tables for spreadsheets: CSV and XLSX in which no cell can be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

import xlsxwriter

from reports.tables import harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the table as CSV; the mark makes Excel read UTF-8, else Chinese is garbled."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(head)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return the table as a workbook; texts stay texts, whatever they begin with."""
    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("calls")
        bold = book.add_format({"bold": True})
        sheet.freeze_panes(1, 0)
        for column, name in enumerate(head):
            sheet.write_string(0, column, name, bold)
        for number, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                _write(sheet, number, column, cell)
    return out.getvalue()


def _write(sheet: "xlsxwriter.worksheet.Worksheet", row: int, column: int, cell: object) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif cell is not None:
        sheet.write_string(row, column, str(cell))
