"""kill -9 on the way from lease to record: no lead is dialled twice, lost or stuck."""

import asyncio
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.crash.floor import crash_floor

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]
TAKE_OVER_SECONDS = 5.0
STEP_SECONDS = 60.0
STEPS = (
    "lease.committed",
    "originate.sent",
    "fact.AgentConnected",
    "settle.marked",
    "record.replaced",
)
"""One for each part of a call's life; `bin/bench crash` dies at all of them, and at random."""


async def until(condition: Callable[[], bool]) -> None:
    """Look until it is so: what changes it is another process."""
    while not condition():  # noqa: ASYNC110 - no event crosses processes
        await asyncio.sleep(0.02)


async def test_killed_on_the_way_each_lead_is_dialled_exactly_once(
    database_url: str, tmp_path: Path
) -> None:
    async with crash_floor(database_url, tmp_path / "log") as floor:
        await floor.seed(60)
        for point in STEPS:
            service = await floor.start_service(failpoint=point)
            code = await asyncio.wait_for(service.wait(), STEP_SECONDS)
            assert code == -signal.SIGKILL, (point, floor.log_tail())
        await floor.finish()
        outcome = await floor.outcome()

    assert outcome.faults == 0, outcome
    assert outcome.answered > 0


async def test_a_stand_by_takes_over_within_five_seconds(database_url: str, tmp_path: Path) -> None:
    async with crash_floor(database_url, tmp_path / "log") as floor:
        await floor.seed(200)
        leader = await floor.start_service()
        await until(lambda: len(floor.asterisk.played) >= 5)
        spare = await floor.start_service("--standby")
        await until(lambda: len(floor.asterisk.of("Login")) >= 4)
        leader.kill()
        await leader.wait()
        died, before = time.monotonic(), len(floor.asterisk.played)
        await until(lambda: len(floor.asterisk.played) > before)
        took = time.monotonic() - died
        spare.terminate()
        assert await spare.wait() == 0, floor.log_tail()
        outcome = await floor.outcome()

    assert took <= TAKE_OVER_SECONDS
    assert outcome.dialled_twice == 0
