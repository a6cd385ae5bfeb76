"""The floor port in one process: changes are published here, and every reader gets them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager

from calls.live import AgentChanged, CallChanged, Change, FloorLost, FloorRestored
from web.limits import FEED_PENDING_CHANGES
from web.ports import FloorOverrun, FloorView


def _key(change: Change) -> tuple[str, str]:
    match change:
        case CallChanged(call):
            return "call", call.call
        case AgentChanged(agent):
            return "agent", agent.agent
        case FloorLost() | FloorRestored():
            return "floor", ""


class _Reader:
    """Pending changes of one reader: the last value of each call and seat."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._pending: dict[tuple[str, str], Change] = {}
        self._news = asyncio.Event()
        self._overrun = False

    def put(self, changes: Sequence[Change]) -> None:
        for change in changes:
            self._pending[_key(change)] = change
        if len(self._pending) > self._limit:
            self._pending.clear()
            self._overrun = True
        self._news.set()

    def __aiter__(self) -> AsyncIterator[Sequence[Change]]:
        return self

    async def __anext__(self) -> Sequence[Change]:
        await self._news.wait()
        self._news.clear()
        if self._overrun:
            raise FloorOverrun("the reader did not keep up with the floor")
        taken = tuple(self._pending.values())
        self._pending.clear()
        return taken


class FloorFeed:
    """Fans changes of the floor out. `publish` never waits and is for the loop's own thread."""

    def __init__(
        self, view: Callable[[], FloorView], *, pending_limit: int = FEED_PENDING_CHANGES
    ) -> None:
        self._view = view
        self._limit = pending_limit
        self._readers: list[_Reader] = []

    def view(self) -> FloorView:
        """Return the whole floor as it is now."""
        return self._view()

    def publish(self, changes: Sequence[Change]) -> None:
        """Hand what `Floor.apply` returned to every reader."""
        if changes:
            for reader in self._readers:
                reader.put(changes)

    @contextmanager
    def subscribe(self) -> Iterator[AsyncIterator[Sequence[Change]]]:
        """Begin to gather changes at once; see FloorPort."""
        reader = _Reader(self._limit)
        self._readers.append(reader)
        try:
            yield reader
        finally:
            self._readers.remove(reader)
