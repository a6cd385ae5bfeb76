"""Predictive pacing judged by another simulator, which shares no code with `dialer.simulation`.

It walks through time in quarter seconds, with seats that people sit at, instead of through events.
Each house does something otherwise than our own simulator: it tells rings with or without the
set-up, counts over a rolling window, connects slowly, gives machines to agents, lets late callers
hold on, changes its staff, answers nothing at first. All a pacer learns it learns from the view.
"""

import argparse
import heapq
import math
import random
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from dialer.pacing import DialResult, Pacer, PacingView, new_pacer

STEP = 0.25
LEGAL_SECONDS = 2.0
CAP = 0.03
CONSTANTS = [1.12**step for step in range(25)]
"""Lines per free agent that hindsight may choose from: 1 to 15."""


Share = Callable[[float], float]
"""By the day from 0 to 1."""


def always(share: float) -> Callable[[float], float]:
    """Return a share of answers that never changes."""
    return lambda day: share


QUARTER, ALL = always(0.25), always(1.0)


@dataclass(frozen=True, slots=True)
class House:
    """A call centre. Seconds, and shares of dials; `answer` and `staff` by the day from 0 to 1.

    told: what a dial result tells of its ring: `whole`, `ringing` (without set-up) or `nothing`.
    rolling_seconds: length of the counted window, None for the whole campaign.
    hold_seconds: how long a caller holds on after being counted as lost.
    """

    name: str
    answer: Share = QUARTER
    machine: float = 0.1
    fail: float = 0.1
    setup: float = 1.5
    told: str = "whole"
    ring: float = 9.0
    ring_out: float = 25.0
    talk: float = 110.0
    talk_tail: float = 1.0
    wrap: float = 20.0
    connect: float = 0.0
    machine_talk: float = 0.0
    hold_seconds: float = 0.0
    rolling_seconds: float | None = None
    staff: Share = ALL
    hours: float = 1.0


HOUSES: Sequence[House] = (
    House("plain"),
    House("rings told without set-up", told="ringing", setup=3.0),
    House("rings not told", told="nothing"),
    House("slow connect", connect=0.8),
    House("machines to agents", machine=0.25, machine_talk=9.0),
    House("late callers hold on", hold_seconds=8.0),
    House("rolling half hour", rolling_seconds=1800.0),
    House("long tails", talk=140.0, talk_tail=1.9, wrap=35.0),
    House("nobody at first", answer=lambda day: 0.0 if day < 0.08 else 0.3),
    House("hardly anybody", answer=always(0.06), talk=80.0, ring_out=40.0),
    House("nearly everybody", answer=always(0.8), machine=0.0),
    House("ebb and flow", answer=lambda day: 0.25 + 0.18 * math.sin(9 * day)),
    House("three times as many", answer=lambda day: 0.12 if day < 0.5 else 0.36),
    House("shifts", staff=lambda day: 0.6 if day < 0.3 else 1.0 if day < 0.7 else 0.5),
)


@dataclass(slots=True)
class Line:
    """One dial: when it began, when and how it ends."""

    began: float
    ends: float
    result: str


@dataclass(slots=True)
class Seat:
    """Where an agent sits. doing: idle, talk or wrap."""

    doing: str = "idle"
    since: float = 0.0
    until: float = math.inf


@dataclass(slots=True)
class Caller:
    """Who answered and waits; counted as lost once too late."""

    answered: float
    is_person: bool
    lost: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """busy: of the seats' time, 0 to 1. answered: by a person; lost: of those."""

    busy: float
    answered: int
    lost: int

    @property
    def within_cap(self) -> bool:
        """Whether at most three in a hundred were lost."""
        return self.lost <= CAP * self.answered


