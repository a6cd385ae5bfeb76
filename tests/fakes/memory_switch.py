"""A switch in memory: remembers what it was told, and says the facts that it is given."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from calls.commands import Command, PlaceCall
from calls.facts import Fact


@dataclass
class MemorySwitch:
    """Fits `dialer.ports.Switch`. error: what every command meets, if anything."""

    placed: list[PlaceCall] = field(default_factory=list)
    sent: list[Command] = field(default_factory=list)
    error: Exception | None = None
    can_place: bool = True
    queue: asyncio.Queue[Fact] = field(default_factory=asyncio.Queue)

    async def place(self, command: PlaceCall) -> None:
        self.placed.append(command)
        if self.error is not None:
            raise self.error

    async def send(self, command: Command) -> None:
        if isinstance(command, PlaceCall):
            await self.place(command)
            return
        self.sent.append(command)
        if self.error is not None:
            raise self.error

    async def facts(self) -> AsyncIterator[Fact]:
        while True:
            yield await self.queue.get()
