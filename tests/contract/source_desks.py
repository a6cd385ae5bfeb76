"""The adapters of `cdr_ingest.sources.RecordSource`, each with a way to let a row be written."""

from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Protocol
from zoneinfo import ZoneInfo

import psycopg

from calls.reported import ReportedRecord
from cdr_ingest.ami_records import CDR_FIELDS, CEL_FIELDS
from cdr_ingest.cdr_files import CUSTOM, MASTER
from cdr_ingest.cdr_rows import parse_cdr
from cdr_ingest.rows import parse_cel
from cdr_ingest.sources import (
    AmiRecords,
    Batch,
    CdrFile,
    CdrTable,
    CelFile,
    CelReading,
    CelTable,
    RecordSource,
)
from cdr_ingest.unreadable import UnreadRow
from store.cel_rows import RawCel, add_cel, raw_of
from store.database import Database
from tests.fakes.asterisk_wrote import AGENT_HANGS_UP, CUSTOMER_HANGS_UP
from tests.fakes.cel_table import at, ledger_line, raw_rows
from tests.integration.test_cdr_import import ROW

ZONE = ZoneInfo("Asia/Shanghai")
EVENTS = [*raw_rows(CUSTOMER_HANGS_UP), *raw_rows(AGENT_HANGS_UP)]
LONG = "x" * 20_000
Told = dict[str, str]


class SourceDesk(Protocol):
    """One adapter and who writes what it reads. bad: rows of its kind, each with a wrong field."""

    @property
    def good(self) -> Sequence[Told]: ...

    @property
    def bad(self) -> Sequence[tuple[str, Told]]: ...

    def source(self) -> RecordSource: ...

    async def write(self, rows: Sequence[Told]) -> None:
        """Write these after what is there."""

    def meaning(self, row: Told) -> object:
        """What reading it should give."""


def meaning_of(row: object) -> object:
    """What was read, without the text it was read from."""
    if isinstance(row, CelReading):
        return row.row
    return str(row).partition(": ")[2] if isinstance(row, UnreadRow) else row


async def read(desk: SourceDesk) -> list[Batch]:
    """Read the source to its end, as a new reader would."""
    return [batch async for batch in desk.source().batches()]


def _event(raw: RawCel) -> Told:
    skipped = ("origin", "id")
    return {n: getattr(raw, n) for n in raw.__dataclass_fields__ if n not in skipped}


class _Events:
    good: Sequence[Told] = tuple(_event(raw) for raw in EVENTS)
    bad: Sequence[tuple[str, Told]] = (
        ("eventtype", good[0] | {"eventtype": "NONSENSE"}),
        ("uniqueid", good[0] | {"uniqueid": ""}),
        ("linkedid", good[0] | {"linkedid": ""}),
        ("extra", good[0] | {"eventtype": "BRIDGE_ENTER", "extra": "{torn"}),
        ("appdata", good[0] | {"appdata": LONG}),
    )

    def meaning(self, row: Told) -> object:
        return parse_cel(raw_of(row, ""))


class CelFileDesk(_Events):
    """cel_custom's CSV."""

    bad = (*_Events.bad, ("eventtime", _Events.good[0] | {"eventtime": "yesterday"}))

    def __init__(self, folder: Path) -> None:
        self.path = folder / "callfloor-cel.csv"
        self.path.touch()

    def source(self) -> RecordSource:
        return CelFile(self.path)

    async def write(self, rows: Sequence[Told]) -> None:
        with self.path.open("a") as file:
            file.writelines(ledger_line(raw_of(row, "")) for row in rows)


class CelTableDesk(_Events):
    """cel_pgsql's table."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def source(self) -> RecordSource:
        return CelTable(self._database)

    async def write(self, rows: Sequence[Told]) -> None:
        async with self._database.transaction() as session:
            await add_cel(session, [raw_of(row, "") for row in rows])


class AmiCelDesk(_Events):
    """cel_manager's events."""

    bad = (*_Events.bad, ("eventtime", _Events.good[0] | {"eventtime": "yesterday"}))

    def __init__(self) -> None:
        self._heard: list[ReportedRecord] = []

    def source(self) -> RecordSource:
        async def heard() -> AsyncIterator[Sequence[ReportedRecord]]:
            for begin in range(0, len(self._heard), 2000):
                yield self._heard[begin : begin + 2000]

        return AmiRecords(heard(), ZONE)

    async def write(self, rows: Sequence[Told]) -> None:
        self._heard += map(self._report, rows)

    def _report(self, row: Told) -> ReportedRecord:
        fields = {header: row[column] for column, header in CEL_FIELDS.items()}
        if row["eventtime"] == "yesterday":
            return ReportedRecord("cel", at("1.0"), fields | {"EventTime": "yesterday"})
        moment = at(row["eventtime"])
        local = moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S")
        return ReportedRecord("cel", moment, fields | {"EventTime": local})


