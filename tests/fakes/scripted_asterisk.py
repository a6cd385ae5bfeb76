"""A TCP server on loopback that speaks AMI as scripted: what a real Asterisk does only on bad days.

It answers Login, Ping, CoreStatus, CoreShowChannels, QueueStatus, Originate and the rest in
Asterisk's own words, keeps every action it got, and can refuse, stay silent, hang up or shut down.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Headers = list[tuple[str, str]]
BANNER = "Asterisk Call Manager/11.0.0"


@dataclass
class Received:
    """One action as the server read it. connection: 1 for the first connection, and so on."""

    connection: int
    headers: Headers

    def get(self, name: str) -> str:
        return next((value for key, value in self.headers if key == name), "")

    def get_all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name]

    @property
    def action(self) -> str:
        return self.get("Action")


@dataclass
class Connection:
    """One client: number counts from 1; user and events are known after its login."""

    number: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    user: str = ""
    events: str = ""

    def send(self, data: bytes) -> None:
        if not self.writer.is_closing():
            self.writer.write(data)

    def drop(self) -> None:
        self.writer.transport.abort()


Handler = Callable[[Connection, Received], None]


def message(*headers: tuple[str, str]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode() + b"\r\n"


def event(name: str, **headers: object) -> bytes:
    """One event; `_` in a keyword stands for `-`."""
    pairs = [(key.replace("_", "-"), str(value)) for key, value in headers.items()]
    return message(("Event", name), ("Privilege", "call,all"), *pairs)


def channel(name: str, uniqueid: str, state: int = 0, **more: object) -> dict[str, object]:
    """The headers of a channel snapshot."""
    return {
        "Channel": name,
        "ChannelState": state,
        "CallerIDNum": "+8613800138000",
        "CallerIDName": "<unknown>",
        "Uniqueid": uniqueid,
        "Linkedid": uniqueid,
        **more,
    }


def answer(received: Received, response: str = "Success", text: str = "", **more: object) -> bytes:
    headers = [("Response", response)]
    if received.get("ActionID"):
        headers.append(("ActionID", received.get("ActionID")))
    if text:
        headers.append(("Message", text))
    return message(*headers, *((key, str(value)) for key, value in more.items()))


def event_list(
    received: Received, complete: str, items: list[tuple[str, dict[str, object]]]
) -> bytes:
    action_id = received.get("ActionID")
    out = answer(received, text="Items will follow", EventList="start")
    for name, headers in items:
        pairs = ((key, str(value)) for key, value in headers.items())
        out += message(("Event", name), ("ActionID", action_id), *pairs)
    return out + message(
        ("Event", complete),
        ("ActionID", action_id),
        ("EventList", "Complete"),
        ("ListItems", str(len(items))),
    )


@dataclass
class ScriptedAsterisk:
    """The server's script. handlers: replaces an answer; silent: actions that get none."""

    secret: str = "s3cret"
    banner: str = BANNER
    startup_time: str = "08:00:00"
    refuse_login: str = ""
    silent: set[str] = field(default_factory=set)
    handlers: dict[str, Handler] = field(default_factory=dict)
    channels: list[dict[str, object]] = field(default_factory=list)
    bridges: list[dict[str, object]] = field(default_factory=list)
    members: list[dict[str, object]] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    connections: list[Connection] = field(default_factory=list)
    port: int = 0
    _changed: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and all connections, as a killed Asterisk does."""
        if self._server is not None:
            self._server.close()
        for connection in self.connections:
            connection.drop()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            await self._server.wait_closed()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until the script reached a state; the test's timeout is the limit."""
        while not condition():
            self._changed.clear()
            await self._changed.wait()

    def of(self, action: str) -> list[Received]:
        """Every action of that name, from all connections."""
        return [received for received in self.received if received.action == action]

    def newest(self, user: str) -> Connection:
        return next(c for c in reversed(self.connections) if c.user == user)

    @property
    def reader(self) -> Connection:
        return self.newest("reader")

    @property
    def actor(self) -> Connection:
        return self.newest("actor")

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        connection = Connection(len(self.connections) + 1, reader, writer)
        self.connections.append(connection)
        self._changed.set()
        try:
            connection.send(f"{self.banner}\r\n".encode())
            while True:
                block = await reader.readuntil(b"\r\n\r\n")
                self._handle(connection, _parse(connection.number, block))
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.transport.abort()
            self._tasks.discard(task)
            self._changed.set()

    def _handle(self, connection: Connection, received: Received) -> None:
        self.received.append(received)
        self._changed.set()
        action = received.action
        if action in self.silent:
            return
        handler = self.handlers.get(action) or getattr(self, f"_on_{action.lower()}", None)
        if handler is None:
            connection.send(answer(received, text=f"{action} done"))
        else:
            handler(connection, received)

    def _on_login(self, connection: Connection, received: Received) -> None:
        if self.refuse_login or received.get("Secret") != self.secret:
            why = self.refuse_login or "Authentication failed"
            connection.send(answer(received, "Error", why))
            connection.writer.close()
            return
        connection.user, connection.events = received.get("Username"), received.get("Events")
        connection.send(answer(received, text="Authentication accepted"))
        if "system" in connection.events:
            connection.send(event("FullyBooted", Uptime=10, Status="Fully Booted"))

    def _on_ping(self, connection: Connection, received: Received) -> None:
        connection.send(answer(received, Ping="Pong", Timestamp="1700000000.000001"))

    def _on_corestatus(self, connection: Connection, received: Received) -> None:
        connection.send(
            answer(received, CoreStartupDate="2026-11-22", CoreStartupTime=self.startup_time)
        )

    def _on_coreshowchannels(self, connection: Connection, received: Received) -> None:
        items = [
            ("CoreShowChannel", {"Duration": "00:00:07", "BridgeId": "", **one})
            for one in self.channels
        ]
        connection.send(event_list(received, "CoreShowChannelsComplete", items))

    def _on_bridgelist(self, connection: Connection, received: Received) -> None:
        items = [("BridgeListItem", bridge) for bridge in self.bridges]
        connection.send(event_list(received, "BridgeListComplete", items))

    def _on_queuestatus(self, connection: Connection, received: Received) -> None:
        items: list[tuple[str, dict[str, object]]] = [("QueueParams", {"Queue": "sales"})]
        items += [("QueueMember", member) for member in self.members]
        connection.send(event_list(received, "QueueStatusComplete", items))

    def _on_originate(self, connection: Connection, received: Received) -> None:
        connection.send(answer(received, text="Originate successfully queued"))


def _parse(connection: int, block: bytes) -> Received:
    headers: Headers = []
    for line in block.decode().split("\r\n"):
        name, colon, value = line.partition(": ")
        if colon:
            headers.append((name, value))
    return Received(connection, headers)


@asynccontextmanager
async def scripted_asterisk(
    script: ScriptedAsterisk | None = None,
) -> AsyncIterator[ScriptedAsterisk]:
    """Run the script's server for the length of a test."""
    server = script or ScriptedAsterisk()
    await server.start()
    try:
        yield server
    finally:
        await server.stop()
