"""Load on a real Asterisk with every event class on: lag, order, losses, and the rate held."""

import argparse
import asyncio
import contextlib
import logging
import os
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from ami_bridge.framing import Frame
from ami_bridge.parameters import AmiAddress
from ami_bridge.snapshot import Lists
from ami_bridge.switch import AsteriskSwitch
from bench._lab import BenchLab, bench_lab
from bench.faults.traffic import a_call
from calls.switch import SwitchError
from dialer.live_floor import LiveFloor
from lab.numbering_plan import number_for

LAG_TARGET_SECONDS = 0.1
HELD_SHARE = 0.95
_IDLE_SECONDS = 2.0
_POLL_SECONDS = 0.05
_LAST_CALL_SECONDS = 60.0
_STEPS = ("Newchannel", "Newstate", "Hangup")
_ROW = "{:>7} {:>7} {:>7} {:>8} {:>8} {:>6} {:>7} {:>9} {:>5} {:>6} {:>7} {:>7}"


@dataclass
class Heard:
    """What the bridge heard. lags: seconds since Asterisk's timestamp.

    disorder: steps of one channel that went backwards, or came after its end.
    """

    lags: list[float] = field(default_factory=list)
    names: Counter[str] = field(default_factory=Counter)
    disorder: int = 0
    _last_stamps: dict[str, float] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)

    def __call__(self, at: datetime, frame: Frame) -> None:
        """Record one wanted event, as AsteriskSwitch's recorder."""
        stamp = float(frame.get("Timestamp") or 0)
        self.lags.append(at.timestamp() - stamp)
        self.names[frame.name] += 1
        if frame.name in _STEPS:
            # Of one channel: several of Asterisk's threads write their stamps before they queue.
            channel = frame.get("Uniqueid")
            self.disorder += channel in self._ended or stamp < self._last_stamps.get(channel, 0.0)
            self._last_stamps[channel] = stamp
            if frame.name == "Hangup":
                self._ended.add(channel)

    def begin(self, at: datetime) -> None:
        """A login will speak: nothing to count."""

    def snapshot(self, at: datetime, lists: Lists) -> None:
        """Lists came: nothing to count."""

    def lost(self, at: datetime, reason: str) -> None:
        """The link is gone: what is missing will show."""


class Witness(asyncio.Protocol):
    """A second login on a bare socket that only counts events."""

    def __init__(self, address: AmiAddress) -> None:
        self.events = 0
        self.is_lost = False
        self._login = f"Action: Login\r\nUsername: {address.reader_user}\r\n"
        self._login += f"Secret: {address.reader_secret}\r\nEvents: on\r\n\r\n"
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Log in."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.write(self._login.encode())

    def data_received(self, data: bytes) -> None:
        """Count."""
        *blocks, self._rest = (self._rest + data).split(b"\r\n\r\n")
        self.events += sum(b"Event: " in block[:40] for block in blocks)

    def connection_lost(self, exc: Exception | None) -> None:
        """Asterisk dropped us."""
        self.is_lost = True


async def measure(lab: BenchLab, rate: float, seconds: float) -> bool:
    """Run one rate and print its row; tell whether it was held cleanly."""
    heard, live = Heard(), LiveFloor()
    switch = AsteriskSwitch(lab.everything, recorder=heard)
    await switch.start()
    _, witness = await asyncio.get_running_loop().create_connection(
        lambda: Witness(lab.everything), lab.everything.host, lab.everything.port
    )
    following = asyncio.create_task(_follow(switch, live))
    await asyncio.sleep(_IDLE_SECONDS)
    ours, theirs = _events(switch), witness.events
    heard.lags.clear()
    started, cpu, shares = time.monotonic(), _cpu_seconds(), _Shares(lab)
    placed = await _place(switch, rate, seconds)
    lasted = time.monotonic() - started
    await _until_idle(heard, placed, lambda: (_events(switch), witness.events))
    used = (_cpu_seconds() - cpu) / (time.monotonic() - started)
    told = shares.since(time.monotonic() - started)
    missing = (witness.events - theirs) - (_events(switch) - ours)
    health = switch.health
    await switch.close()
    await following
    lags = sorted(heard.lags)
    p99 = lags[int(len(lags) * 0.99)] if lags else 0.0
    untold = placed - heard.names["OriginateResponse"]
    drops = (health.generation != 1) + witness.is_lost
    is_held = placed / lasted >= HELD_SHARE * rate
    print(
        _ROW.format(
            *(f"{rate:g}", f"{placed / lasted:.0f}", placed, witness.events - theirs),
            *(drops, missing, untold, heard.disorder, f"{used:.0%}", f"{os.getloadavg()[0]:.1f}"),
            *(f"{statistics.median(lags) * 1000:.1f}", f"{p99 * 1000:.1f}"),
        ),
        flush=True,
    )
    print(f"{'':>8}{told}", flush=True)
    return (
        is_held and not (drops or missing or untold or heard.disorder) and p99 <= LAG_TARGET_SECONDS
    )


