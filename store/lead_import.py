"""Call lists into Postgres: staged aside first, then added in one transaction.

The staging table is temporary and belongs to one session, so a crash leaves nothing behind; the
transaction holds no more than the adding itself, since a long one slows every lease.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from store.database import Database, Session
from store.errors import StoreError

MERGE_CHUNK = 20_000
_LOCK_CLASS = 0x1EAD


class ImportRunning(RuntimeError):
    """Another import into the same campaign is adding its rows just now."""


class StagedLead(NamedTuple):
    """One good row of a list, in the order of the staging table's columns.

    more_phones: the lead's further numbers in the order of trying; more_zones: theirs.
    """

    line: int
    phone: str
    phone_written: str
    time_zone: str
    priority: int
    phone2: str | None
    more_phones: list[str]
    more_zones: list[str]
    external_id: str | None
    company: str
    contact: str
    industry: str
    chain_role: str
    province: str
    city: str
    need: str
    supply: str
    owner: str
    consent_ref: str
    remark: str
    not_before: datetime | None
    not_after: datetime | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row whose number an earlier row of the same file has already."""

    lead: StagedLead
    first_line: int


@dataclass(frozen=True, slots=True)
class Added:
    """What one merge did. without_zone and on_do_not_call are among `added`."""

    added: int = 0
    already_there: int = 0
    on_do_not_call: int = 0
    without_zone: int = 0

    def __add__(self, other: "Added") -> "Added":
        return Added(
            self.added + other.added,
            self.already_there + other.already_there,
            self.on_do_not_call + other.on_do_not_call,
            self.without_zone + other.without_zone,
        )


@dataclass(frozen=True, slots=True)
class ListedLead:
    """A lead as `callfloor leads list` shows it."""

    lead_id: int
    phone: str
    external_id: str
    company: str
    contact: str
    province: str
    city: str
    time_zone: str
    priority: int
    status: str
    tries: int
    last_result: str
    done_reason: str
    held_reason: str
    next_attempt_at: datetime | None


class LeadStaging:
    """The rows of one file on their way in. Made by `stage_leads` only."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._lines: list[int] = []

    async def stage(self, leads: Sequence[StagedLead]) -> None:
        """Put rows aside; nobody else can see them."""
        await self._session.copy_rows("lead_staging", StagedLead._fields, leads)

    async def find_duplicates(self) -> int:
        """Mark each row whose number an earlier line has; return how many there are."""
        await self._session.execute("index_lead_staging")
        await self._session.execute("analyze_lead_staging")
        return await self._session.execute("mark_staged_duplicates")

    async def duplicates(self) -> AsyncIterator[Duplicate]:
        """Yield the marked rows by line, a portion at a time."""
        line = 0
        while rows := await self._session.fetch("list_staged_duplicates", line, MERGE_CHUNK):
            for row in rows:
                values = dict(row)
                first_line = values.pop("first_line")
                yield Duplicate(StagedLead(**values), first_line)
            line = rows[-1]["line"]

    async def merge(self, campaign_id: int, *, list_name: str = "", keep: bool = True) -> Added:
        """Add all staged rows to the campaign, or none. list_name: by which reports know them.

        keep: False: count only, add nothing.
        Raises ImportRunning when another merge into this campaign is under way.
        """
        await self._session.execute("begin_lead_merge")
        try:
            total = await self._merge_all(campaign_id, list_name)
        except BaseException:
            with suppress(StoreError):  # a lost connection has rolled back by itself
                await self._session.execute("roll_back_lead_merge")
            raise
        await self._session.execute("commit_lead_merge" if keep else "roll_back_lead_merge")
        return total

    async def _merge_all(self, campaign_id: int, list_name: str) -> Added:
        if not await self._session.fetch_value("lock_lead_merge", _LOCK_CLASS, campaign_id):
            raise ImportRunning("another import into this campaign is running; try again later")
        total = Added()
        line = 0
        while last := await self._session.fetch_value("last_staged_line", line, MERGE_CHUNK):
            row = await self._session.fetch_row(
                "merge_staged_leads", campaign_id, line, last, list_name
            )
            if row is not None:
                total += Added(**dict(row))
            line = last
        return total


@asynccontextmanager
async def stage_leads(database: Database) -> AsyncIterator[LeadStaging]:
    """Open a staging area for one file; it is gone afterwards, whatever happened."""
    async with database.session() as session:
        await session.execute("drop_lead_staging")
        await session.execute("create_lead_staging")
        try:
            yield LeadStaging(session)
        finally:
            with suppress(StoreError):
                await session.execute("drop_lead_staging")


class LeadList:
    """Looking at leads, and the do-not-call list."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def leads(
        self, campaign_id: int, *, status: str | None, after: int, limit: int
    ) -> list[ListedLead]:
        """Return leads by id, from the one after `after` on."""
        rows = await self._database.fetch("list_leads", campaign_id, status, after, limit)
        return [ListedLead(**dict(row)) for row in rows]


@dataclass(frozen=True, slots=True)
class DoNotCallEntry:
    """A number that nobody calls. expires_at: None: for ever."""

    phone: str
    reason: str
    added_at: datetime
    expires_at: datetime | None


class DoNotCallList:
    """Numbers that no campaign calls. Every change is saved when its call returns."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, phone: str, reason: str, expires_at: datetime | None) -> int:
        """Add a number, or change its reason and end; return how many waiting leads that ended."""
        async with self._database.transaction() as session:
            await session.execute("add_do_not_call", phone, reason, expires_at)
            return await session.execute("close_leads_of_phone", phone)

    async def remove(self, phone: str) -> bool:
        """Take a number off; False if it was not on. Leads that were ended stay so."""
        return await self._database.execute("remove_do_not_call", phone) > 0

    async def entries(self, *, after: str, limit: int) -> list[DoNotCallEntry]:
        """Return the numbers in order, from the one after `after` on."""
        rows = await self._database.fetch("list_do_not_call", after, limit)
        return [DoNotCallEntry(**dict(row)) for row in rows]
