"""The adapters of `dialer.ports.Switch`, each with an exchange behind it that can misbehave."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

from ami_bridge.switch import AsteriskSwitch
from calls import facts as f
from calls.ids import ChannelId
from calls.switch import ActionRefused, ActionUncertain
from cli.lanes import SwitchPort
from dialer.ports import Switch
from tests.fakes.clock import T0
from tests.fakes.memory_switch import MemorySwitch
from tests.fakes.scripted_asterisk import (
    Connection,
    Received,
    ScriptedAsterisk,
    answer,
    scripted_asterisk,
)
from tests.fakes.started_switch import IMPATIENT, SECRET, hangup, started, up_again


class SwitchBench(Protocol):
    """One adapter and the exchange behind it."""

    @property
    def switch(self) -> Switch: ...

    def reached(self) -> list[str]:
        """Return the attempts whose Originate reached the exchange."""

    def taken(self) -> int:
        """Return how many other commands the exchange took."""

    def refuse(self) -> None:
        """Let the exchange say no to Originates."""

    def fall_silent(self) -> None:
        """Let the exchange answer no Originate."""

    def seat_everybody(self) -> None:
        """Let every agent be in its queue already."""

    def end(self, *channels: str) -> None:
        """Let channels end, in this order."""

    async def lose_link(self) -> None:
        """Let the link break, and stay away."""

    async def find_link(self) -> None:
        """Let the link come back."""


class MemorySwitchBench:
    """The fake."""

    def __init__(self) -> None:
        self.switch = MemorySwitch()

    @classmethod
    @asynccontextmanager
    async def made(cls) -> AsyncIterator["MemorySwitchBench"]:
        yield cls()

    def reached(self) -> list[str]:
        return [command.attempt for command in self.switch.placed]

    def taken(self) -> int:
        return len(self.switch.sent)

    def refuse(self) -> None:
        self.switch.error = ActionRefused("Originate", "Extension does not exist.")

    def fall_silent(self) -> None:
        self.switch.error = ActionUncertain("Originate: no answer")

    def seat_everybody(self) -> None:
        pass  # the fake knows no members: each sign-in is taken

    def end(self, *channels: str) -> None:
        for channel in channels:
            self.switch.queue.put_nowait(f.ChannelEnded(T0, ChannelId(channel), 16))

    async def lose_link(self) -> None:
        self.switch.can_place = False
        self.switch.queue.put_nowait(f.LinkLost(T0, "gone"))

    async def find_link(self) -> None:
        self.switch.can_place = True
        self.switch.queue.put_nowait(f.SnapshotTaken(T0, T0, (), ()))


class AmiSwitchBench:
    """The real switch, as the service uses it, on an Asterisk that speaks AMI as scripted."""

    def __init__(self, switch: AsteriskSwitch, asterisk: ScriptedAsterisk) -> None:
        self.switch = SwitchPort(switch)
        self._real = switch
        self._asterisk = asterisk

    @classmethod
    @asynccontextmanager
    async def made(cls) -> AsyncIterator["AmiSwitchBench"]:
        async with (
            scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as asterisk,
            started(asterisk, IMPATIENT) as switch,
        ):
            yield cls(switch, asterisk)

    def reached(self) -> list[str]:
        return [received.get("ChannelId") for received in self._asterisk.of("Originate")]

    def taken(self) -> int:
        return len(self._asterisk.of("QueueAdd"))

    def refuse(self) -> None:
        def say_no(connection: Connection, received: Received) -> None:
            connection.send(answer(received, "Error", "Extension does not exist."))

        self._asterisk.handlers["Originate"] = say_no

    def fall_silent(self) -> None:
        self._asterisk.silent.add("Originate")

    def seat_everybody(self) -> None:
        def say_there(connection: Connection, received: Received) -> None:
            connection.send(answer(received, "Error", "Unable to add interface: Already there"))

        self._asterisk.handlers["QueueAdd"] = say_there

    def end(self, *channels: str) -> None:
        self._asterisk.reader.send(b"".join(hangup(channel) for channel in channels))

    async def lose_link(self) -> None:
        self._asterisk.silent.add("CoreStatus")  # it comes back, but is not ready
        self._asterisk.reader.drop()
        await self._asterisk.until(lambda: not self._real.health.connected)

    async def find_link(self) -> None:
        self._asterisk.silent.discard("CoreStatus")
        self._asterisk.reader.drop()
        await up_again(self._real, 2)
