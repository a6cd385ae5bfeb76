"""A bad line: a TCP proxy that cuts, stalls, half-opens, splits, delays and garbles on demand."""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum

_CHUNK_BYTES = 65_536


class Fault(StrEnum):
    """What can happen to a connection."""

    CUT = "cut"  #: reset, without a word
    STALL = "stall"  #: nothing passes for a while, then everything
    HALF_OPEN = "half-open"  #: nothing passes any more, and nobody is told
    SPLIT = "split"  #: every byte for itself
    DELAY = "delay"  #: each piece comes late
    GARBLE = "garble"  #: one byte is another


_LASTING = frozenset({Fault.STALL, Fault.SPLIT, Fault.DELAY})


@dataclass(eq=False)
class Connection:
    """One connection through the line, with what is wrong with it at present."""

    writers: tuple[asyncio.StreamWriter, asyncio.StreamWriter]
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    swallows: bool = False
    splits: bool = False
    garbles: bool = False
    delay_seconds: float = 0.0

    def catch(self, fault: Fault, delay_seconds: float) -> None:
        """Have the fault from now on."""
        if fault is Fault.CUT:
            self.abort()
        elif fault is Fault.STALL:
            self.gate.clear()
        self.swallows = self.swallows or fault is Fault.HALF_OPEN
        self.garbles = self.garbles or fault is Fault.GARBLE
        self.splits = fault is Fault.SPLIT
        self.delay_seconds = delay_seconds if fault is Fault.DELAY else 0.0

    def abort(self) -> None:
        """Reset both ends."""
        for writer in self.writers:
            writer.transport.abort()
        self.gate.set()


class BadLine:
    """Listens on `port` and passes on to Asterisk, as well as its faults let it.

    made: connections so far, those that are gone too.
    """

    def __init__(self, host: str, port: int, seed: int = 1) -> None:
        self.port = 0
        self.made = 0
        self.connections: set[Connection] = set()
        self._upstream = (host, port)
        self._dice = random.Random(seed)
        self._tasks: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def up(self) -> AsyncIterator["BadLine"]:
        """Listen until the block ends."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for connection in tuple(self.connections):
                connection.abort()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def suffer(self, fault: Fault, seconds: float) -> None:
        """Let some of the connections have the fault; return when it is over or all are dead."""
        hit = [c for c in self.connections if self._dice.random() < 0.7] or [*self.connections]
        for connection in hit:
            connection.catch(fault, self._dice.uniform(0.05, 0.4))
        if fault in _LASTING:
            await asyncio.sleep(seconds)
        for connection in hit:
            connection.gate.set()
            connection.splits, connection.delay_seconds = False, 0.0

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            far_reader, far_writer = await asyncio.open_connection(*self._upstream)
        except OSError:
            writer.transport.abort()
            return
        connection = Connection((writer, far_writer))
        connection.gate.set()
        self.connections.add(connection)
        self.made += 1
        with suppress(ConnectionError):
            await asyncio.gather(
                self._pump(connection, reader, far_writer),
                self._pump(connection, far_reader, writer),
            )
        self.connections.discard(connection)

    async def _pump(
        self, connection: Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while data := await reader.read(_CHUNK_BYTES):
                await connection.gate.wait()
                if connection.delay_seconds:
                    await asyncio.sleep(connection.delay_seconds)
                if connection.swallows:
                    continue
                await self._pass_on(connection, data, writer)
        finally:
            # A dead end of a half-open line stays dead: the other is not told.
            connection.abort()

    async def _pass_on(
        self, connection: Connection, data: bytes, writer: asyncio.StreamWriter
    ) -> None:
        if connection.garbles:
            place = self._dice.randrange(len(data))
            data = data[:place] + bytes([data[place] ^ 0x15]) + data[place + 1 :]
            connection.garbles = False
        if not connection.splits:
            writer.write(data)
            await writer.drain()
            return
        for place in range(len(data)):
            if writer.is_closing():
                return
            if not connection.splits:  # over in mid-piece
                writer.write(data[place:])
                return
            writer.write(data[place : place + 1])
            if place % 64 == 0:
                await writer.drain()
                await asyncio.sleep(0)