@dataclass(slots=True)
class Judge:
    """One run of one house."""

    house: House
    agents: int
    seed: int
    now: float = 0.0
    seats: list[Seat] = field(default_factory=list)
    lines: list[tuple[float, int, Line]] = field(default_factory=list)
    callers: deque[Caller] = field(default_factory=deque)
    answers: list[float] = field(default_factory=list)
    losses: list[float] = field(default_factory=list)
    dialled: int = 0
    talks: int = 0
    busy: float = 0.0
    present: float = 0.0
    results: list[DialResult] = field(default_factory=list)
    talked: list[float] = field(default_factory=list)
    wrapped: list[float] = field(default_factory=list)

    def run(self, decide: Callable[["Judge"], int]) -> Verdict:
        """Walk through the day; `decide` is asked every half second."""
        steps = int(self.house.hours * 3600 / STEP)
        for step in range(steps):
            self.now = step * STEP
            self._staff(step / steps)
            self._end_lines()
            self._end_work()
            self._serve()
            if step % 2 == 0:
                for _ in range(decide(self)):
                    self._dial(step / steps)
                self.results, self.talked, self.wrapped = [], [], []
            self.present += len(self.seats)
            self.busy += sum(seat.doing != "idle" for seat in self.seats)
        return Verdict(self.busy / max(1.0, self.present), len(self.answers), len(self.losses))

    def _staff(self, day: float) -> None:
        wanted = max(1, round(self.agents * self.house.staff(day)))
        while len(self.seats) < wanted:
            self.seats.append(Seat(since=self.now))
        for seat in [seat for seat in self.seats if seat.doing == "idle"]:
            if len(self.seats) > wanted:
                self.seats.remove(seat)

    def _draw(self, kind: str, number: int) -> random.Random:
        """The n-th dial and the n-th talk are the same whoever decides."""
        return random.Random(f"{self.seed}/{kind}/{number}")

    def _dial(self, day: float) -> None:
        house, chance = self.house, self._draw("dial", self.dialled)
        share, answer = chance.random(), house.answer(day)
        rings = min(house.ring_out - 1, chance.gammavariate(3.0, house.ring / 3))
        result, rings = (
            ("answer", rings) if share < answer
            else ("machine", house.ring_out * 0.8) if share < answer + house.machine
            else ("fail", 0.2) if share < answer + house.machine + house.fail
            else ("noanswer", house.ring_out)
        )  # fmt: skip
        line = Line(self.now, self.now + house.setup + rings, result)
        heapq.heappush(self.lines, (line.ends, self.dialled, line))
        self.dialled += 1

    def _end_lines(self) -> None:
        while self.lines and self.lines[0][0] <= self.now:
            line = heapq.heappop(self.lines)[2]
            whole = line.ends - line.began
            told = {"whole": whole, "ringing": whole - self.house.setup, "nothing": 0.0}
            self.results.append(DialResult(line.result, max(0.0, told[self.house.told])))
            if line.result == "answer":
                self.answers.append(line.ends)
                self.callers.append(Caller(line.ends, is_person=True))
            elif line.result == "machine" and self.house.machine_talk:
                self.callers.append(Caller(line.ends, is_person=False))

    def _end_work(self) -> None:
        for seat in self.seats:
            if seat.until > self.now:
                continue
            if seat.doing == "talk":
                self.talked.append(seat.until - seat.since)
                wrap = self._draw("wrap", self.talks + id_of(seat, self.seats)).expovariate(1.0)
                seat.doing, seat.since = "wrap", seat.until
                seat.until = seat.since + wrap * self.house.wrap
            elif seat.doing == "wrap":
                self.wrapped.append(seat.until - seat.since)
                seat.doing, seat.since, seat.until = "idle", self.now, math.inf

    def _serve(self) -> None:
        idle = sorted((s for s in self.seats if s.doing == "idle"), key=lambda seat: seat.since)
        for seat in idle[: len(self.callers)]:
            self._connect(self.callers.popleft(), seat)
        for caller in self.callers:
            if caller.is_person and not caller.lost and self.now > caller.answered + LEGAL_SECONDS:
                caller.lost = True
                self.losses.append(self.now)
        longest = LEGAL_SECONDS + self.house.hold_seconds
        kept = (c for c in self.callers if self.now <= c.answered + longest)
        self.callers = deque(kept)

    def _connect(self, caller: Caller, seat: Seat) -> None:
        met = self.now + self.house.connect
        if caller.is_person and not caller.lost and met > caller.answered + LEGAL_SECONDS:
            self.losses.append(met)
        draw, house = self._draw("talk", self.talks), self.house
        spread = draw.gammavariate(1.0, 1.0)
        if house.talk_tail > 1:
            spread = draw.paretovariate(house.talk_tail) * (1 - 1 / house.talk_tail)
        seconds = house.talk * spread if caller.is_person else house.machine_talk
        self.talks += 1
        seat.doing, seat.since, seat.until = "talk", self.now, met + seconds

    def view(self) -> PacingView:
        """Return what a pacer is shown, in no particular order."""
        ages = {"idle": [], "talk": [], "wrap": []}  # type: dict[str, list[float]]
        for seat in self.seats:
            ages[seat.doing].append(self.now - seat.since)
        since = self.now - (self.house.rolling_seconds or math.inf)
        return PacingView(
            now_seconds=1e9 + self.now,
            idle_agents=len(ages["idle"]),
            talking_seconds=ages["talk"],
            wrapping_seconds=ages["wrap"],
            ringing_seconds=[self.now - line.began for _, _, line in self.lines],
            waiting_calls=len(self.callers),
            dial_results=self.results,
            finished_talks=self.talked,
            finished_wraps=self.wrapped,
            answered_in_window=sum(at > since for at in self.answers),
            abandoned_in_window=sum(at > since for at in self.losses),
        )


