"""The adapters of `dialer.ports.Attempts`, each with a way to put leads in."""

from dataclasses import replace
from typing import Protocol

from calls.campaign import Campaign
from calls.ids import CampaignName
from dialer.ports import Attempts
from store.attempts import AttemptStore
from store.campaigns import CampaignStore
from store.database import Database
from tests.fakes.dialer_world import CAMPAIGN
from tests.fakes.memory_attempts import MemoryAttempts


class AttemptsDesk(Protocol):
    """One adapter and what lies around it."""

    @property
    def attempts(self) -> Attempts: ...

    async def add_campaign(self, name: str) -> Campaign: ...
    async def add_lead(self, campaign: Campaign, number: str, zone: str) -> None: ...
    async def add_do_not_call(self, number: str) -> None: ...

    async def cut(self) -> None:
        """Take the store away."""


class MemoryDesk:
    """The fake."""

    def __init__(self) -> None:
        self.attempts = MemoryAttempts()

    async def add_campaign(self, name: str) -> Campaign:
        return replace(CAMPAIGN, name=CampaignName(name))

    async def add_lead(self, campaign: Campaign, number: str, zone: str) -> None:
        self.attempts.add_lead(campaign.name, number, zone)

    async def add_do_not_call(self, number: str) -> None:
        self.attempts.do_not_call.add(number)

    async def cut(self) -> None:
        self.attempts.away = True


class PostgresDesk:
    """The real thing."""

    def __init__(self, database: Database) -> None:
        self.attempts = AttemptStore(database)
        self._database = database

    async def add_campaign(self, name: str) -> Campaign:
        campaigns = CampaignStore(self._database)
        await campaigns.add(replace(CAMPAIGN, name=CampaignName(name)))
        return await campaigns.campaign(name)

    async def add_lead(self, campaign: Campaign, number: str, zone: str) -> None:
        await self._database.execute("test_add_lead", campaign.name, number, zone)

    async def add_do_not_call(self, number: str) -> None:
        await self._database.execute("test_add_do_not_call", number)

    async def cut(self) -> None:
        await self._database.close()
