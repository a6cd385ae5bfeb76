"""The adapters of `dialer.ports.Wishes`, each with a way to wish something."""

from dataclasses import replace
from typing import Protocol

from calls.campaign import Campaign
from calls.ids import AgentId, QueueName
from dialer.ports import Wishes
from store.campaigns import CampaignStore, Seat
from store.database import Database
from tests.fakes.memory_wishes import MemoryWishes


class WishesDesk(Protocol):
    """One adapter and the people's side of it."""

    @property
    def wishes(self) -> Wishes: ...

    async def add_campaign(self, campaign: Campaign) -> None: ...
    async def set_status(self, campaign: Campaign) -> None: ...
    async def sign_in(self, agent: str, queue: QueueName) -> None: ...
    async def pause(self, agent: str, reason: str | None) -> None: ...
    async def sign_out(self, agent: str) -> None: ...


class MemoryWishesDesk:
    """The fake."""

    def __init__(self) -> None:
        self.wishes = MemoryWishes()

    async def add_campaign(self, campaign: Campaign) -> None:
        self.wishes.wanted.append(campaign)

    async def set_status(self, campaign: Campaign) -> None:
        others = [one for one in self.wishes.wanted if one.name != campaign.name]
        self.wishes.wanted = [*others, campaign]

    async def sign_in(self, agent: str, queue: QueueName) -> None:
        await self.sign_out(agent)
        self.wishes.seated.append(Seat(AgentId(agent), agent.title(), queue, None))

    async def pause(self, agent: str, reason: str | None) -> None:
        self.wishes.seated = [
            replace(seat, pause_reason=reason) if seat.agent == agent else seat
            for seat in self.wishes.seated
        ]

    async def sign_out(self, agent: str) -> None:
        self.wishes.seated = [seat for seat in self.wishes.seated if seat.agent != agent]


class PostgresWishesDesk:
    """The real thing."""

    def __init__(self, database: Database) -> None:
        self.wishes = CampaignStore(database)

    async def add_campaign(self, campaign: Campaign) -> None:
        await self.wishes.add(campaign)
        await self.set_status(campaign)

    async def set_status(self, campaign: Campaign) -> None:
        await self.wishes.set_status(campaign.name, campaign.status)

    async def sign_in(self, agent: str, queue: QueueName) -> None:
        await self.wishes.add_agent(AgentId(agent), agent.title())
        await self.wishes.sign_in(AgentId(agent), queue)

    async def pause(self, agent: str, reason: str | None) -> None:
        await self.wishes.pause(AgentId(agent), reason)

    async def sign_out(self, agent: str) -> None:
        await self.wishes.sign_out(AgentId(agent))
