"""panoramisk behind our own protocol: the only module that imports it.

Used of panoramisk: `Action` (headers, a generated ActionID, the future of the answer), `Message`
(what counts as success), `Manager` (configuration, `send_action`) and `AMIProtocol` as the class
that a Manager drives. Replaced: everything that reads, writes or reconnects. Its reader loses
split characters and closes the connection when a callback raises, its sender lets CR and LF
through, its reconnect repeats Originates, and its Message costs more per event than our budget.
"""

import asyncio
import socket
import ssl
from collections.abc import Callable, Iterable
from typing import Any

import structlog
from panoramisk.actions import Action
from panoramisk.ami_protocol import AMIProtocol
from panoramisk.manager import Manager
from panoramisk.message import Message

from ami_bridge.actions import AmiAction, encode
from ami_bridge.errors import AsteriskUnreachable, FramingError, SnapshotIncomplete
from ami_bridge.framing import Frame, Framer
from ami_bridge.pending import LIST_EVENTS, PendingActions
from config.timeouts import AMI_KEEPALIVE_SECONDS

log = structlog.get_logger("ami_bridge.protocol")


def is_success(frame: Frame) -> bool:
    """Tell whether an answer means that Asterisk did it."""
    return bool(Message(dict(frame.headers())).success)


def _is_answer(frame: Frame) -> bool:
    return bool(frame.raw("Response") or frame.raw("ActionID"))


class BridgeAction(Action):  # type: ignore[misc] # panoramisk ships no types
    """One action under way: its bytes were checked and are final before anything is sent."""

    future: asyncio.Future[list[Frame]]

    def __init__(self, action: AmiAction, *, seconds: float, as_list: bool = False) -> None:
        super().__init__(_grouped(action), as_list=as_list)
        self.name = action.name
        self.wire = encode(action, self.id)
        self.seconds = seconds
        self.deadline = asyncio.get_running_loop().time() + seconds
        self.frames: list[Frame] = []

    def add_message(self, frame: Frame) -> bool:
        """Take one part of the answer; a refused list has one part only."""
        self.frames.append(frame)
        last = frame.get("EventList") == "Complete"
        if self.as_list and not last and is_success(self.frames[0]):
            return False
        if not self.future.done():
            error = self._incomplete(frame) if last else None
            if error is None:
                self.future.set_result(self.frames)
            else:
                self.future.set_exception(error)
        return True

    def _incomplete(self, last: Frame) -> SnapshotIncomplete | None:
        announced, seen = last.get("ListItems"), len(self.frames) - 2
        if announced.isdigit() and int(announced) == seen:
            return None
        return SnapshotIncomplete(self.name, int(announced) if announced.isdigit() else -1, seen)

    def __repr__(self) -> str:  # the headers hold the secret of a Login
        return f"<BridgeAction {self.name} {self.id}>"

    __str__ = __repr__


