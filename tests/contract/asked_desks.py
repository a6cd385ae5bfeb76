"""The adapters of `dialer.asked_ports`, each with a way to put leads in."""

from datetime import datetime
from typing import Protocol

from calls.campaign import Campaign
from calls.ids import AgentId, LeadId
from calls.preview import DueCallback
from dialer.asked_ports import AskedCalls, Callbacks
from dialer.ports import Attempts
from store.asked_calls import AskedCallStore
from store.callbacks import CallbackStore
from store.database import Database
from tests.contract.attempts_desks import MemoryDesk, PostgresDesk
from tests.fakes.memory_asked import MemoryAskedCalls, MemoryCallbacks


class AskedDesk(Protocol):
    """One adapter and what lies around it."""

    @property
    def attempts(self) -> Attempts: ...
    @property
    def calls(self) -> AskedCalls: ...
    @property
    def callbacks(self) -> Callbacks: ...

    async def add_campaign(self, name: str) -> Campaign: ...
    async def add_lead(self, campaign: Campaign, number: str, zone: str) -> None: ...
    async def lead_of(self, number: str) -> LeadId: ...
    async def promise(
        self, campaign: Campaign, lead: LeadId, agent: AgentId | None, due_at: datetime
    ) -> None: ...


class MemoryAskedDesk(MemoryDesk):
    """The fakes."""

    def __init__(self) -> None:
        super().__init__()
        self.callbacks = MemoryCallbacks(self.attempts)
        self.calls = MemoryAskedCalls(self.attempts, self.callbacks)

    async def lead_of(self, number: str) -> LeadId:
        return next(one.lead for one in self.attempts.leads.values() if one.number == number)

    async def promise(
        self, campaign: Campaign, lead: LeadId, agent: AgentId | None, due_at: datetime
    ) -> None:
        self.callbacks.add(DueCallback(lead, lead, campaign.name, agent, due_at, is_missed=False))


class PostgresAskedDesk(PostgresDesk):
    """The real thing."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self.calls = AskedCallStore(database)
        self.callbacks = CallbackStore(database)
        self._asked = database

    async def lead_of(self, number: str) -> LeadId:
        (row,) = await self._asked.fetch("leads_of_number", number)
        return LeadId(row["lead_id"])

    async def promise(
        self, campaign: Campaign, lead: LeadId, agent: AgentId | None, due_at: datetime
    ) -> None:
        await self._asked.execute("schedule_callback", lead, due_at)
        await self.callbacks.promise(lead, agent, due_at, "", agent or "agent-9")
