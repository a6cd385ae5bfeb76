"""Promises to call again, in Postgres."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.ids import AgentId, CampaignName, LeadId
from calls.preview import DueCallback
from store.database import Database


@dataclass(frozen=True, slots=True)
class OpenCallback:
    """An open promise as people see it. agent: None: any may call."""

    callback_id: int
    lead_id: int
    campaign: str
    agent_id: str | None
    due_at: datetime
    missed_at: datetime | None
    note: str
    company: str
    contact: str
    number: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class MissedCallbacks:
    """A campaign's promises that were not kept in time. first_at: when the first one was due."""

    campaign: str
    missed: int
    first_at: datetime


class CallbackStore:
    """The table `callback`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, before: datetime) -> list[DueCallback]:
        """Close what was called, and return the open promises due before then, in order."""
        await self._database.execute("end_callbacks")
        return [
            DueCallback(
                callback=row["callback_id"],
                lead=LeadId(row["lead_id"]),
                campaign=CampaignName(row["campaign"]),
                agent=None if row["agent_id"] is None else AgentId(row["agent_id"]),
                due_at=row["due_at"],
                is_missed=row["missed_at"] is not None,
            )
            for row in await self._database.fetch("due_callbacks", before)
        ]

    async def miss(self, callbacks: Sequence[int], now: datetime) -> int:
        """Mark promises as not kept in time; return how many were not marked before."""
        return await self._database.execute("miss_callbacks", list(callbacks), now)

    async def close(self, lead: LeadId, why: str) -> None:
        """End the lead's promise."""
        await self._database.execute("close_callback_of_lead", lead, why)

    async def promise(
        self, lead: LeadId, agent: AgentId | None, due_at: datetime, note: str, by: str
    ) -> None:
        """Promise a call; a former promise to the lead is replaced."""
        await self._database.execute("promise_callback", lead, agent, due_at, note, by)

    async def open(
        self,
        agent: str | None = None,
        campaigns: Sequence[str] | None = None,
        *,
        only_missed: bool = False,
        limit: int = 500,
    ) -> list[OpenCallback]:
        """Return open promises, the first one due first. None: of all agents, of all campaigns."""
        names = None if campaigns is None else list(campaigns)
        rows = await self._database.fetch("open_callbacks", agent, names, only_missed, limit)
        return [OpenCallback(**dict(row)) for row in rows]

    async def assign(
        self,
        campaigns: Sequence[str] | None,
        of: str | None,
        to: str | None,
        callbacks: Sequence[int] | None = None,
    ) -> int:
        """Give open promises of one agent (None: of any) to another; return how many.

        campaigns: None: of all. callbacks: only these ids. What is being dialled now stays.
        """
        names = None if campaigns is None else list(campaigns)
        ids = None if callbacks is None else list(callbacks)
        return await self._database.execute("assign_callbacks", names, of, to, ids)

    async def missed(self) -> list[MissedCallbacks]:
        """Count the open promises that were not kept in time, by campaign."""
        rows = await self._database.fetch("count_missed_callbacks")
        return [MissedCallbacks(**dict(row)) for row in rows]
