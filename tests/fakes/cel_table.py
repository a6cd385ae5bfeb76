"""CEL rows as pasted tables: what a `cel` table shows, cut down to the columns that matter."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime

from cdr_ingest.rows import CelRow, parse_cel
from store.records import RawCel

_COLUMNS = tuple(name for name in RawCel.__dataclass_fields__ if name not in ("origin", "id"))
# A bar that stands alone: the detail of a dialplan's event (`MACHINE|TOOLONG`) may hold one too.
_BAR = re.compile(r"\s\|(?=\s|$)")


def raw_rows(table: str) -> list[RawCel]:
    """Read a table whose first line names columns, separated by `|`; other columns are empty."""
    lines = [_BAR.split(line) for line in table.strip().splitlines() if line.strip(" -+")]
    names = [cell.strip() for cell in lines[0]]
    return [
        raw_row(f"line {number}", **dict(zip(names, map(str.strip, cells), strict=True)))
        for number, cells in enumerate(lines[1:], start=1)
    ]


def raw_row(origin: str = "a test", /, **columns: str) -> RawCel:
    """Build one row; columns that are not given are empty."""
    return RawCel(origin, **dict.fromkeys(_COLUMNS, "") | columns)  # type: ignore[arg-type] # all text


def cel_rows(table: str) -> list[CelRow]:
    """Read a pasted table as typed rows."""
    return [parse_cel(raw) for raw in raw_rows(table)]


def ledger_line(raw: RawCel) -> str:
    """Write a row as cel_custom does."""
    cells = (getattr(raw, name).replace('"', '""') for name in _COLUMNS)
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def ledger_text(rows: Iterable[RawCel]) -> str:
    """Write rows as a whole ledger."""
    return "".join(ledger_line(raw) for raw in rows)


def at(epoch: str) -> datetime:
    """Return the moment of `epoch.microseconds`, exactly."""
    seconds, _, fraction = epoch.partition(".")
    return datetime.fromtimestamp(int(seconds), UTC).replace(
        microsecond=int(fraction.ljust(6, "0"))
    )