class _Cdrs:
    good: Sequence[Told] = (
        ROW,
        ROW | {"uniqueid": "1709258500.3", "disposition": "NO ANSWER", "billsec": "0"},
        ROW | {"uniqueid": "1709258600.5", "src": "13900000002", "dst": "1002"},
    )
    bad: Sequence[tuple[str, Told]] = (
        ("billsec", ROW | {"billsec": "ten"}),
        ("start", ROW | {"start": "2024-13-01 10:00:00"}),
        ("duration", ROW | {"duration": "-5"}),
        ("disposition", ROW | {"disposition": "MAYBE"}),
        ("channel", ROW | {"channel": LONG}),
    )

    def meaning(self, row: Told) -> object:
        return parse_cdr("", row, ZONE)


class CdrFileDesk(_Cdrs):
    """cdr_csv's or cdr_custom's file, or one that names its columns."""

    def __init__(self, folder: Path, columns: tuple[str, ...], *, head: bool = False) -> None:
        self.path = folder / "Master.csv"
        self._columns = columns
        self.path.write_text(",".join(columns) + "\n" if head else "")

    def source(self) -> RecordSource:
        return CdrFile(self.path, ZONE)

    async def write(self, rows: Sequence[Told]) -> None:
        with self.path.open("a") as file:
            for row in rows:
                cells = (row.get(name, "").replace('"', '""') for name in self._columns)
                file.write(",".join(f'"{cell}"' for cell in cells) + "\n")


class CdrTableDesk(_Cdrs):
    """cdr_pgsql's table, or asteriskcdrdb's."""

    bad = tuple((name.replace("start", "calldate"), row) for name, row in _Cdrs.bad)

    def __init__(self, database: Database, url: str) -> None:
        self._database = database
        self._url = url
        names = ", ".join(f'"{name}" text' for name in self._names())
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"CREATE TABLE cdr ({names})")

    def _names(self) -> list[str]:
        return [name.replace("start", "calldate") for name in MASTER]

    def source(self) -> RecordSource:
        return CdrTable(self._database, ZONE)

    async def write(self, rows: Sequence[Told]) -> None:
        with (
            psycopg.connect(self._url) as connection,
            connection.cursor() as cursor,
            cursor.copy("COPY cdr FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row([row.get(name, "") for name in MASTER])


class AmiCdrDesk(_Cdrs):
    """cdr_manager's events."""

    def __init__(self) -> None:
        self._heard: list[ReportedRecord] = []

    source = AmiCelDesk.source

    async def write(self, rows: Sequence[Told]) -> None:
        for row in rows:
            fields = {header: row.get(column, "") for column, header in CDR_FIELDS.items()}
            self._heard.append(ReportedRecord("cdr", at("1.0"), fields))


KINDS = (
    "the table cel", "the CSV of cel_custom", "AMI events CEL", "the table cdr", "Master.csv",
    "the CSV of cdr_custom", "a CSV that names its columns", "AMI events Cdr",
)  # fmt: skip


def make_desk(kind: str, database: Database, url: str, folder: Path) -> SourceDesk:
    """Return the desk of one kind of source."""
    makers: dict[str, Callable[[], SourceDesk]] = {
        "the table cel": lambda: CelTableDesk(database),
        "the CSV of cel_custom": lambda: CelFileDesk(folder),
        "AMI events CEL": AmiCelDesk,
        "the table cdr": lambda: CdrTableDesk(database, url),
        "Master.csv": lambda: CdrFileDesk(folder, MASTER),
        "the CSV of cdr_custom": lambda: CdrFileDesk(folder, CUSTOM),
        "a CSV that names its columns": lambda: CdrFileDesk(folder, MASTER[::-1], head=True),
        "AMI events Cdr": AmiCdrDesk,
    }
    return makers[kind]()


def many(desk: SourceDesk, count: int) -> list[Told]:
    """Return so many good rows, each with an id of its own."""
    row = desk.good[0]
    return [row | {"uniqueid": f"{n}.1"} for n in range(count)]
