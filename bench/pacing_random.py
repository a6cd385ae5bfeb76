"""Predictive pacing against the hindsight oracle in worlds drawn at random from wide ranges.

Nothing can be tuned to worlds that are never twice the same: `--first` begins another row of them.
"""

import argparse
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dialer.simulation.engine import Score, play
from dialer.simulation.ways import hindsight_oracle, predictive
from dialer.simulation.world import SHAPES, SHIFTS, STAFFING, World

CAP = 0.03
STEADY_SHARE = 0.5
ALL_DAY_SHARE = 0.7
MOST_ANSWERED = 0.6
"""Of dials, at the base of a shift; the steepest shift makes nine in ten of that."""


def random_world(number: int, hours: float) -> World:
    """Return the world of this number: 8 to 60 % answer, talks 40 s to 5 min, and so on."""
    draw = random.Random(f"world {number}")
    answer = 0.08 * (MOST_ANSWERED / 0.08) ** draw.random()
    rest = max(0.0, 0.95 - 1.5 * answer)
    machine = draw.choice((0.0, 0.5)) * rest * draw.random()
    others = [shift for shift in SHIFTS if shift != "none"]
    return World(
        name=f"random {number}",
        answer=answer,
        machine=machine,
        fail=0.01 + 0.4 * (rest - machine) * draw.random(),
        shift="none" if draw.random() < STEADY_SHARE else draw.choice(others),
        ring_mean=draw.uniform(5, 15),
        ring_shape=draw.choice(("exponential", "lognormal", "narrow", "steady")),
        ring_out_seconds=draw.uniform(16, 40),
        talk_mean=40 * 7.5 ** draw.random(),
        talk_shape=draw.choice(tuple(SHAPES)),
        wrap_mean=3 * 20 ** draw.random(),
        wrap_shape=draw.choice(("exponential", "lognormal", "narrow", "steady")),
        staffing="all day" if draw.random() < ALL_DAY_SHARE else draw.choice(STAFFING[1:]),
        hours=hours,
    )


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: ours and the oracle's."""

    world: World
    ours: Score
    oracle: Score

    @property
    def points(self) -> float:
        """Utilisation above the oracle's, in points."""
        return 100 * (self.ours.utilisation - self.oracle.utilisation)

    @property
    def over_cap(self) -> bool:
        """Whether more than three in a hundred were lost."""
        return self.ours.abandoned > CAP * self.ours.answered


def outcomes(agents: int, hours: float, numbers: Sequence[int]) -> Iterator[Outcome]:
    """Play the worlds of these numbers, each with its number as the seed."""
    for number in numbers:
        world = random_world(number, hours)
        ours = play(world, agents, number, predictive(world))
        yield Outcome(world, ours, hindsight_oracle(world, agents, number)[1])


def verdict(agents: int, hours: float, played: Sequence[Outcome]) -> str:
    """Return one line: mean points, share below the oracle, the worst, runs above the cap."""
    points = [outcome.points for outcome in played]
    below = sum(point < 0 for point in points)
    over = sum(outcome.over_cap for outcome in played)
    most = max(outcome.ours.abandonment for outcome in played)
    return (
        f"{agents:3} agents, {hours:g} h, {len(played)} worlds:"
        f" {sum(points) / len(points):+.2f} points against the oracle, below it in {below},"
        f" worst {min(points):+.1f}; above the cap in {over}, most abandoned {100 * most:.2f} %"
    )


def main() -> None:
    """Play what the options ask for."""
    parser = argparse.ArgumentParser(prog="bin/bench pacing_random", description=__doc__)
    parser.add_argument("--agents", type=int, nargs="+", default=[5, 10, 20])
    parser.add_argument("--hours", type=float, nargs="+", default=[1.0])
    parser.add_argument("--worlds", type=int, default=10)
    parser.add_argument("--first", type=int, default=1, help="number of the first world")
    options = parser.parse_args()
    numbers = range(options.first, options.first + options.worlds)
    for hours in options.hours:
        for agents in options.agents:
            print(verdict(agents, hours, list(outcomes(agents, hours, numbers))), flush=True)


if __name__ == "__main__":
    main()
