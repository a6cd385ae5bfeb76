"""One service leads a database: a second one is refused, or stands by and takes over."""

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


class Leadership:
    """Holds the database's one lock for the service's life."""

    def __init__(self, database: Database, clock: Clock, *, stands_by: bool = False) -> None:
        self._database = database
        self._stands_by = stands_by
        self._clock = clock
        self._stack = AsyncExitStack()
        self._lock: HeldLock | None = None

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """Take the lock, waiting a little for a service that is just ending; raises NotAlone.

        One that stands by waits for as long as the other lives.
        """
        tries = int(LEADER_LOCK_SECONDS / DATABASE_RETRY_SECONDS)
        if self._stands_by:
            log.info("leadership.stands_by")
        while not await self._take():
            if not tries and not self._stands_by:
                raise NotAlone
            tries -= 1 if tries else 0
            await self._clock.sleep(DATABASE_RETRY_SECONDS)
        try:
            yield
        finally:
            await self._give_up()

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
