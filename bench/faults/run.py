"""One run: calls at a steady pace over a bad line, a fault, a look at the floor, the next fault."""

import asyncio
import gc
import random
import resource
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.switch import AsteriskSwitch
from bench.faults.line import BadLine, Fault
from bench.faults.traffic import Traffic, numbers
from bench.faults.truth import Ends, Verdict, compare, judge
from dialer.live_floor import LiveFloor
from lab.lab import Lab

LIMITS = AmiTimeouts(ping_interval=1.0, ping_answer=1.0, backoff_longest=2.0)
"""The service's own limits, but a heart five times as quick: a half-open line is found in 3 s."""
LOGINS = 2
_POLL_SECONDS = 0.02
_STEADY_SECONDS = 0.5
_PROMPT_SECONDS = 0.3
_KNOWN_AGAIN_SECONDS = 30.0
_LAST_CALL_SECONDS = 20.0


@dataclass(slots=True)
class Run:
    """What a run saw. known_after: seconds from each fault's end until the floor was known.

    reconnects: of reader and actor together; by chance a short run may hit one of them only.
    """

    faults: int = 0
    looks: int = 0
    wrong: list[str] = field(default_factory=list)
    known_after: list[float] = field(default_factory=list)
    reconnects: int = 0
    illegal_facts: int = 0
    grown_kib: int = 0
    grown_objects: int = 0
    verdict: Verdict | None = None

    @property
    def is_clean(self) -> bool:
        """Whether nothing at all was lost, doubled or wrong."""
        return not self.wrong and self.verdict is not None and self.verdict.is_clean


async def run(
    lab: Lab,
    address: AmiAddress,
    faults: Sequence[Fault],
    *,
    calls_per_second: float,
    agents: int,
    seed: int = 1,
) -> Run:
    """Let the faults happen at random moments; TimeoutError if the floor stays unknown."""
    seen, live, ends, stop = Run(), LiveFloor(), Ends(), asyncio.Event()
    live.listen(ends.hear)
    async with BadLine(address.host, address.port, seed).up() as line:
        switch = AsteriskSwitch(replace(address, host="127.0.0.1", port=line.port), timeouts=LIMITS)
        await switch.start()
        traffic = Traffic(switch, live, calls_per_second)
        following = asyncio.create_task(_follow(switch, live))
        await traffic.sign_in(agents)
        calling = asyncio.create_task(traffic.run(numbers(seed), stop))
        try:
            await _suffer_all(lab, line, switch, live, faults, seen, random.Random(seed))
        finally:
            stop.set()
            await calling
        await _until_idle(live)
        seen.reconnects = line.made - LOGINS
        seen.illegal_facts = live.illegal_facts
        await switch.close()
        await following
    ledger = Path(lab.pbx.cel_ledger)
    seen.verdict = judge(ledger, traffic.orders, ends, live.floor)
    return seen


async def _follow(switch: AsteriskSwitch, live: LiveFloor) -> None:
    async for fact in switch.facts():
        live.apply(fact)


async def _suffer_all(
    lab: Lab,
    line: BadLine,
    switch: AsteriskSwitch,
    live: LiveFloor,
    faults: Sequence[Fault],
    seen: Run,
    dice: random.Random,
) -> None:
    first_kib = first_objects = 0
    for number, fault in enumerate(faults):
        await asyncio.sleep(dice.uniform(0.1, 1.0))
        await line.suffer(fault, dice.uniform(0.5, 2.0))
        if fault is Fault.HALF_OPEN:
            await _until_noticed(line)
        started = time.monotonic()
        await _until_known(switch, live)
        seen.known_after.append(time.monotonic() - started - _STEADY_SECONDS)
        seen.faults += 1
        if (wrong := await compare(lab, live.floor)) is not None:
            seen.wrong += [f"after fault {number + 1} ({fault}): {problem}" for problem in wrong]
            seen.looks += 1
        if number == len(faults) // 4:
            first_kib, first_objects = _resident_kib(), _bridge_objects()
    seen.grown_kib = _resident_kib() - first_kib
    seen.grown_objects = _bridge_objects() - first_objects


async def _until_noticed(line: BadLine) -> None:
    """Wait until every half-open connection was given up."""
    async with asyncio.timeout(_KNOWN_AGAIN_SECONDS):
        await _until(lambda: not any(one.swallows for one in line.connections))


async def _until_known(switch: AsteriskSwitch, live: LiveFloor) -> None:
    """Wait until both logins are ready, the floor is known and up to date, all for a moment."""
    async with asyncio.timeout(_KNOWN_AGAIN_SECONDS):
        good_since: float | None = None
        while good_since is None or time.monotonic() - good_since < _STEADY_SECONDS:
            health = switch.health
            is_prompt = health.lag_seconds < _PROMPT_SECONDS
            is_good = health.connected and live.floor.is_known and is_prompt
            good_since = (good_since or time.monotonic()) if is_good else None
            await asyncio.sleep(_POLL_SECONDS)


async def _until_idle(live: LiveFloor) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_LAST_CALL_SECONDS):
            await _until(lambda: not any(call.has_channel for call in live.floor.calls))


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 # nothing announces it
        await asyncio.sleep(_POLL_SECONDS)


def _bridge_objects() -> int:
    """Count the living objects of the bridge: the process also holds the benchmark's own books."""
    gc.collect()
    modules = (type(one).__module__ for one in gc.get_objects())
    return sum(isinstance(name, str) and name.startswith("ami_bridge") for name in modules)


def _resident_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
