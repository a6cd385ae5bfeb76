"""The same over loopback: a sender in another process, a login, the parser's own connection."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from panoramisk.manager import Manager

from ami_bridge.actions import AmiAction
from ami_bridge.protocol import BridgeAction, BridgeManager
from bench.ami.mix import BANNER
from bench.ami.parsers import Ours, SplitOnly, StockPanoramisk

_LOGIN_SECONDS = 10.0


@contextlib.contextmanager
def sending(path: Path) -> Iterator[int]:
    """Run the sender; gives its port. It ends by itself when the stream is sent."""
    command = [sys.executable, "-m", "bench.ami.tcp", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as sender:
        assert sender.stdout is not None
        yield int(sender.stdout.readline())


async def read_over_tcp(parser: str, port: int) -> tuple[float, int]:
    """Return the CPU seconds from the login to the end of the stream, and what was told."""
    ended = asyncio.Event()
    started, told = await _READERS[parser](port, ended.set)
    await ended.wait()
    return time.process_time() - started, told()


Reading = tuple[float, Callable[[], int]]


async def _read_split(port: int, ended: Callable[[], None]) -> Reading:
    subject = SplitOnly()

    class Raw(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            assert isinstance(transport, asyncio.WriteTransport)
            transport.write(b"Action: Login\r\nActionID: 1\r\n\r\n")

        def data_received(self, data: bytes) -> None:
            subject.feed(data)

        def connection_lost(self, exc: Exception | None) -> None:
            ended()

    started = time.process_time()
    await asyncio.get_running_loop().create_connection(Raw, "127.0.0.1", port)
    return started, lambda: subject.told


async def _read_panoramisk(port: int, ended: Callable[[], None]) -> Reading:
    subject = StockPanoramisk()
    loop = asyncio.get_running_loop()
    manager = Manager(
        loop=loop,
        host="127.0.0.1",
        port=port,
        username="bench",
        secret="bench",  # noqa: S106 # the sender takes any
        ping_delay=3600,
        reconnect_timeout=3600,
        on_disconnect=lambda *_: ended(),
    )
    subject.register(manager)
    started = time.process_time()
    # Its connect() makes a Task in a way that Python has since dropped; this is the same.
    task = loop.create_task(
        loop.create_connection(manager.config["protocol_factory"], "127.0.0.1", port)
    )
    task.add_done_callback(manager.connection_made)
    await task
    return started, lambda: subject.told


async def _read_ours(port: int, ended: Callable[[], None]) -> Reading:
    subject = Ours()
    started = time.process_time()
    manager = BridgeManager("127.0.0.1", port, None, lambda: subject.make(lambda _: ended()))
    protocol = await manager.open(_LOGIN_SECONDS, _LOGIN_SECONDS)
    await protocol.send(BridgeAction(AmiAction("Login"), seconds=_LOGIN_SECONDS))
    return started, lambda: subject.told


_READERS: dict[str, Any] = {
    "split": _read_split,
    "panoramisk": _read_panoramisk,
    "ours": _read_ours,
}


async def _send(data: bytes) -> None:
    done = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(BANNER)
        block = await reader.readuntil(b"\r\n\r\n")
        lines = block.decode().split("\r\n")
        action_id = next((line for line in lines if line.startswith("ActionID")), "ActionID: 1")
        writer.write(f"Response: Success\r\n{action_id}\r\nMessage: ok\r\n\r\n".encode())
        with contextlib.suppress(ConnectionError):
            for start in range(0, len(data), 1 << 20):
                writer.write(data[start : start + (1 << 20)])
                await writer.drain()
            writer.close()
            await writer.wait_closed()
        done.set()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await done.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(_send(Path(sys.argv[1]).read_bytes()))
