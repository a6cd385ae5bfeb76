"""A switch in memory; tests/contract proves that it behaves as the real one does."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

from calls.commands import Command, PlaceAskedCall, PlaceCall
from calls.facts import Fact
from calls.switch import LinkDown


@dataclass
class MemorySwitch:
    """Fits `dialer.ports.Switch`. error: what every command meets, if anything.

    placed: Originates that were tried. sent: other commands that Asterisk took.
    """

    placed: list[PlaceCall | PlaceAskedCall] = field(default_factory=list)
    sent: list[Command] = field(default_factory=list)
    error: Exception | None = None
    can_place: bool = True
    queue: asyncio.Queue[Fact] = field(default_factory=asyncio.Queue)

    async def place(self, command: PlaceCall | PlaceAskedCall) -> None:
        if not self.can_place:
            raise LinkDown("Originate: the link is down")
        self.placed.append(command)
        if self.error is not None:
            raise self.error

    async def send(self, command: Command) -> None:
        if isinstance(command, PlaceCall | PlaceAskedCall):
            await self.place(command)
            return
        if self.error is not None:
            raise self.error
        self.sent.append(command)

    async def facts(self) -> AsyncIterator[Fact]:
        while True:
            yield await self.queue.get()
