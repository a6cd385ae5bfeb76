"""The floor's truth after a lost link: seconds from the login until it is known again."""

import argparse
import asyncio
import logging
import os
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime

import structlog

from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.session import AmiSession
from ami_bridge.snapshot import take_snapshot
from ami_bridge.switch import AsteriskSwitch
from bench._lab import bench_lab
from bench.faults.traffic import a_call
from calls.commands import EndCall
from calls.ids import ChannelId
from dialer.live_floor import LiveFloor
from lab.numbering_plan import number_for

TARGET_SECONDS = 1.0
_PLACED_PER_SECOND = 40.0
_RINGS_SECONDS = 300
_POLL_SECONDS = 0.005
_ROW = "{:<44} {:>8} {:>8} {:>8}"


async def ring(switch: AsteriskSwitch, live: LiveFloor, count: int) -> None:
    """Let that many calls ring at the carrier: live channels that need no sound."""
    for number in range(count):
        await switch.place(
            a_call(number_for("no_answer_rings_on", 0, number % 1000), ring_seconds=_RINGS_SECONDS)
        )
        await asyncio.sleep(1 / _PLACED_PER_SECOND)
    async with asyncio.timeout(60):
        while sum(call.has_channel for call in live.floor.calls) < count:  # noqa: ASYNC110 # nothing announces it
            await asyncio.sleep(_POLL_SECONDS)


async def from_login(address: AmiAddress) -> tuple[float, float]:
    """Return the seconds from an accepted login until a fresh floor holds the snapshot.

    The second figure is the part of them that this process ran on a core: ours; the rest is
    Asterisk's, and waiting for a core.
    """
    session = AmiSession(address, address.reader)
    await session.open()
    started, ran = time.perf_counter(), time.process_time()
    taken = await take_snapshot(session, AmiTimeouts().snapshot, lambda: datetime.now(UTC))
    LiveFloor().apply(taken)
    seconds, ours = time.perf_counter() - started, time.process_time() - ran
    await session.close()
    return seconds, ours


async def from_loss(switch: AsteriskSwitch, live: LiveFloor) -> float:
    """Break the reader's connection; return the seconds until the floor is known, back-off too."""
    started = time.perf_counter()
    generation = switch.health.generation
    session = switch._reader.session
    assert session is not None
    session.abort("cut by the benchmark")
    while switch.health.generation == generation or not live.floor.is_known:  # noqa: ASYNC110 # nothing announces it
        await asyncio.sleep(_POLL_SECONDS)
    return time.perf_counter() - started


async def measure(address: AmiAddress, count: int, rounds: int) -> bool:
    """Print the table; tell whether the target was met and no call was lost."""
    # Each loss here is the first after a sound link, so that none waits for the one before.
    live, switch = LiveFloor(), AsteriskSwitch(address, timeouts=AmiTimeouts(stable=0.0))
    await switch.start()

    async def follow() -> None:
        async for fact in switch.facts():
            live.apply(fact)

    following = asyncio.create_task(follow())
    await ring(switch, live, count)
    before = {call.call for call in live.floor.calls}
    timed = [await from_login(address) for _ in range(rounds)]
    logins = [seconds for seconds, _ in timed]
    losses = [await from_loss(switch, live) for _ in range(rounds)]
    after = {call.call for call in live.floor.calls}
    print(_ROW.format(f"{len(before)} live channels, {rounds} rounds", "p50 s", "max s", "target"))
    _print("accepted login -> floor known", logins, f"{TARGET_SECONDS:g}")
    _print("  of that, run by the bridge", [ours for _, ours in timed], "-")
    _print("link lost -> floor known (back-off <= 0.5 s)", losses, "-")
    print(f"calls on the floor before and after: {len(before)} and {len(after)}")
    print(f"load average of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    for call in after:
        await switch.send(EndCall(ChannelId(call)))
    await switch.close()
    await following
    return max(logins) <= TARGET_SECONDS and before == after


def _print(name: str, seconds: Sequence[float], target: str) -> None:
    middle, worst = statistics.median(seconds), max(seconds)
    print(_ROW.format(name, f"{middle:.3f}", f"{worst:.3f}", target))


def main() -> int:
    """Run on a real Asterisk."""
    parser = argparse.ArgumentParser(description=__doc__, prog="bin/bench resync")
    parser.add_argument("--channels", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--asterisk", default="22", choices=("22", "16"))
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with bench_lab(version=options.asterisk) as lab:
        is_met = asyncio.run(measure(lab.plain, options.channels, options.rounds))
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
