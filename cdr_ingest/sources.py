"""The one port through which everything is read that an Asterisk wrote, and its adapters.

Every adapter keeps one contract (`tests/contract/test_sources.py`): rows in the source's order,
each typed or named with place, field and reason; one bad row never costs another; what is being
written at this moment is left for the next time; memory does not grow with the source.
"""

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol, TypeVar
from zoneinfo import ZoneInfo

from calls.reported import ReportedRecord
from cdr_ingest.ami_records import read_report
from cdr_ingest.cdr_files import read_cdr_file
from cdr_ingest.cdr_rows import Cdr, parse_cdr
from cdr_ingest.ledger import read_whole
from cdr_ingest.rows import CelRow, parse_cel
from cdr_ingest.unreadable import UnreadRow
from store.cdr_table import read_cdr_table, read_cel_table
from store.cel_rows import RawCel
from store.database import Database

BATCH_ROWS = 2000
"""Rows handed on at a time, each batch taken in in one transaction."""


@dataclass(frozen=True, slots=True)
class CelReading:
    """One event: its text, as the table `cel` keeps it, and what it means."""

    raw: RawCel
    row: CelRow


Reading = CelReading | Cdr | UnreadRow
Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows in the source's order. done: bytes of a file, rows of a table, read with them."""

    rows: tuple[Reading, ...]
    done: int


class RecordSource(Protocol):
    """The port. name: kept with the rows that could not be read."""

    @property
    def name(self) -> str: ...

    def batches(self) -> AsyncIterator[Batch]:
        """Yield all that is there; raises StoreError, LedgerUnreadable or CdrFileUnreadable."""


class CelTable:
    """The table `cel` of a Postgres, as cel_pgsql fills it: times in UTC (`usegmtime=yes`)."""

    name = "table cel"

    def __init__(self, database: Database) -> None:
        self._database = database

    async def batches(self) -> AsyncIterator[Batch]:
        """Yield the rows in the order of their ids."""
        async for found in read_cel_table(self._database):
            yield Batch(tuple(_cel(raw) for raw in found), len(found))


class CdrTable:
    """The table `cdr` of a Postgres. zone: of times that say none."""

    name = "table cdr"

    def __init__(self, database: Database, zone: ZoneInfo) -> None:
        self._database = database
        self._zone = zone

    async def batches(self) -> AsyncIterator[Batch]:
        """Yield the rows as the table gives them."""
        number = 0
        async for found in read_cdr_table(self._database):
            rows: list[Reading] = []
            for row in found:
                number += 1
                origin = f"table cdr uniqueid {row.get('uniqueid') or f'(none, row {number})'}"
                rows.append(_cdr(origin, row, self._zone))
            yield Batch(tuple(rows), len(found))


class CelFile:
    """Asterisk's CEL on disk, as the sample's cel_custom.conf has it."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self._path = path

    async def batches(self) -> AsyncIterator[Batch]:
        """Yield the lines; the one that is being written is left out."""
        offset = 0
        lines = iter(read_whole(self._path))
        while found := await asyncio.to_thread(_take, lines):
            end = found[-1].after.offset
            rows = (
                CelReading(line.raw, line.row)
                if line.raw is not None and isinstance(line.row, CelRow)
                else line.row
                for line in found
            )
            yield Batch(tuple(row for row in rows if not isinstance(row, CelRow)), end - offset)
            offset = end


class CdrFile:
    """Master.csv, cdr_custom's file, or a CSV that names its columns. zone: of its times."""

    def __init__(self, path: Path, zone: ZoneInfo) -> None:
        self.name = path.name
        self._path = path
        self._zone = zone

    async def batches(self) -> AsyncIterator[Batch]:
        """Yield the lines; the one that is being written is left out."""
        lines = read_cdr_file(self._path, self._zone)
        while found := await asyncio.to_thread(_take, lines):
            yield Batch(tuple(line.row for line in found), sum(line.read_bytes for line in found))


class AmiRecords:
    """AMI events CEL and Cdr. zone: Asterisk's machine's, in which they tell the time."""

    name = "ami"

    def __init__(self, reports: AsyncIterable[Sequence[ReportedRecord]], zone: ZoneInfo) -> None:
        self._reports = reports
        self._zone = zone
        self._number = 0

    async def batches(self) -> AsyncIterator[Batch]:
        """Yield what was heard; ends with the events."""
        async for heard in self._reports:
            yield Batch(tuple(self._read(report) for report in heard), len(heard))

    def _read(self, report: ReportedRecord) -> Reading:
        self._number += 1
        origin = f"ami event {self._number}"
        try:
            told = read_report(origin, report, self._zone)
            return CelReading(told, parse_cel(told)) if isinstance(told, RawCel) else told
        except UnreadRow as error:
            return error


def file_source(path: Path, zone: ZoneInfo) -> CelFile | CdrFile:
    """Tell by its first lines what a file is. Raises OSError."""
    return CelFile(path) if _holds_events(path) else CdrFile(path, zone)


_LOOKED_AT = 200


def _holds_events(path: Path) -> bool:
    with path.open("rb") as file:
        begun = [file.readline(1 << 16) for _ in range(_LOOKED_AT)]
    return any(line.startswith((b'"CHAN_START","', b'"LINKEDID_END","')) for line in begun)


def _take(lines: Iterator[Line]) -> list[Line]:
    return list(islice(lines, BATCH_ROWS))


def _cel(raw: RawCel) -> Reading:
    try:
        return CelReading(raw, parse_cel(raw))
    except UnreadRow as error:
        return error


def _cdr(origin: str, row: Mapping[str, str], zone: ZoneInfo) -> Reading:
    try:
        return parse_cdr(origin, row, zone)
    except UnreadRow as error:
        return error


def unread(rows: Iterable[Reading]) -> list[UnreadRow]:
    """Return those that could not be read."""
    return [row for row in rows if isinstance(row, UnreadRow)]
