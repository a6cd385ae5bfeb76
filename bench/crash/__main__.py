"""Kill the service at every step and at random; count what was dialled twice, lost or stuck."""

import argparse
import asyncio
import random
import time
from dataclasses import asdict
from pathlib import Path

from bench._scratch import scratch_database
from bench.crash.floor import CrashFloor, Outcome, crash_floor
from config.failpoints import POINTS

LEADS_FOR_A_KILL = 12
POINT_SECONDS = 60.0


async def kill_at_points(floor: CrashFloor) -> int:
    """Die once at each failpoint; return how often the service died."""
    for point in POINTS:
        began = time.monotonic()
        service = await floor.start_service(failpoint=point)
        try:
            await asyncio.wait_for(service.wait(), POINT_SECONDS)
        except TimeoutError:
            service.kill()
            raise SystemExit(f"{point} was not reached:\n{floor.log_tail()}") from None
        print(f"  {point:24} killed after {time.monotonic() - began:5.1f} s", flush=True)
    return len(POINTS)


async def kill_at_random(floor: CrashFloor, kills: int, seed: int) -> int:
    """Kill at random moments while calls are dialled; return how often a line was in use."""
    chance = random.Random(seed)
    under_load = 0
    for kill in range(kills):
        before = len(floor.asterisk.played)
        service = await floor.start_service()
        try:
            async with asyncio.timeout(POINT_SECONDS):
                # The other side is another process, so no event of ours tells.
                while len(floor.asterisk.played) == before and await floor.leads_left():  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise SystemExit(
                f"after {kill} kills nothing is dialled:\n{floor.log_tail()}"
            ) from None
        await asyncio.sleep(chance.uniform(0, 1.5))
        under_load += bool(floor.asterisk.channels)
        service.kill()
        await service.wait()
        if kill % 10 == 9:
            print(f"  {kill + 1} random kills", flush=True)
    return under_load


async def run(url: str, log: Path, kills: int, seed: int) -> tuple[Outcome, int]:
    """Run everything on a fresh database."""
    async with crash_floor(url, log) as floor:
        await floor.seed(LEADS_FOR_A_KILL * (kills + len(POINTS)))
        await kill_at_points(floor)
        under_load = await kill_at_random(floor, kills, seed)
        await floor.finish(limit_seconds=900)
        return await floor.outcome(), under_load


def main() -> None:
    """Print the table; end with 1 when anything is wrong."""
    parser = argparse.ArgumentParser(prog="bin/bench crash", description=__doc__)
    parser.add_argument("--random", type=int, default=200, help="random kills (200)")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with scratch_database() as scratch:
        log = scratch.folder / "service.log"
        outcome, under_load = asyncio.run(run(scratch.url, log, asked.random, asked.seed))
    print(f"kills: {len(POINTS)} at failpoints, {asked.random} at random ({under_load} in a call)")
    for what, count in asdict(outcome).items():
        print(f"{what:24} {count}")
    if outcome.faults:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