def id_of(seat: Seat, seats: Sequence[Seat]) -> int:
    """Return the place of this very seat, so that two who end at once draw differently."""
    return 1000 * next(place for place, one in enumerate(seats) if one is seat)


def by_pacer(pacer: Pacer) -> Callable[[Judge], int]:
    """Return a decision by a pacer, from the view only."""
    return lambda judge: pacer.decide(judge.view()).lines


def by_constant(lines_per_agent: float) -> Callable[[Judge], int]:
    """Return a decision by a constant number of lines for each free agent."""

    def decide(judge: Judge) -> int:
        idle = sum(seat.doing == "idle" for seat in judge.seats)
        on_the_way = len(judge.lines) + len(judge.callers)
        return max(0, math.floor(lines_per_agent * idle + 1e-9) - on_the_way) if idle else 0

    return decide


def judge(house: House, agents: int, seed: int) -> Verdict:
    """Return what predictive pacing comes to."""
    return Judge(house, agents, seed).run(by_pacer(new_pacer("predictive")))


def hindsight(house: House, agents: int, seed: int) -> Verdict:
    """Return the best constant of this very run within the cap; progressive if none is."""
    best = Judge(house, agents, seed).run(by_constant(1.0))
    too_many = 0
    for constant in CONSTANTS[1:]:
        found = Judge(house, agents, seed).run(by_constant(constant))
        too_many = 0 if found.within_cap else too_many + 1
        if found.within_cap and found.busy > best.busy:
            best = found
        if too_many == 3:
            break
    return best


def tell(houses: Iterable[House], sizes: Sequence[int], seeds: int, *, with_oracle: bool) -> None:
    """Play and print one line for each house and size, and the sums."""
    runs = over = 0
    gains: list[float] = []
    for house in houses:
        for agents in sizes:
            ours = [judge(house, agents, seed) for seed in range(seeds)]
            runs, over = runs + seeds, over + sum(not one.within_cap for one in ours)
            worst = max(100 * one.lost / max(1, one.answered) for one in ours)
            busy = 100 * sum(one.busy for one in ours) / seeds
            told = f"{house.name:28}{agents:4} agents  busy {busy:5.1f} %  most lost {worst:.2f} %"
            if with_oracle:
                best = [hindsight(house, agents, seed) for seed in range(seeds)]
                found = [100 * (a.busy - b.busy) for a, b in zip(ours, best, strict=True)]
                gains += found
                told += f"  against hindsight {sum(found) / seeds:+.1f}, worst {min(found):+.1f}"
            print(told, flush=True)
    print(f"abandonment <= 3.0 % in {runs - over} of {runs} runs")
    if gains:
        mean, below = sum(gains) / len(gains), sum(gain < 0 for gain in gains)
        print(f"against hindsight {mean:+.2f} points, below it in {below} of {len(gains)} runs")


def main() -> None:
    """Play what the options ask for."""
    parser = argparse.ArgumentParser(prog="bin/bench pacing_judge", description=__doc__)
    parser.add_argument("--agents", type=int, nargs="+", default=[5, 10, 20])
    parser.add_argument("--hours", type=float, default=1.0)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--oracle", action="store_true", help="also the best constant in hindsight")
    options = parser.parse_args()
    houses = [replace(house, hours=options.hours) for house in HOUSES]
    tell(houses, options.agents, options.seeds, with_oracle=options.oracle)


if __name__ == "__main__":
    main()
