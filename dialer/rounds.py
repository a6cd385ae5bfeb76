"""One piece of work again and again, for ever: the shape that all parts of the dialer share."""

from collections.abc import Awaitable, Callable

import structlog

from config.timeouts import DATABASE_RETRY_SECONDS
from dialer.ports import Clock
from store.errors import StoreError

log = structlog.get_logger("dialer.rounds")


async def go_round(
    part: str,
    work: Callable[[], Awaitable[None]],
    pause_seconds: float,
    clock: Clock,
    on_database_away: Callable[[], None] = lambda: None,
) -> None:
    """Do `work`, pause, and so on. While Postgres is away the part waits, and says so.

    part: its name in the log. on_database_away: called each time before the wait.
    """
    while True:
        try:
            await work()
        except StoreError as error:
            log.warning("dialer.waits_for_database", part=part, problem=str(error))
            on_database_away()
            await clock.sleep(DATABASE_RETRY_SECONDS)
        await clock.sleep(pause_seconds)
