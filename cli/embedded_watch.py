"""Watches the embedded Postgres of a running service: starts it again, or ends loudly."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

from cli.supervision import PartGaveUp
from config.timeouts import EMBEDDED_CHECK_SECONDS
from dialer.ports import Clock
from store.errors import ServerGone, StoreError

log = structlog.get_logger("cli.embedded_watch")
EMBEDDED_MISSES = 15


class EmbeddedPostgresGone(PartGaveUp):
    """The server that this service started, or found running, cannot be brought back."""

    def __init__(self, problem: str) -> None:
        super().__init__(f"the embedded Postgres is gone and cannot be started again: {problem}")


class Revivable(Protocol):
    """As much of `store.embedded.EmbeddedPostgres` as is needed here."""

    def revive(self) -> None:
        """Start the server again if it died; raises ServerNotStarted or ServerGone."""


async def watch_embedded(
    server: Revivable, look: Callable[[], Awaitable[object]], clock: Clock
) -> None:
    """Ask the server something now and then, for ever. Raises EmbeddedPostgresGone."""
    misses = 0
    while True:
        await clock.sleep(EMBEDDED_CHECK_SECONDS)
        try:
            await look()
            misses = 0
        except StoreError as error:
            misses += 1
            problem = await _revive(server) or str(error)
            log.warning("service.embedded_postgres_missed", misses=misses, problem=problem)
            if misses >= EMBEDDED_MISSES:
                raise EmbeddedPostgresGone(problem) from error


async def _revive(server: Revivable) -> str:
    """Start the server again, which may take its time; return what is in the way, if anything.

    Raises EmbeddedPostgresGone where another try cannot help.
    """
    try:
        await asyncio.to_thread(server.revive)
    except ServerGone as error:
        raise EmbeddedPostgresGone(str(error)) from error
    except (StoreError, OSError) as error:
        return str(error)
    return ""
