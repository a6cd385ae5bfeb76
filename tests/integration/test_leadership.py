"""One service for one database, also when Postgres restarts: the lock is taken again, or lost."""

import asyncio
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import psycopg
import pytest

from cli.leadership import LOCK_KEY, Leadership, NotAlone
from store.database import Database
from store.embedded import EmbeddedPostgres
from tests.fakes.clock import ManualClock

pytestmark = pytest.mark.postgres


@pytest.fixture
def server() -> Iterator[EmbeddedPostgres]:
    """A server of our own, since we kill it."""
    folder = Path(tempfile.mkdtemp(prefix="callfloor-lock-", dir="/var/tmp"))
    folder.chmod(0o755)
    cache = Path(os.environ.get("CALLFLOOR_CACHE", "/var/tmp/callfloor-test")) / "postgres"
    made = EmbeddedPostgres(folder / "pg", cache=cache)
    made.start()
    yield made
    made.stop()
    shutil.rmtree(folder, ignore_errors=True)


@asynccontextmanager
async def leadership(server: EmbeddedPostgres) -> AsyncIterator[Leadership]:
    database = await Database.open(server.url_for("postgres"), max_connections=2)
    try:
        yield Leadership(database, ManualClock())
    finally:
        await database.close()


def is_held(server: EmbeddedPostgres) -> bool:
    """Whether anybody has the lock, as Postgres itself tells."""
    with psycopg.connect(server.url_for("postgres")) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted"
            " AND ((classid::bigint << 32) | objid::bigint) = %s",
            (LOCK_KEY,),
        ).fetchone()
    return row is not None and row[0] == 1


async def test_the_lock_is_taken_again_after_postgres_restarted(server: EmbeddedPostgres) -> None:
    async with leadership(server) as ours, ours.held():
        guarding = asyncio.create_task(ours.guard())
        server.kill()
        server.start()

        while not is_held(server):  # noqa: ASYNC110 # nothing announces it; the timeout is the limit
            await asyncio.sleep(0)

        async with leadership(server) as other:
            with pytest.raises(NotAlone, match="stop it first"):
                async with other.held():
                    raise AssertionError("two have the lock")
        assert not guarding.done()
        guarding.cancel()
    assert not is_held(server)


async def test_who_took_the_lock_in_the_gap_makes_the_first_end(server: EmbeddedPostgres) -> None:
    async with leadership(server) as first, first.held():
        server.kill()
        server.start()
        async with leadership(server) as second, second.held():
            with pytest.raises(NotAlone):
                await first.guard()
