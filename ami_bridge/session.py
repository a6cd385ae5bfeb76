"""One logged-in connection, from the TCP handshake to its end; it never comes back to life."""

import asyncio
from collections.abc import Callable, Iterable

import structlog

from ami_bridge.actions import AmiAction
from ami_bridge.errors import (
    ActionRefused,
    ActionTimedOut,
    ActionUncertain,
    AsteriskUnreachable,
    LinkDown,
    LoginRefused,
)
from ami_bridge.framing import Frame
from ami_bridge.parameters import AmiAddress, AmiTimeouts, Login
from ami_bridge.pending import LIST_EVENTS
from ami_bridge.protocol import BridgeAction, BridgeManager, BridgeProtocol, is_success

log = structlog.get_logger("ami_bridge.session")

PING = AmiAction("Ping")
MISSED_PINGS = 2
"""One answer may be late behind a burst of events; two in a row are a dead peer."""


class AmiSession:
    """Asks and hears.

    wanted: the events for on_event. on_bytes: called before the messages of one read.
    lost: resolves with the reason once the connection is gone.
    """

    def __init__(
        self,
        address: AmiAddress,
        login: Login,
        *,
        wanted: Iterable[str] = (),
        on_event: Callable[[Frame], None] = lambda frame: None,
        on_bytes: Callable[[], None] = lambda: None,
        timeouts: AmiTimeouts | None = None,
    ) -> None:
        self._address = address
        self._login = login
        self._timeouts = timeouts or AmiTimeouts()
        self._manager = BridgeManager(
            address.host,
            address.port,
            address.ssl_context(),
            lambda: BridgeProtocol({*wanted, *LIST_EVENTS}, on_event, self._on_lost, on_bytes),
        )
        self.lost: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._protocol: BridgeProtocol | None = None
        self._sweeper: asyncio.TimerHandle | None = None
        self._heart: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Connect and log in; raise AsteriskUnreachable or LoginRefused."""
        limits = self._timeouts
        self._protocol = await self._manager.open(limits.connect, limits.tcp_user_timeout)
        self._sweep()
        try:
            await self._log_in()
        except BaseException:
            self.abort("login failed")
            raise
        self._heart = asyncio.create_task(self._beat(), name=f"ami-heart-{self._login.user}")

    async def ask(self, action: AmiAction, *, seconds: float | None = None) -> Frame:
        """Send one action and return its answer.

        Raises ActionRefused, LinkDown (nothing was sent), ActionTimedOut or ConnectionLost.
        """
        return (await self._ask(action, seconds, as_list=False))[0]

    async def ask_list(
        self, action: AmiAction, *, seconds: float | None = None
    ) -> tuple[Frame, ...]:
        """Send one action and return the items of its list; also raises SnapshotIncomplete."""
        return tuple((await self._ask(action, seconds, as_list=True))[1:-1])

    def abort(self, reason: str) -> None:
        """Drop the connection at once; what is awaited ends as uncertain."""
        if self._protocol is not None:
            self._protocol.lose(reason)

    async def close(self) -> None:
        """Drop the connection and wait for the heart to stop; Asterisk needs no goodbye."""
        self.abort("closed by us")
        if self._heart is not None:
            self._heart.cancel()
            await asyncio.wait({self._heart})

    @property
    def is_up(self) -> bool:
        """Tell whether actions can be sent."""
        return self._protocol is not None and not self._protocol.closed

    @property
    def banner(self) -> str:
        """Asterisk's greeting: `Asterisk Call Manager/11.0.0`."""
        return (self._protocol.framer.banner if self._protocol else None) or ""

    @property
    def pending(self) -> int:
        """How many actions await their answer."""
        return len(self._protocol.responses) if self._protocol else 0

    @property
    def late(self) -> int:
        """How many answers came after their deadline."""
        return self._protocol.responses.late if self._protocol else 0

    @property
    def skipped(self) -> int:
        """How many events nobody wanted."""
        return self._protocol.framer.skipped if self._protocol else 0

    async def _ask(self, action: AmiAction, seconds: float | None, *, as_list: bool) -> list[Frame]:
        limit = self._timeouts.action if seconds is None else seconds
        sent = BridgeAction(action, seconds=limit, as_list=as_list)
        if self._protocol is None or self._protocol.closed:
            raise LinkDown(f"{action.name}: the link is down")
        answer: asyncio.Future[list[Frame]] = self._manager.send_action(sent)
        try:
            frames = await answer
        finally:
            self._protocol.responses.discard(sent)
        if not is_success(frames[0]):
            raise ActionRefused(action.name, frames[0].get("Message") or "no reason given")
        return frames

    async def _log_in(self) -> None:
        place, login = self._address.place, self._login
        action = AmiAction(
            "Login",
            (("Username", login.user), ("Secret", login.secret), ("Events", login.events)),
        )
        try:
            await self.ask(action, seconds=self._timeouts.login)
        except ActionRefused as refusal:
            raise LoginRefused(place, login.user, refusal.reason) from None
        except ActionTimedOut:
            why = f"no answer to the login within {self._timeouts.login:g} s"
            raise AsteriskUnreachable(place, why) from None
        except (ActionUncertain, LinkDown):
            raise AsteriskUnreachable(place, "it closed the connection at the login") from None

    async def _beat(self) -> None:
        missed = 0
        while missed < MISSED_PINGS:
            await asyncio.sleep(self._timeouts.ping_interval)
            try:
                await self.ask(PING, seconds=self._timeouts.ping_answer)
                missed = 0
            except ActionTimedOut:
                missed += 1
                log.warning("ami.ping_unanswered", user=self._login.user, missed=missed)
            except (ActionUncertain, LinkDown):
                return
        self.abort(f"{missed} pings unanswered")

    def _sweep(self) -> None:
        if self._protocol is None or self._protocol.closed:
            return
        loop = asyncio.get_running_loop()
        self._protocol.responses.expire(loop.time())
        self._sweeper = loop.call_later(self._timeouts.sweep, self._sweep)

    def _on_lost(self, reason: str) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
        if self._heart is not None and self._heart is not asyncio.current_task():
            self._heart.cancel()
        if not self.lost.done():
            self.lost.set_result(reason)
