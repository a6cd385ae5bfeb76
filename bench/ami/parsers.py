"""The parsers that are measured, each as something that takes chunks and counts what it told."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager

from ami_bridge.feed import WANTED_EVENTS, FactFeed, FactQueue
from ami_bridge.pending import LIST_EVENTS
from ami_bridge.protocol import BridgeProtocol
from bench.ami.mix import WANTED
from calls.facts import Fact, SnapshotTaken

START = datetime(2026, 1, 1, tzinfo=UTC)


class Parser(Protocol):
    """Takes a connection's bytes and counts the events or facts that came of them."""

    @property
    def told(self) -> int:
        """How many came out."""

    def feed(self, chunk: bytes) -> None:
        """Take the next bytes."""


class SplitOnly:
    """The least that any parser must do: cut the messages apart, look at none."""

    def __init__(self) -> None:
        self.told = 0
        self._rest = b""

    def feed(self, chunk: bytes) -> None:
        """Cut the chunk."""
        *blocks, self._rest = (self._rest + chunk).split(b"\r\n\r\n")
        self.told += len(blocks)


class StockPanoramisk:
    """panoramisk 1.4 as its manual has it: ten names registered, each callback reads 3 headers."""

    def __init__(self) -> None:
        self.told = 0
        self.manager = Manager(loop=asyncio.get_running_loop(), ping_delay=3600)
        self.register(self.manager)
        self._protocol = AMIProtocol()
        self._protocol.connection_made(_NoTransport())
        self._protocol.factory = self.manager
        self._protocol.encoding = "utf8"

    def register(self, manager: Any) -> None:
        """Ask for the ten names."""
        for name in WANTED:
            manager.register_event(name, self._on_event)

    def feed(self, chunk: bytes) -> None:
        """Hand it to panoramisk's own protocol."""
        self._protocol.data_received(chunk)

    def _on_event(self, manager: Any, message: Any) -> None:
        self.told += bool(message.Event and message.get("Uniqueid", message.Queue))
        message.get("Linkedid")


class _CountingQueue(FactQueue):
    """A consumer that is always in time."""

    told = 0

    def put(self, fact: Fact) -> bool:
        self.told += 1
        return True


class Ours:
    """The bridge from the socket's bytes to the typed fact."""

    def __init__(self) -> None:
        self._queue = _CountingQueue()
        self.feeder = FactFeed(self._queue)
        self.feeder.begin(lambda reason: None)
        self.feeder.finish_resync(SnapshotTaken(START, START, (), ()))
        self._protocol = self.make(lambda reason: None)
        self._protocol.connection_made(_NoTransport())

    def make(self, on_lost: Callable[[str], None]) -> BridgeProtocol:
        """Return a connection's protocol that feeds us."""
        feeder = self.feeder
        return BridgeProtocol(
            WANTED_EVENTS | LIST_EVENTS, feeder.take, on_lost, feeder.look_at_the_clock
        )

    @property
    def told(self) -> int:
        """How many facts came."""
        return self._queue.told

    def feed(self, chunk: bytes) -> None:
        """Hand it to the bridge's own protocol."""
        self._protocol.data_received(chunk)


class _NoTransport(asyncio.Transport):
    """Nothing is ever sent through it."""


PARSERS: dict[str, Callable[[], Parser]] = {
    "split": SplitOnly,
    "panoramisk": StockPanoramisk,
    "ours": Ours,
}
