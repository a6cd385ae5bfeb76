"""Predictive dialling against a hindsight oracle and the rivals, in simulated worlds."""

import argparse
import statistics
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import msgspec
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.pacing.board import (
    GAIN_COLUMNS,
    ORACLE,
    OURS,
    WAYS_COLUMNS,
    Line,
    Match,
    gain_rows,
    gains,
    play_match,
    shorten,
    verdict,
    ways_table,
)
from bench.pacing.worlds import DEVELOPED_ON, HELD_OUT, SIZES
from dialer.pacing import Pace, PacingView, new_pacer
from dialer.simulation.engine import play
from dialer.simulation.ways import PacerWay
from dialer.simulation.world import World

TIMED_AGENTS = 200
HELD_OUT_SEEDS = 9000
"""Held-out runs have seeds from here on, which the tuning never saw."""


class _Timed:
    """A pacer that also takes down what each decision took, in processor time.

    Processor time, because on a busy machine the clock would tell about its neighbours.
    """

    def __init__(self) -> None:
        self._pacer = new_pacer("predictive")
        self.seconds: list[float] = []

    def decide(self, view: PacingView) -> Pace:
        begin = time.thread_time()
        pace = self._pacer.decide(view)
        self.seconds.append(time.thread_time() - begin)
        return pace


def time_decisions() -> tuple[float, float]:
    """Return p50 and p99 of one decision at 200 agents, in milliseconds."""
    timed = _Timed()
    play(World(hours=0.5), TIMED_AGENTS, 1, PacerWay(timed))
    cuts = statistics.quantiles(timed.seconds, n=100)
    return 1000 * cuts[49], 1000 * cuts[98]


def choose_matches(arguments: argparse.Namespace) -> list[Match]:
    """Return the runs that the options ask for."""
    worlds = list(HELD_OUT if arguments.held_out else DEVELOPED_ON)
    sizes: Sequence[int] = arguments.agents or SIZES
    hours, seeds = arguments.hours, arguments.seeds
    if arguments.quick:
        worlds, sizes, hours, seeds = worlds[:4:3] + worlds[4:5], (5, 10, 20), 1.0, 1
    first = HELD_OUT_SEEDS if arguments.held_out else 1
    return [
        Match(world, agents, seed, has_rivals=seed == first and not arguments.no_rivals)
        for world in shorten(worlds, hours)
        for agents in sizes
        for seed in range(first, first + seeds)
    ]


def play_all(matches: Sequence[Match], processes: int) -> list[Line]:
    """Play the matches, with a bar that tells how far it is."""

    def results(played: Iterable[list[Line]]) -> Iterator[Line]:
        told = track(played, "playing", total=len(matches), console=Console(stderr=True))
        for lines in told:
            yield from lines

    if processes == 1:
        return list(results(map(play_match, matches)))
    with ProcessPoolExecutor(processes) as pool:
        return list(results(pool.map(play_match, matches)))


def tell(lines: Sequence[Line], console: Console) -> None:
    """Print the scoreboard."""
    for agents in dict.fromkeys(line.agents for line in lines):
        _print_table(console, f"{agents} agents, mean over the worlds", WAYS_COLUMNS,
                     ways_table(lines, agents))  # fmt: skip
    found = gains(lines)
    _print_table(console, f"{OURS} against the {ORACLE}", GAIN_COLUMNS, gain_rows(found))
    console.print(verdict(found), highlight=False)


def _print_table(
    console: Console, title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]
) -> None:
    table = Table(*columns, title=title)
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bin/bench pacing", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="three worlds, one hour: a minute")
    parser.add_argument("--held-out", action="store_true", help="the worlds kept for judging")
    parser.add_argument("--agents", type=int, nargs="+", help="team sizes, such as 5 20")
    parser.add_argument("--hours", type=float, default=8.0)
    parser.add_argument("--seeds", type=int, default=3, help="runs of each world and team size")
    parser.add_argument("--no-rivals", action="store_true", help="ours and the oracle only")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--save", type=Path, help="add every score to this file, as JSON lines")
    parser.add_argument("--load", type=Path, nargs="+", help="tell saved scores instead of playing")
    parser.add_argument("--picture", type=Path, help="draw the gains to this SVG (matplotlib)")
    return parser.parse_args()


def _load(files: Sequence[Path]) -> list[Line]:
    return [
        line
        for file in files
        for line in msgspec.json.Decoder(Line).decode_lines(file.read_bytes())
    ]


def main() -> None:
    """Play, tell, and draw what the options ask for."""
    arguments = _parse()
    if arguments.load:
        lines = _load(arguments.load)
    else:
        lines = play_all(choose_matches(arguments), arguments.processes)
    if arguments.save:
        with arguments.save.open("ab") as file:
            file.write(msgspec.json.Encoder().encode_lines(lines))
    tell(lines, Console(width=110) if not sys.stdout.isatty() else Console())
    median, slowest = time_decisions()
    print(
        f"decide() at {TIMED_AGENTS} agents: p50 {median:.2f} ms,"
        f" p99 {slowest:.2f} ms of processor time (limit 2)"
    )
    if arguments.picture:
        from bench.pacing.picture import draw  # noqa: PLC0415 # it alone wants matplotlib

        draw(gains(lines), arguments.picture)


if __name__ == "__main__":
    main()