class _Shares:
    """Who worked and who waited for a core, of the kernel's scheduler (Linux): whose the lag is."""

    def __init__(self, lab: BenchLab) -> None:
        pids = {one.name: one.pid for one in lab.lab.instances if one.pid is not None}
        self._pids = {"bridge and callers": os.getpid(), **pids}
        self._before = {name: _scheduled(pid) for name, pid in self._pids.items()}

    def since(self, seconds: float) -> str:
        """Say for each process which share of the seconds it ran, and was ready but had no core."""
        said = []
        for name, pid in self._pids.items():
            ran, waited = (
                (now - before) / seconds
                for now, before in zip(_scheduled(pid), self._before[name], strict=True)
            )
            said.append(f"{name} ran {ran:.0%}, waited {waited:.0%}")
        return "; ".join(said)


def _scheduled(pid: int) -> tuple[float, float]:
    """Return the seconds that the process's present threads ran, and waited for a core."""
    ran = waited = 0
    for thread in Path(f"/proc/{pid}/task").iterdir():
        with contextlib.suppress(OSError):  # it ended meanwhile
            on_core, in_line, _ = (thread / "schedstat").read_text().split()
            ran, waited = ran + int(on_core), waited + int(in_line)
    return ran / 1e9, waited / 1e9


def _events(switch: AsteriskSwitch) -> int:
    return switch.health.events_seen + switch.health.events_skipped


async def _follow(switch: AsteriskSwitch, live: LiveFloor) -> None:
    async for fact in switch.facts():
        live.apply(fact)


async def _place(switch: AsteriskSwitch, rate: float, seconds: float) -> int:
    """Call busy numbers at the rate, without waiting for answers; return how many were taken."""
    loop = asyncio.get_running_loop()
    placing: set[asyncio.Task[bool]] = set()
    due, end = loop.time(), loop.time() + seconds
    while due < end:
        placing.add(asyncio.create_task(_place_one(switch, len(placing))))
        due += 1 / rate
        await asyncio.sleep(max(0.0, due - loop.time()))
    return sum(await asyncio.gather(*placing))


async def _place_one(switch: AsteriskSwitch, serial: int) -> bool:
    try:
        await switch.place(a_call(number_for("busy", 0, serial % 1000)))
    except SwitchError:
        return False
    return True


async def _until_idle(heard: Heard, placed: int, count: Callable[[], tuple[int, int]]) -> None:
    """Wait until every call was told of and neither login hears anything more."""
    try:
        async with asyncio.timeout(_LAST_CALL_SECONDS):
            while heard.names["OriginateResponse"] < placed:  # noqa: ASYNC110 # nothing announces it
                await asyncio.sleep(_POLL_SECONDS)
            before = None
            while before != (before := count()):  # noqa: ASYNC110 # the same
                await asyncio.sleep(_IDLE_SECONDS)
    except TimeoutError:
        pass  # what is missing is counted as lost


def _cpu_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> int:
    """Run every rate on one lab."""
    parser = argparse.ArgumentParser(description=__doc__, prog="bin/bench load")
    parser.add_argument("--rates", default="50,100,200,400", help="calls per second")
    parser.add_argument("--seconds", type=float, default=15.0, help="for each rate")
    parser.add_argument("--asterisk", default="22", choices=("22", "16"))
    options = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    print(f"busy calls, read=all, Asterisk {options.asterisk}, {os.cpu_count()} cores for all")
    heads = (
        "asked/s",
        "held/s",
        "calls",
        "events",
        "dropped",
        "lost",
        "untold",
        "disorder",
        "CPU",
        "load",
    )
    print(_ROW.format(*heads, "p50 ms", "p99 ms"), flush=True)
    with bench_lab(version=options.asterisk) as lab:
        rates = [float(rate) for rate in options.rates.split(",")]
        clean = [asyncio.run(measure(lab, rate, options.seconds)) for rate in rates]
    held = [rate for rate, is_clean in zip(rates, clean, strict=True) if is_clean]
    print(f"highest rate held cleanly with p99 <= 100 ms: {max(held, default=0):g} calls/s")
    return 0 if all(clean) else 1


if __name__ == "__main__":
    sys.exit(main())
