"""Keeps one login connected: first attempt, loss, back-off, next attempt, until closed."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from ami_bridge.errors import AmiError, LoginRefused, SwitchError
from ami_bridge.parameters import AmiTimeouts
from ami_bridge.session import AmiSession

log = structlog.get_logger("ami_bridge.link")

_dice = random.SystemRandom()


def backoff_seconds(
    failures: int, limits: AmiTimeouts, draw: Callable[[float, float], float] = _dice.uniform
) -> float:
    """Return how long to wait after so many failures in a row: full jitter, so that the bridges of
    one Asterisk do not come back in step.
    """
    longest = min(limits.backoff_longest, limits.backoff_first * 2.0 ** min(failures, 16))
    return draw(0.0, longest)


class SupervisedLogin:
    """One login that is reconnected for ever.

    make_session: a fresh, unopened session. on_ready: runs after the login; only when it has
    returned is the link up. on_lost: called with the reason whenever a session ends.
    generation: how many sessions became ready. problem: why there is no session, empty while
    there is one.
    """

    def __init__(
        self,
        name: str,
        limits: AmiTimeouts,
        make_session: Callable[[], Awaitable[AmiSession]],
        *,
        on_ready: Callable[[AmiSession], Awaitable[None]] | None = None,
        on_lost: Callable[[str], None] = lambda reason: None,
    ) -> None:
        self._name = name
        self._limits = limits
        self._make_session = make_session
        self._on_ready = on_ready
        self._on_lost = on_lost
        self._first: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._task: asyncio.Task[None] | None = None
        self._session: AmiSession | None = None
        self._log = log.bind(login=name)
        self.generation = 0
        self.problem = "not connected yet"

    @property
    def session(self) -> AmiSession | None:
        """The ready session, or None while there is none."""
        session = self._session
        return session if session is not None and session.is_up else None

    async def start(self) -> None:
        """Return when the link is ready; raise what the first attempt met, and go on trying."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name=f"ami-{self._name}")
        await asyncio.shield(self._first)

    async def close(self) -> None:
        """End the session and any waiting reconnect; safe to call twice."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._first.done():
            self._first.exception()  # seen: nobody may be waiting for it
        else:
            self._first.cancel()

    async def _run(self) -> None:
        loop = asyncio.get_running_loop()
        failures = 0
        while True:
            started = loop.time()
            refused = await self._try_once()
            if loop.time() - started >= self._limits.stable:
                failures = 0
            seconds = (
                self._limits.backoff_refused if refused else backoff_seconds(failures, self._limits)
            )
            failures += 1
            self._log.info("ami.retry_planned", seconds=round(seconds, 2), failures=failures)
            await asyncio.sleep(seconds)

    async def _try_once(self) -> bool:
        """Hold one session to its end; return whether its login was refused."""
        try:
            self.problem = reason = await self._live_once()
            self._log.warning("ami.link_lost", reason=reason)
        except LoginRefused as error:
            self.problem = str(error)
            self._log.error("ami.login_refused", problem=str(error))
            self._tell_first(error)
            return True
        except (AmiError, SwitchError) as error:
            self.problem = str(error)
            self._log.warning("ami.connect_failed", problem=str(error))
            self._tell_first(error)
        except Exception as error:  # a mistake of ours must not leave the floor without a link
            self.problem = repr(error)
            self._log.exception("ami.supervisor_failed")
            self._tell_first(error)
        return False

    async def _live_once(self) -> str:
        """Hold one session from its opening to its end; return why it ended."""
        session = await self._make_session()
        reason = "not ready"
        try:
            await session.open()
            if self._on_ready is not None:
                await self._on_ready(session)
            self._session = session
            self.generation += 1
            self.problem = ""
            self._log.info("ami.link_ready", generation=self.generation, banner=session.banner)
            self._tell_first(None)
            reason = await session.lost
        except asyncio.CancelledError:
            reason = "closed by us"
            await session.close()
            raise
        finally:
            self._session = None
            session.abort(reason)
            self._on_lost(session.lost.result() if session.lost.done() else reason)
        return reason

    def _tell_first(self, error: Exception | None) -> None:
        if self._first.done():
            return
        if error is None:
            self._first.set_result(None)
        else:
            self._first.set_exception(error)
