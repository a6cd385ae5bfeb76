"""The event simulation: agents, lines and callers, and a decision every half second."""

import heapq
from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from dialer.pacing.view import DialResult
from dialer.simulation.world import Fate, World, absences

TICK_SECONDS = 0.5


@dataclass(slots=True)
class Floor:
    """What a way of pacing may look at. ringing, talking, wrapping: id to when it began.

    answered: by a person so far; abandoned: of those, found no agent in time. The three lists
    at the end hold what ended since the last decision.
    """

    now: float = 0.0
    idle: int = 0
    ringing: dict[int, float] = field(default_factory=dict)
    talking: dict[int, float] = field(default_factory=dict)
    wrapping: dict[int, float] = field(default_factory=dict)
    waiting: deque[tuple[int, float]] = field(default_factory=deque)
    answered: int = 0
    abandoned: int = 0
    dial_results: list[DialResult] = field(default_factory=list)
    finished_talks: list[float] = field(default_factory=list)
    finished_wraps: list[float] = field(default_factory=list)


class Way(Protocol):
    """A way of pacing."""

    def lines(self, floor: Floor) -> int:
        """Return how many lines to dial now."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one run came to. utilisation: talk and wrap-up over logged-in time, 0 to 1.

    wait_seconds: mean of what an agent waits for a call. abandonment: abandoned over answered.
    """

    utilisation: float
    wait_seconds: float
    abandonment: float
    talk_minutes_per_hour: float
    answered: int
    abandoned: int
    dials: int


class Run:
    """One run of one way of pacing in one world."""

    def __init__(self, world: World, agents: int, seed: int, way: Way) -> None:
        self._world = world
        self._way = way
        self._fate = Fate(world, seed)
        self._floor = Floor(idle=agents)
        self._events: list[tuple[float, int, int, int]] = []
        self._handlers = (self._end_ring, self._end_talk, self._end_wrap, self._give_up, self._move)
        self._numbers = count()
        self._results: dict[int, DialResult] = {}
        self._leaving = 0
        self._dials = 0
        self._connected = 0
        self._counted_to = 0.0
        self._idle_seconds = self._talk_seconds = self._wrap_seconds = 0.0
        for at, agents_more in absences(world, agents, seed):
            self._plan(at, 4, agents_more)

    def play(self) -> Score:
        """Play the run to its end and return what it came to."""
        floor, events, end = self._floor, self._events, self._world.hours * 3600
        tick = 0.0
        while tick < end:
            while events and events[0][0] <= tick:
                at, _, kind, number = heapq.heappop(events)
                self._pass_time(at)
                self._handlers[kind](number)
            self._pass_time(tick)
            lines = self._way.lines(floor)
            floor.dial_results.clear()
            floor.finished_talks.clear()
            floor.finished_wraps.clear()
            for _ in range(lines):
                self._dial()
            tick += TICK_SECONDS
        self._pass_time(end)
        return self._score()

    def _plan(self, at: float, kind: int, number: int) -> None:
        heapq.heappush(self._events, (at, next(self._numbers), kind, number))

    def _pass_time(self, to: float) -> None:
        floor, seconds = self._floor, to - self._counted_to
        self._idle_seconds += seconds * floor.idle
        self._talk_seconds += seconds * len(floor.talking)
        self._wrap_seconds += seconds * len(floor.wrapping)
        self._counted_to = floor.now = to

    def _dial(self) -> None:
        number, now = self._dials, self._floor.now
        self._dials += 1
        result, rings = self._fate.dial(now)
        self._floor.ringing[number] = now
        self._results[number] = DialResult(result, rings)
        self._plan(now + rings, 0, number)

    def _end_ring(self, number: int) -> None:
        floor, result = self._floor, self._results.pop(number)
        del floor.ringing[number]
        floor.dial_results.append(result)
        if result.result != "answer":
            return
        floor.answered += 1
        floor.waiting.append((number, floor.now))
        if floor.idle:
            self._connect()
        else:
            self._plan(floor.now + self._world.patience_seconds, 3, number)

    def _connect(self) -> None:
        floor = self._floor
        floor.waiting.popleft()
        floor.idle -= 1
        number = self._connected
        self._connected += 1
        floor.talking[number] = floor.now
        self._plan(floor.now + self._fate.talk(), 1, number)

    def _end_talk(self, number: int) -> None:
        floor = self._floor
        floor.finished_talks.append(floor.now - floor.talking.pop(number))
        floor.wrapping[number] = floor.now
        self._plan(floor.now + self._fate.wrap(), 2, number)

    def _end_wrap(self, number: int) -> None:
        floor = self._floor
        floor.finished_wraps.append(floor.now - floor.wrapping.pop(number))
        self._free_agent()

    def _free_agent(self) -> None:
        if self._leaving:
            self._leaving -= 1
            return
        self._floor.idle += 1
        if self._floor.waiting:
            self._connect()

    def _give_up(self, number: int) -> None:
        """The oldest caller gives up first, so whoever gives up is in front."""
        floor = self._floor
        if floor.waiting and floor.waiting[0][0] == number:
            floor.waiting.popleft()
            floor.abandoned += 1

    def _move(self, agents: int) -> None:
        """Agents leave (free ones at once, busy ones after their wrap-up) or come back."""
        for _ in range(abs(agents)):
            if agents > 0 and self._leaving:
                self._leaving -= 1
            elif agents > 0:
                self._free_agent()
            elif self._floor.idle:
                self._floor.idle -= 1
            else:
                self._leaving += 1

    def _score(self) -> Score:
        floor = self._floor
        busy = self._talk_seconds + self._wrap_seconds
        logged = busy + self._idle_seconds
        return Score(
            utilisation=busy / logged if logged else 0.0,
            wait_seconds=self._idle_seconds / self._connected if self._connected else 0.0,
            abandonment=floor.abandoned / floor.answered if floor.answered else 0.0,
            talk_minutes_per_hour=60 * self._talk_seconds / logged if logged else 0.0,
            answered=floor.answered,
            abandoned=floor.abandoned,
            dials=self._dials,
        )


def play(world: World, agents: int, seed: int, way: Way) -> Score:
    """Play one run; the same arguments always give the same score."""
    return Run(world, agents, seed, way).play()
