"""Plays the scoreboard and tells it: our pacer, the oracle and the rivals on the same draws."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from dialer.simulation.engine import Score, Way, play
from dialer.simulation.rivals import RIVALS
from dialer.simulation.ways import hindsight_oracle, predictive
from dialer.simulation.world import World

OURS, ORACLE = "Callfloor predictive", "oracle (hindsight)"
CAP = 0.03


@dataclass(frozen=True, slots=True)
class Line:
    """What one way came to in one run."""

    world: str
    agents: int
    seed: int
    way: str
    score: Score


@dataclass(frozen=True, slots=True)
class Match:
    """One run to be played by every way."""

    world: World
    agents: int
    seed: int
    has_rivals: bool


def play_match(match: Match) -> list[Line]:
    """Play our pacer, the oracle and, where wanted, every rival on the same draws."""
    world, agents, seed = match.world, match.agents, match.seed

    def line(name: str, score: Score) -> Line:
        return Line(world.name, agents, seed, name, score)

    lines = [line(OURS, play(world, agents, seed, predictive(world)))]
    lines.append(line(ORACLE, hindsight_oracle(world, agents, seed)[1]))
    rivals: Iterable[tuple[str, Callable[[], Way]]] = RIVALS.items() if match.has_rivals else ()
    return lines + [line(name, play(world, agents, seed, make())) for name, make in rivals]


def shorten(worlds: Sequence[World], hours: float) -> list[World]:
    """Return the worlds with days of so many hours."""
    return [replace(world, hours=hours) for world in worlds]


def _mean(values: Iterable[float]) -> float:
    kept = list(values)
    return sum(kept) / len(kept)


def ways_table(lines: Sequence[Line], agents: int) -> list[tuple[str, ...]]:
    """Return for one team size, over all worlds: way, busy, wait, abandoned, worst, talk, ratio."""
    of_size = [line for line in lines if line.agents == agents]
    names = list(dict.fromkeys(line.way for line in of_size))
    ours = _mean(line.score.utilisation for line in of_size if line.way == OURS)
    rows: list[tuple[str, ...]] = []
    for name in names:
        scores = [line.score for line in of_size if line.way == name]
        busy = _mean(score.utilisation for score in scores)
        rows.append(
            (
                name,
                f"{100 * busy:.1f}",
                f"{_mean(score.wait_seconds for score in scores):.0f}",
                f"{100 * _mean(score.abandonment for score in scores):.2f}",
                f"{100 * max(score.abandonment for score in scores):.2f}",
                f"{_mean(score.talk_minutes_per_hour for score in scores):.1f}",
                f"{ours / busy:.2f}",
            )
        )
    return rows


WAYS_COLUMNS = (
    "way", "busy %", "wait s", "abandoned %", "worst run %", "talk min/h", "ours / this",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Gain:
    """Ours against the oracle of the same runs, in points of utilisation."""

    world: str
    agents: int
    ours: float
    oracle: float
    mean: float
    worst: float
    abandonment_most: float
    runs: int
    below: int
    over_cap: int


def gains(lines: Sequence[Line]) -> list[Gain]:
    """Return one row for each world and team size."""
    keys = dict.fromkeys((line.world, line.agents) for line in lines)
    return [_gain(world, agents, lines) for world, agents in keys]


def _gain(world: str, agents: int, lines: Sequence[Line]) -> Gain:
    def of(way: str) -> dict[int, Score]:
        return {
            line.seed: line.score
            for line in lines
            if (line.world, line.agents, line.way) == (world, agents, way)
        }

    ours, oracle = of(OURS), of(ORACLE)
    points = [100 * (ours[seed].utilisation - oracle[seed].utilisation) for seed in ours]
    return Gain(
        world=world,
        agents=agents,
        ours=100 * _mean(score.utilisation for score in ours.values()),
        oracle=100 * _mean(score.utilisation for score in oracle.values()),
        mean=_mean(points),
        worst=min(points),
        abandonment_most=100 * max(score.abandonment for score in ours.values()),
        runs=len(points),
        below=sum(point < 0 for point in points),
        over_cap=sum(score.abandonment > CAP for score in ours.values()),
    )


GAIN_COLUMNS = (
    "world", "agents", "ours %", "oracle %", "gain", "worst", "most abandoned %", "runs", "below",
)  # fmt: skip


def gain_rows(found: Sequence[Gain]) -> list[tuple[str, ...]]:
    """Return the gains as text."""
    return [
        (
            gain.world,
            str(gain.agents),
            f"{gain.ours:.1f}",
            f"{gain.oracle:.1f}",
            f"{gain.mean:+.1f}",
            f"{gain.worst:+.1f}",
            f"{gain.abandonment_most:.2f}",
            str(gain.runs),
            str(gain.below),
        )
        for gain in found
    ]


def verdict(found: Sequence[Gain]) -> str:
    """Return the targets and what was reached, in three lines."""
    runs = sum(gain.runs for gain in found)
    mean = _mean(gain.mean for gain in found)
    below = sum(gain.below for gain in found)
    over = sum(gain.over_cap for gain in found)
    worst = min(found, key=lambda gain: gain.worst)
    return "\n".join(
        (
            f"abandonment <= 3.0 % in every run: {runs - over} of {runs} runs",
            f"never below the oracle: {runs - below} of {runs} runs at or above it; the worst is"
            f" {worst.worst:+.1f} points ({worst.world}, {worst.agents} agents)",
            f"3 points above the oracle on average: {mean:+.2f} points",
        )
    )
