"""The adapters of `dialer.ports.Records`, each with a way to let Asterisk write something."""

from dataclasses import replace
from datetime import datetime
from typing import Protocol

from calls.attempt import Settlement
from calls.ids import AttemptId
from calls.outcomes import NetworkResult
from cdr_ingest.ingest import Ingester
from cli.records_port import RecordsPort
from dialer.ports import Records
from store import cel_rows
from store.database import Database
from tests.fakes.cel_table import at, raw_rows
from tests.fakes.memory_records import MemoryRecords

ENDED_AT = at("1795390584.186452")
NOW = at("1795391000.0")
BUSY = """
eventtype    | eventtime         | channame               | accountcode | cid_num       | exten | extra
CHAN_START   | 1795390583.681511 | PJSIP/carrier-00000004 |             |               | s     |
HANGUP       | 1795390584.186452 | PJSIP/carrier-00000004 | autumn      | +861062220001 | s     | {"hangupcause":17,"hangupsource":"PJSIP/carrier-00000004","dialstatus":""}
CHAN_END     | 1795390584.186452 | PJSIP/carrier-00000004 | autumn      | +861062220001 | s     |
LINKEDID_END | 1795390584.186452 | PJSIP/carrier-00000004 | autumn      | +861062220001 | s     |
"""  # noqa: E501 # a table as psql prints it


class RecordsDesk(Protocol):
    """One adapter and the Asterisk that writes."""

    @property
    def records(self) -> Records: ...

    async def begin(self, attempt: AttemptId) -> None:
        """Let Asterisk write that the attempt's call began."""

    async def end_busy(self, attempt: AttemptId) -> None:
        """Let Asterisk write all of a call that found the number busy at ENDED_AT."""


class MemoryRecordsDesk:
    """The fake."""

    def __init__(self) -> None:
        self.records = MemoryRecords()

    async def begin(self, attempt: AttemptId) -> None:
        self.records.traces.add(attempt)

    async def end_busy(self, attempt: AttemptId) -> None:
        end = Settlement(attempt, "records", NetworkResult.BUSY, ENDED_AT, cause=17)
        self.records.known.append(end)


class PostgresRecordsDesk:
    """The real thing: the table that Asterisk writes, the ingester, and what it made of it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ingester = Ingester(database, None, lambda: None, lambda: NOW)
        self.records = RecordsPort(database, lambda: self._ingester.run_once(self._now()), None)

    async def begin(self, attempt: AttemptId) -> None:
        await self._write(attempt, rows=1)

    async def end_busy(self, attempt: AttemptId) -> None:
        await self._write(attempt)
        await self._ingester.run_once(self._now())

    async def _write(self, attempt: AttemptId, rows: int | None = None) -> None:
        written = [
            replace(row, uniqueid=attempt, linkedid=attempt) for row in raw_rows(BUSY)[:rows]
        ]
        async with self._database.transaction() as session:
            await cel_rows.add_cel(session, written)

    @staticmethod
    def _now() -> datetime:
        return NOW
