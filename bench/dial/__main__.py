"""From list to call record on a real Asterisk: calls/s against a bare loop, answer to agent."""

import argparse
import asyncio
import itertools
import os
import statistics
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.dial.bare import originates, play
from bench.dial.floor import QUEUE, RING_SECONDS, DialFloor, dial_floor
from bench.dial.usage import Usage, usage_of
from lab.numbering_plan import number_for
from store.database import Database, Row

RATIO_TARGET = 0.8
CONNECT_TARGET_SECONDS = 0.3
_FAST = ("busy", "invalid", "invalid_incomplete", "rejected", "busy_everywhere", "barred")
"""Refused by the far end at once: what is left is the dialling."""
_LIMIT_SECONDS = 300.0


@dataclass(frozen=True, slots=True)
class Dialled:
    """One list, dialled to its last record."""

    row: Row
    service: Usage
    postgres: Usage
    asterisk: Usage

    @property
    def calls(self) -> int:
        """Attempts made."""
        attempts: int = self.row["attempts"]
        return attempts

    @property
    def rate(self) -> float:
        """Calls per second from the first plan to the last record, so everything is persisted."""
        took = self.row["last_recorded"] - self.row["first_planned"]
        return float(self.calls / took.total_seconds())

    @property
    def faults(self) -> int:
        """Dialled twice, open, without record, or with a record that tells another end."""
        row = self.row
        twice = row["attempts"] - row["numbers"]
        missing = row["attempts"] - row["records"]
        return int(twice + row["open_attempts"] + missing + row["unlike"])


def fast_numbers() -> Iterator[str]:
    """Yield numbers that are refused at once, each one once."""
    for tenths, name, serial in itertools.product(range(3), _FAST, range(1000)):
        yield number_for(name, tenths, serial)


def talking_numbers(count: int, tenths: int) -> list[str]:
    """Return numbers that answer at once and talk for so many tenths of a second."""
    serials = (serial for serial in range(1000) if serial % 10 == 0)
    spread = itertools.product(range(tenths, 1000), serials)
    return [
        number_for("answered_customer_ends", time, serial)
        for time, serial in itertools.islice(spread, count)
    ]


async def dial(floor: DialFloor, database: Database, pid: int, name: str) -> Dialled:
    """Dial one campaign's list to its end and say what it took."""
    pbx = floor.lab.pbx.pid or 0
    before = usage_of(pid), floor.postgres_usage(), usage_of(pbx)
    await floor.run_list(database, name, _LIMIT_SECONDS)
    after = usage_of(pid), floor.postgres_usage(), usage_of(pbx)
    row = await database.with_queries(Path(__file__).parent).fetch_row("bench_result", name)
    assert row is not None
    return Dialled(row, *(end - start for end, start in zip(after, before, strict=True)))


async def throughput(floor: DialFloor, database: Database, pid: int, calls: int) -> bool:
    """Bare loop, dialer, bare loop: the machine's mood falls on both."""
    fresh = fast_numbers()
    bare_calls = [list(itertools.islice(fresh, calls // 2)) for _ in range(2)]
    await floor.add_campaign(database, "fast", list(itertools.islice(fresh, calls)), floor.agents)
    orders = [originates(part, "bare", QUEUE, RING_SECONDS) for part in bare_calls]
    first = await play(floor.address, orders[0], floor.agents)
    dialled = await dial(floor, database, pid, "fast")
    second = await play(floor.address, orders[1], floor.agents)
    bare = statistics.harmonic_mean([first, second])
    ratio = dialled.rate / bare
    print(f"bare loop, {floor.agents} lines: {first:.0f} and {second:.0f} calls/s")
    print(
        f"dialer, list to call_record: {dialled.rate:.0f} calls/s, {dialled.calls} calls,"
        f" wrong: {dialled.faults}"
    )
    print(f"ratio {ratio:.2f} (target >= {RATIO_TARGET})")
    _costs(dialled)
    return ratio >= RATIO_TARGET and not dialled.faults


def _costs(dialled: Dialled) -> None:
    thousands = dialled.calls / 1000
    for name in ("service", "postgres", "asterisk"):
        used: Usage = getattr(dialled, name)
        print(
            f"{name:9} per 1,000 calls: {used.cpu_seconds / thousands:5.2f} s CPU,"
            f" {used.resident / 1e6 / thousands:+.2f} MB resident"
        )


async def connects(floor: DialFloor, database: Database, pid: int, calls: int) -> bool:
    """Time from the customer's answer to the agent, while every agent is busy dialled."""
    numbers = talking_numbers(calls, floor.talk_tenths)
    await floor.add_campaign(database, "talk", numbers, floor.agents)
    dialled = await dial(floor, database, pid, "talk")
    queries = database.with_queries(Path(__file__).parent)
    rows = await queries.fetch("bench_connect_seconds", "talk")
    waits = sorted(row["seconds"] for row in rows if row["seconds"] is not None)
    p50, p99 = waits[len(waits) // 2], waits[int(len(waits) * 0.99)]
    print(
        f"answer to agent, {floor.agents} agents: p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms,"
        f" {len(rows)} answered, {len(rows) - len(waits)} without an agent,"
        f" {dialled.rate:.0f} calls/s, wrong: {dialled.faults}"
    )
    return p99 <= CONNECT_TARGET_SECONDS and len(waits) == len(rows)


async def run(floor: DialFloor, calls: int, answered: int) -> bool:
    """Both parts on one floor and one service."""
    database = await Database.open(floor.url, max_connections=2)
    try:
        await floor.sign_in(database)
        async with floor.service() as pid:
            is_fast = await throughput(floor, database, pid, calls)
            is_quick = await connects(floor, database, pid, answered)
        print(f"load average of the last minute: {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores")
        return is_fast and is_quick
    finally:
        await database.close()


def main() -> int:
    """Read the options and run."""
    parser = argparse.ArgumentParser(description=__doc__, prog="bin/bench dial")
    parser.add_argument("--calls", type=int, default=4000, help="to the fast far end (4000)")
    parser.add_argument("--answered", type=int, default=1200, help="calls that are answered (1200)")
    parser.add_argument("--agents", type=int, default=200)
    parser.add_argument("--talk", type=float, default=20.0, help="shortest talk in seconds (20)")
    parser.add_argument("--asterisk", default="22", choices=("22", "16"))
    options = parser.parse_args()
    with dial_floor(options.agents, options.asterisk) as floor:
        floor.talk_tenths = int(options.talk * 10)
        is_good = asyncio.run(run(floor, options.calls, options.answered))
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
