"""How listings are printed: a table for people, CSV and JSON for programs."""

import csv
import sys
from collections.abc import Iterable, Sequence
from enum import StrEnum

import msgspec
from rich.console import Console
from rich.table import Table

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would run a cell that begins so; CSV cells get an apostrophe before it."""


class Format(StrEnum):
    """What every listing can be printed as."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"


Cell = str | int | float | bool | None


def print_rows(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], style: Format, title: str = ""
) -> None:
    """Print to standard output; JSON is a list of objects."""
    match style:
        case Format.TABLE:
            _print_table(columns, rows, title)
        case Format.CSV:
            writer = csv.writer(sys.stdout, lineterminator="\n")
            writer.writerow(columns)
            writer.writerows([_safe(cell) for cell in row] for row in rows)
        case Format.JSON:
            print_json([dict(zip(columns, row, strict=True)) for row in rows])


def print_json(value: object) -> None:
    """Print one JSON value on one line."""
    print(msgspec.json.encode(value).decode())


def fail(message: str) -> None:
    """Say one clear line on standard error."""
    print(f"callfloor: {message}", file=sys.stderr)


def _print_table(columns: Sequence[str], rows: Iterable[Sequence[Cell]], title: str) -> None:
    table = Table(title=title or None)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*["" if cell is None else str(cell) for cell in row])
    Console().print(table)


def _safe(cell: Cell) -> Cell:
    """Keep a spreadsheet from running a cell; a phone number is left as it is."""
    if not isinstance(cell, str) or not cell.startswith(FORMULA_STARTS):
        return cell
    return cell if cell[1:].isdigit() else f"'{cell}"
