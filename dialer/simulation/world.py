"""A simulated world: who answers, how long things last, who comes and goes."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

Draw = Callable[[Random], float]


def _lognormal(mean: float, variation: float) -> Draw:
    """variation: standard deviation over mean."""
    variance = math.log1p(variation * variation)
    middle = math.log(mean) - variance / 2
    sigma = math.sqrt(variance)
    return lambda random: random.lognormvariate(middle, sigma)


def _two_kinds(mean: float) -> Draw:
    """Half are short, a fifth of the mean; half are long, 1.8 times the mean."""
    short, long = _lognormal(0.2 * mean, 0.3), _lognormal(1.8 * mean, 0.3)
    return lambda random: short(random) if random.random() < 0.5 else long(random)


SHAPES: Mapping[str, Callable[[float], Draw]] = {
    "exponential": lambda mean: lambda random: random.expovariate(1 / mean),
    "lognormal": lambda mean: _lognormal(mean, 1.0),
    "narrow": lambda mean: _lognormal(mean, 0.5),
    "steady": lambda mean: _lognormal(mean, 0.2),
    "two kinds": _two_kinds,
}
"""How durations spread around their mean."""

SHIFTS: Mapping[str, Callable[[float], float]] = {
    "none": lambda day: 1.0,
    "steps": lambda day: 1.0 if day < 0.33 else 0.5 if day < 0.66 else 1.3,
    "ramp": lambda day: 0.6 + 0.8 * day,
    "fall": lambda day: 1.4 - 0.9 * day,
    "waves": lambda day: 1 + 0.5 * math.sin(6 * math.pi * day),
    "drop": lambda day: 1.2 if day < 0.5 else 0.35,
    "jump": lambda day: 0.5 if day < 0.5 else 1.5,
}
"""What the share of answers is multiplied by, over the day from 0 to 1."""

STAFFING = ("all day", "breaks", "inbound")


@dataclass(frozen=True, slots=True)
class World:
    """answer, machine, fail: shares of dials; the rest ring out. Means in seconds.

    ring_out_seconds: when a ring that nobody takes ends.
    patience_seconds: how long an answered caller waits for an agent before counting as abandoned.
    staffing: `breaks`: a quarter of the team is away for a quarter of each hour; `inbound`: each
    agent is taken away every twenty minutes for two, without warning.
    """

    name: str = "A"
    answer: float = 0.25
    machine: float = 0.0
    fail: float = 0.15
    shift: str = "none"
    ring_mean: float = 11.0
    ring_shape: str = "exponential"
    ring_out_seconds: float = 22.0
    talk_mean: float = 120.0
    talk_shape: str = "exponential"
    wrap_mean: float = 20.0
    wrap_shape: str = "exponential"
    patience_seconds: float = 2.0
    staffing: str = "all day"
    hours: float = 8.0


@dataclass(slots=True)
class Fate:
    """The draws of one run. The n-th dial and the n-th talk are the same for every way of pacing,

    so that two ways are compared by what they decide and not by their luck.
    """

    world: World
    seed: int
    _dials: Random = field(init=False)
    _talks: Random = field(init=False)
    _wraps: Random = field(init=False)
    _ring: Draw = field(init=False)
    _talk: Draw = field(init=False)
    _wrap: Draw = field(init=False)
    _shift: Callable[[float], float] = field(init=False)

    def __post_init__(self) -> None:
        world = self.world
        # Reproducible draws are the purpose here; nothing is kept secret by them.
        self._dials, self._talks, self._wraps = (
            Random(f"{self.seed}/{what}")  # noqa: S311 # reproducible on purpose
            for what in ("dials", "talks", "wraps")
        )
        self._ring = ring_draw(world)
        self._talk = SHAPES[world.talk_shape](world.talk_mean)
        self._wrap = SHAPES[world.wrap_shape](world.wrap_mean)
        self._shift = SHIFTS[world.shift]

    def dial(self, now_seconds: float) -> tuple[str, float]:
        """Return the result of the next dial and how long it rings."""
        world, chance, ring = self.world, self._dials.random(), self._ring(self._dials)
        answer = world.answer * self._shift(now_seconds / (3600 * world.hours))
        if chance < answer:
            return "answer", self._before_ring_out(ring, chance / answer)
        if chance < answer + world.fail:
            return "fail", 0.5 + 3 * (chance - answer) / world.fail
        if chance < answer + world.fail + world.machine:
            late = (chance - answer - world.fail) / world.machine
            return "machine", world.ring_out_seconds * (0.7 + 0.25 * late)
        return _ring_out(world)

    def _before_ring_out(self, ring: float, late: float) -> float:
        """Whoever would answer too late answers somewhere in the ring instead."""
        most = self.world.ring_out_seconds
        return ring if ring < most else min(2.0, most) + late * max(0.0, most - 2)

    def talk(self) -> float:
        """Return how long the next talk lasts."""
        return self._talk(self._talks)

    def wrap(self) -> float:
        """Return how long the next wrap-up lasts."""
        return self._wrap(self._wraps)


def _ring_out(world: World) -> tuple[str, float]:
    return "noanswer", world.ring_out_seconds


def ring_draw(world: World) -> Draw:
    """Return the draw of how long a person lets it ring: two seconds at least if exponential."""
    if world.ring_shape == "exponential":
        rate = 1 / max(0.1, world.ring_mean - 2)
        return lambda random: 2 + random.expovariate(rate)
    return SHAPES[world.ring_shape](world.ring_mean)


def absences(world: World, agents: int, seed: int) -> list[tuple[float, int]]:
    """Return when agents leave (-n) and come back (+n), in seconds of the run."""
    end = world.hours * 3600
    if world.staffing == "breaks":
        away = max(1, agents // 4)
        starts = [1200.0 + 3600 * hour for hour in range(math.ceil(world.hours))]
        return [move for at in starts for move in ((at, -away), (at + 900, away))]
    moves: list[tuple[float, int]] = []
    if world.staffing == "inbound":
        random = Random(f"{seed}/inbound")  # noqa: S311 # reproducible on purpose
        at = random.expovariate(agents / 1200)
        while at < end:
            moves += [(at, -1), (at + random.expovariate(1 / 120), 1)]
            at += random.expovariate(agents / 1200)
    return moves