class BridgeProtocol(AMIProtocol):  # type: ignore[misc] # panoramisk ships no types
    """One connection: bytes in, frames out in Asterisk's order. Nothing here waits or raises.

    on_event gets each wanted event; on_lost is called once, with the reason. on_bytes is called
    before the messages of one read, so that the clock need not be asked for each of them.
    """

    responses: PendingActions
    closed: bool = False

    def __init__(
        self,
        wanted: Iterable[str],
        on_event: Callable[[Frame], None],
        on_lost: Callable[[str], None],
        on_bytes: Callable[[], None] = lambda: None,
    ) -> None:
        self.framer = Framer(frozenset(wanted))
        self.greeted: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._on_event = on_event
        self._on_lost = on_lost
        self._on_bytes = on_bytes

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin with an empty table: nothing of an earlier connection is ever sent again."""
        super().connection_made(transport)
        self.responses = PendingActions()

    def data_received(self, data: bytes) -> None:
        """Cut the bytes and hand each message on."""
        if self.closed:
            return
        try:
            frames = self.framer.feed(data)
        except FramingError as error:
            self.lose(str(error))
            return
        if self.framer.banner is not None and not self.greeted.done():
            self.greeted.set_result(self.framer.banner)
        if frames:
            self._on_bytes()
            self._route(frames)

    def _route(self, frames: list[Frame]) -> None:
        on_event = self._on_event
        for frame in frames:
            try:
                if frame.name in LIST_EVENTS or (not frame.name and _is_answer(frame)):
                    self.responses.settle(frame)
                else:
                    on_event(frame)  # what is neither event nor answer is for it to judge
            except Exception:
                log.exception("ami.handler_failed", message_name=frame.name or "answer")
            if self.closed:
                return

    def send(self, data: BridgeAction, as_list: bool | None = None) -> asyncio.Future[list[Frame]]:
        """Write one action; its future ends by answer, deadline or loss."""
        self.responses.add(data)
        self.transport.write(data.wire)
        return data.future

    def lose(self, reason: str) -> None:
        """End this connection at once and for good; safe to call twice."""
        if self.closed:
            return
        self.closed = True
        self.transport.abort()
        self.responses.fail_all()
        if not self.greeted.done():
            self.greeted.cancel()
        self._on_lost(reason)

    def close(self) -> None:
        """The same as lose, under panoramisk's name."""
        self.lose("closed by us")

    def connection_lost(self, exc: Exception | None) -> None:
        """Asyncio says that the connection is gone."""
        self.lose(f"connection lost: {exc}" if exc else "Asterisk closed the connection")


class BridgeManager(Manager):  # type: ignore[misc] # panoramisk ships no types
    """One connection's Manager: opens once, with a time limit, and never again by itself."""

    protocol: BridgeProtocol | None

    def __init__(
        self,
        host: str,
        port: int,
        tls: ssl.SSLContext | None,
        protocol_factory: Callable[[], BridgeProtocol],
    ) -> None:
        super().__init__(host=host, port=port, ssl=tls, protocol_factory=protocol_factory)

    async def open(self, seconds: float, tcp_user_timeout: float) -> BridgeProtocol:
        """Connect and await the greeting; raise AsteriskUnreachable."""
        place = f"{self.config['host']}:{self.config['port']}"
        self.loop = asyncio.get_running_loop()
        protocol: BridgeProtocol | None = None
        try:
            async with asyncio.timeout(seconds):
                transport, protocol = await self.loop.create_connection(
                    self.config["protocol_factory"],
                    self.config["host"],
                    self.config["port"],
                    ssl=self.config["ssl"],
                )
                _keep_alive(transport.get_extra_info("socket"), tcp_user_timeout)
                await asyncio.wait({protocol.greeted})
            if protocol.greeted.cancelled():
                raise AsteriskUnreachable(place, "what listens there greets like no Asterisk")
            self.protocol = protocol
        except TimeoutError:
            raise AsteriskUnreachable(place, f"no AMI greeting within {seconds:g} s") from None
        except OSError as error:
            raise AsteriskUnreachable(place, str(error)) from error
        finally:
            if self.protocol is None and protocol is not None:
                protocol.lose("not opened")
        return protocol

    def connect(self, *_: Any, **__: Any) -> Any:
        """Refuse panoramisk's own connect: it has no time limit and reconnects for ever."""
        raise NotImplementedError("use open()")


def _grouped(action: AmiAction) -> dict[str, str | list[str]]:
    """Return the headers as panoramisk holds them: a repeated one is a list."""
    grouped: dict[str, str | list[str]] = {"Action": action.name}
    if action.action_id is not None:
        grouped["ActionID"] = action.action_id
    for name, value in action.headers:
        held = grouped.get(name)
        if held is None:
            grouped[name] = value
        elif isinstance(held, list):
            held.append(value)
        else:
            grouped[name] = [held, value]
    return grouped


def _keep_alive(sock: socket.socket, user_timeout: float) -> None:
    """Let the kernel notice a dead path: probes in silence, an end when nothing is acked."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux only
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(user_timeout * 1000))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, int(AMI_KEEPALIVE_SECONDS))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, int(AMI_KEEPALIVE_SECONDS))
