"""A report as a table of cells, and that table as CSV, XLSX or JSON."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import msgspec
import xlsxwriter

from reports.measures import MEASURES, METRIC_VERSION, total_of
from store.database import Database
from store.sums import By, MeasuredRow, read_days_of, read_sums

Cell = str | int | Decimal | None
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A spreadsheet may run a cell that begins so, the full-width forms included."""
_PHONE_NUMBER = re.compile(r"\+[0-9]{7,15}")
NONE_WORDS = {
    By.AGENT: "(no agent)",
    By.TEAM: "(no team)",
    By.CAMPAIGN: "(no campaign)",
    By.REGION: "(no region)",
    By.LIST: "(no list)",
    By.INDUSTRY: "(no industry)",
    By.CALLER_ID: "(no caller id)",
}


@dataclass(frozen=True, slots=True)
class Table:
    """Columns, rows, the total as the last row; notes say what the columns mean."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...]


async def make_table(
    database: Database,
    by: By,
    first: date,
    last: date,
    *,
    campaigns: Sequence[str] | None = None,
    key: str | None = None,
    with_adjustments: bool = False,
) -> Table:
    """Return one row for each agent, hour and so on, or day by day those of one key.

    Raises StoreError.
    """
    if key is None:
        found = await read_sums(
            database, by, first, last, campaigns=campaigns, with_adjustments=with_adjustments
        )
        head: str = by.value
    else:
        found = await read_days_of(
            database,
            by,
            key,
            first,
            last,
            campaigns=campaigns,
            with_adjustments=with_adjustments,
        )
        head = "day"
    rows = [_cells(row, NONE_WORDS.get(by, "")) for row in found]
    rows.append(_cells(MeasuredRow("total", "total", total_of(found), ()), ""))
    of_key = f" {key}" if key else ""
    return Table(
        f"{by.value}{of_key} {first.isoformat()} to {last.isoformat()}",
        (head, "name", *(measure.name for measure in MEASURES), "rule_version", "metric_version"),
        tuple(rows),
        tuple(f"{measure.name} {measure.name_zh}: {measure.text}" for measure in MEASURES),
    )


def _cells(row: MeasuredRow, none_word: str) -> tuple[Cell, ...]:
    values = (measure.of(row.measures) for measure in MEASURES)
    name = row.title or none_word
    return (row.key or none_word, name, *values, "..".join(row.rules), METRIC_VERSION)


def harmless(cell: object) -> object:
    """Keep a spreadsheet from running a cell (OWASP, CSV injection); phone numbers stay."""
    if not isinstance(cell, str) or not cell.startswith(FORMULA_STARTS):
        return cell
    return cell if _PHONE_NUMBER.fullmatch(cell) else f"'{cell}"


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write CSV in UTF-8 with the mark that makes Excel read it so; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([harmless("n/a" if c is None else c) for c in row] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def as_xlsx(table: Table) -> bytes:
    """Write a workbook: the report, and a sheet of what the columns mean. Text stays text."""
    out = io.BytesIO()
    # strings_to_*: a name that looks like a formula or a link must stay a name.
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("report")
        sheet.freeze_panes(1, 1)
        sheet.write_row(0, 0, table.columns, book.add_format({"bold": True}))
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str) or cell is None:
                    sheet.write_string(number, column, "n/a" if cell is None else cell)
                else:
                    sheet.write_number(number, column, cell)
        notes = book.add_worksheet("columns")
        for number, note in enumerate(table.notes):
            notes.write_string(number, 0, note)
    return out.getvalue()


def as_json(table: Table) -> bytes:
    """Write one object: title, rows by column name, notes; decimals as exact text."""
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    return msgspec.json.encode({"title": table.title, "rows": rows, "notes": table.notes})
