"""One service leads a database: a second one is refused, or stands by and takes over."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import structlog

from cli.supervision import PartGaveUp
from config.timeouts import DATABASE_RETRY_SECONDS, LEADER_CHECK_SECONDS, LEADER_LOCK_SECONDS
from dialer.ports import Clock
from store.database import Database, HeldLock
from store.errors import StoreError

log = structlog.get_logger("cli.leadership")
LOCK_KEY = 0x0CA11F1003


class NotAlone(PartGaveUp):
    """Another service uses this database; two would dial two lines for each free agent."""

    def __init__(self) -> None:
        super().__init__("another `callfloor serve` is running on this database: stop it first")


class StoodDown(Exception):
    """A service that stood by was asked to stop."""


class Leadership:
    """Holds the database's one lock for the service's life."""

    def __init__(self, database: Database, clock: Clock, *, stands_by: bool = False) -> None:
        self._database = database
        self._stands_by = stands_by
        self._clock = clock
        self._stack = AsyncExitStack()
        self._lock: HeldLock | None = None

    @asynccontextmanager
    async def held(self, stop: asyncio.Event | None = None) -> AsyncIterator[None]:
        """Take the lock, waiting a little for a service that is just ending; raises NotAlone.

        One that stands by waits for as long as the other lives; raises StoodDown when `stop` is
        set meanwhile.
        """
        await (
            self._stand_by(stop or asyncio.Event()) if self._stands_by else self._wait_a_little()
        )
        try:
            yield
        finally:
            await self._give_up()

    async def _wait_a_little(self) -> None:
        tries = int(LEADER_LOCK_SECONDS / DATABASE_RETRY_SECONDS)
        while not await self._take():
            if not tries:
                raise NotAlone
            tries -= 1
            await self._clock.sleep(DATABASE_RETRY_SECONDS)

    async def _stand_by(self, stop: asyncio.Event) -> None:
        log.info("leadership.stands_by")
        while not stop.is_set():
            try:
                if await self._take():
                    log.info("leadership.taken_over")
                    return
            except StoreError as error:
                log.warning("leadership.waits_for_database", problem=str(error))
                await self._give_up()
            await self._clock.sleep(DATABASE_RETRY_SECONDS)
        raise StoodDown

    async def guard(self) -> None:
        """Keep the lock for ever, also when Postgres restarts; raises NotAlone if it is taken."""
        while True:
            await self._clock.sleep(LEADER_CHECK_SECONDS)
            try:
                if self._lock is not None:
                    await self._lock.check()
                elif not await self._take():
                    raise NotAlone
            except StoreError as error:
                log.warning("leadership.lost", problem=str(error))
                await self._give_up()

    async def _take(self) -> bool:
        self._lock = await self._stack.enter_async_context(self._database.held_lock(LOCK_KEY))
        if self._lock is None:
            await self._give_up()
        return self._lock is not None

    async def _give_up(self) -> None:
        self._lock = None
        try:
            await self._stack.aclose()
        except StoreError as error:
            log.info("leadership.released_with_its_connection", problem=str(error))
