"""Reading AMI: CPU per event, ours against stock panoramisk and against bytes.split."""

import argparse
import asyncio
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bench.ami import mix
from bench.ami.parsers import PARSERS
from bench.ami.tcp import read_over_tcp, sending

CHUNK_BYTES = 64 * 1024
STREAMS: dict[str, frozenset[str] | None] = {
    "mix": None,
    "wanted": frozenset(mix.WANTED),
    "unwanted": frozenset({"VarSet", "Newexten", "RTCPSent", "RTCPReceived", "DialBegin"}),
}
SPLIT_MICROSECONDS = 0.47
"""What bytes.split cost per event on the machine for which the targets in microseconds were set."""
TARGET_MICROSECONDS = {"unwanted": 1.2, "wanted": 7.0}
TARGET_RATIO = 8.0

Case = tuple[str, str, bool]
"""Stream, parser, over TCP."""


@dataclass(frozen=True, slots=True)
class Run:
    """What one fresh process measured. told: events or facts that came out."""

    microseconds: float
    told: int
    grown_kib: int


def measure(parser: str, path: Path, events: int, *, tcp: bool, repeats: int = 1) -> Run:
    """Feed the stream in this process; CPU time, not wall time."""
    if tcp:
        with sending(path) as port:
            seconds, told = asyncio.run(read_over_tcp(parser, port))
        return Run(seconds * 1e6 / events, told, 0)
    return asyncio.run(_feed(parser, path.read_bytes, events, repeats))


async def _feed(parser: str, read: Callable[[], bytes], events: int, repeats: int) -> Run:
    subject = PARSERS[parser]()
    subject.feed(mix.BANNER)
    seconds, first = 0.0, 0
    for repeat in range(repeats):
        data = read()
        started = time.process_time()
        for start in range(0, len(data), CHUNK_BYTES):
            subject.feed(data[start : start + CHUNK_BYTES])
        seconds += time.process_time() - started
        first = first if repeat else _resident_kib()
    return Run(seconds * 1e6 / events / repeats, subject.told, _resident_kib() - first)


def _resident_kib() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def in_fresh_process(
    parser: str, path: Path, events: int, *, tcp: bool = False, repeats: int = 1
) -> Run:
    """Measure in a process of its own, so that no parser inherits another's memory."""
    command = [sys.executable, "-m", "bench.ami", "--one", parser, "--file", str(path)]
    command += ["--events", str(events), "--repeats", str(repeats), *(["--tcp"] if tcp else [])]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Run(**json.loads(done.stdout))


def main() -> None:
    """Measure everything and print the table."""
    options = _options()
    if options.one:
        run = measure(
            options.one, options.file, options.events, tcp=options.tcp, repeats=options.repeats
        )
        print(json.dumps({name: getattr(run, name) for name in Run.__slots__}))
        return
    with tempfile.TemporaryDirectory() as folder:
        _compare(Path(folder), options.events, options.rounds, options.soak)


def _compare(folder: Path, events: int, rounds: int, soak: int) -> None:
    paths = {}
    for name, only in STREAMS.items():
        paths[name] = folder / name
        paths[name].write_bytes(mix.stream(events, only))
    size = paths["mix"].stat().st_size
    print(f"{events} events, {size / 1e6:.1f} MB, mean {size / events:.0f} bytes; {rounds} rounds")
    cases = [(s, p, False) for s in STREAMS for p in PARSERS] + [("mix", p, True) for p in PARSERS]
    runs: dict[Case, list[Run]] = {case: [] for case in cases}
    for _ in range(rounds):
        for stream, parser, tcp in cases:
            run = in_fresh_process(parser, paths[stream], events, tcp=tcp)
            runs[stream, parser, tcp].append(run)
    medians = {case: statistics.median(r.microseconds for r in rs) for case, rs in runs.items()}
    _print_table(runs, medians)
    longer = in_fresh_process("ours", paths["mix"], events, repeats=max(2, soak // events))
    grown = longer.grown_kib / 1024
    print(f"resident memory of ours after {soak} events: {grown:+.1f} MiB over the first {events}")
    for line in _judge(medians):
        print(line)


def _judge(medians: dict[Case, float]) -> Iterator[str]:
    """Yield one line for each target; microseconds are compared by way of bytes.split's."""
    for stream, microseconds in TARGET_MICROSECONDS.items():
        splits = medians[stream, "ours", False] / medians[stream, "split", False]
        there = splits * SPLIT_MICROSECONDS
        word = "met" if there <= microseconds else "MISSED"
        yield f"{stream}: {there:.2f} us where split costs 0.47 us; target {microseconds:g}: {word}"
    for tcp in (False, True):
        ratio = medians["mix", "panoramisk", tcp] / medians["mix", "ours", tcp]
        word = "met" if ratio >= TARGET_RATIO else "MISSED"
        how = "over TCP" if tcp else "in-process"
        yield f"mix {how}: {ratio:.1f} times panoramisk; target {TARGET_RATIO:g}: {word}"


def _print_table(runs: dict[Case, list[Run]], medians: dict[Case, float]) -> None:
    row = "{:<10} {:<12} {:>9} {:>17} {:>9} {:>11} {:>16}"
    heads = ("stream", "parser", "us/event", "[min-max]", "told", "it / split")
    print(row.format(*heads, "panoramisk / it"))
    for (stream, parser, tcp), measured in runs.items():
        times = sorted(run.microseconds for run in measured)
        here = medians[stream, parser, tcp]
        name = f"{stream}, TCP" if tcp else stream
        spread = f"[{times[0]:.2f}-{times[-1]:.2f}]"
        splits = here / medians[stream, "split", tcp]
        ratio = medians[stream, "panoramisk", tcp] / here
        print(
            row.format(
                *(name, parser, f"{here:.2f}", spread, measured[0].told),
                *(f"{splits:.1f}", f"{ratio:.1f}"),
            )
        )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, prog="bin/bench ami")
    parser.add_argument("--events", type=int, default=200_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--soak", type=int, default=2_000_000, help="events of the memory run")
    parser.add_argument("--one", choices=sorted(PARSERS), help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--repeats", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--tcp", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


if __name__ == "__main__":
    main()
