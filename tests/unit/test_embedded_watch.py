"""A service whose embedded Postgres died: it starts it again, or ends with one clear line."""

import asyncio

import pytest

from cli.embedded_watch import EMBEDDED_MISSES, EmbeddedPostgresGone, watch_embedded
from cli.supervision import PartGaveUp, Supervisor
from store.errors import DatabaseUnreachable, ServerGone, ServerNotStarted
from tests.fakes.clock import ManualClock


class Server:
    """It is away for so many looks; reviving it works, or not."""

    def __init__(self, away_for: int, problem: Exception | None = None) -> None:
        self.left = away_for
        self.problem = problem
        self.revivals = 0
        self.was_back = asyncio.Event()

    async def look(self) -> None:
        self.left -= 1
        if self.left >= 0:
            raise DatabaseUnreachable("connection refused")
        self.was_back.set()

    def revive(self) -> None:
        self.revivals += 1
        if self.problem:
            raise self.problem


async def test_a_server_that_died_is_started_again_and_the_service_goes_on() -> None:
    server = Server(away_for=EMBEDDED_MISSES - 1)
    watching = asyncio.create_task(watch_embedded(server, server.look, ManualClock()))

    await server.was_back.wait()

    assert server.revivals == EMBEDDED_MISSES - 1
    assert not watching.done()
    watching.cancel()


@pytest.mark.parametrize(
    ("problem", "tries"),
    [
        (ServerNotStarted("the port is taken"), EMBEDDED_MISSES),
        (PermissionError("the port is taken"), EMBEDDED_MISSES),
        (ServerGone("the port is taken"), 1),
    ],
)
async def test_a_server_that_stays_away_ends_the_watch_with_the_reason(
    problem: Exception, tries: int
) -> None:
    server = Server(away_for=1000, problem=problem)

    with pytest.raises(EmbeddedPostgresGone, match=r"gone and cannot .*: the port is taken"):
        await watch_embedded(server, server.look, ManualClock())

    assert server.revivals == tries


async def test_a_part_that_gives_up_ends_the_service_with_its_own_words() -> None:
    async def give_up() -> None:
        raise PartGaveUp("one clear line")

    async with Supervisor() as parts:
        parts.start("postgres", give_up())
        with pytest.raises(PartGaveUp, match=r"^one clear line$"):
            await parts.watch(asyncio.Event())
