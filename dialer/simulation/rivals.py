"""The rivals, re-implemented from the public description of what they do; no code of theirs.

Each is fed what it would see of the floor, and keeps its own timers. Call limits per second and
limits of trunks are left out for all.
"""

import math
from collections import deque
from collections.abc import Callable, Mapping

from dialer.simulation.engine import Floor, Way
from dialer.simulation.vicidial import METHODS, Vicidial
from dialer.simulation.ways import ConstantLines

CAP = 0.03


class Omnidialer:
    """OMniDialer, each second: new = aggressiveness x (F + E - R p) / p, rounded down.

    F free agents, E expected to be free when a new call is answered, R ringing, p a moving average
    of answers per finished attempt. An average of abandonment drives the aggressiveness from 1
    (half the limit) to 0.2 (the limit); five ticks above the limit latch it to progressive dialling
    until 0.8 of the limit. Progressive as well until 50 calls were handled.
    """

    def __init__(self) -> None:
        self._next = 0.0
        self._answer_share = 0.3
        self._abandonment = 0.0
        self._seen = (0, 0)
        self._ticks_above = 0
        self._is_latched = False
        self._talks: list[float] = []
        self._wraps: list[float] = []

    def lines(self, floor: Floor) -> int:
        """Return the lines of this second."""
        self._learn(floor)
        if floor.now < self._next:
            return 0
        self._next = floor.now + 1
        self._latch()
        ringing = len(floor.ringing)
        if self._is_latched or len(self._talks) < 50:
            return max(0, floor.idle - ringing - len(floor.waiting))
        share = max(0.05, self._answer_share)
        free = floor.idle + self._soon_free(floor)
        return max(0, math.floor(self._aggressiveness() * (free - ringing * share) / share))

    def _learn(self, floor: Floor) -> None:
        for dial in floor.dial_results:
            self._answer_share += 0.1 * ((dial.result == "answer") - self._answer_share)
        abandoned = floor.abandoned - self._seen[1]
        connected = floor.answered - self._seen[0] - abandoned - len(floor.waiting)
        if connected > 0 or abandoned > 0:
            for lost in (0,) * max(0, connected) + (1,) * abandoned:
                self._abandonment += 0.1 * (lost - self._abandonment)
            self._seen = (floor.answered - len(floor.waiting), floor.abandoned)
        self._talks += floor.finished_talks
        self._wraps += floor.finished_wraps

    def _latch(self) -> None:
        self._ticks_above = self._ticks_above + 1 if self._abandonment > CAP else 0
        if self._ticks_above >= 5:
            self._is_latched = True
        if self._abandonment < 0.8 * CAP:
            self._is_latched = False

    def _aggressiveness(self) -> float:
        over = (self._abandonment - CAP / 2) / (CAP / 2)
        return 1.0 if over <= 0 else max(0.2, 1 - 0.8 * over)

    def _soon_free(self, floor: Floor) -> float:
        handle = _mean(self._talks, 120) + _mean(self._wraps, 20)
        return sum(
            1 - math.exp(-15 / max(1.0, mean - (floor.now - since)))
            for mean, began in ((handle, floor.talking), (_mean(self._wraps, 20), floor.wrapping))
            for since in began.values()
        )


class Issabel:
    """Issabel with overcommit, every 5 s: free agents and those who will surely be free soon

    (exponential, 0.97) less the waiting calls, over the share of answers of the last half hour
    (0.2 at least), less what rings. It needs ten finished calls first. It knows no abandonment.
    """

    def __init__(self) -> None:
        self._next = 0.0
        self._results: deque[tuple[float, bool]] = deque()
        self._rings: list[float] = []
        self._talks: list[float] = []

    def lines(self, floor: Floor) -> int:
        """Return the lines of these five seconds."""
        for dial in floor.dial_results:
            self._results.append((floor.now, dial.result == "answer"))
            if dial.result == "answer":
                self._rings.append(dial.ring_seconds)
        self._talks += floor.finished_talks
        if floor.now < self._next:
            return 0
        self._next = floor.now + 5
        wanted = floor.idle + self._soon_free(floor) - len(floor.waiting)
        return max(0, round(wanted / self._answer_share(floor.now)) - len(floor.ringing))

    def _soon_free(self, floor: Floor) -> int:
        if len(self._talks) < 10:
            return 0
        mean, ring = _mean(self._talks, 120), _mean(self._rings, 10)
        return sum(
            1 - math.exp(-(ring + floor.now - since) / mean) >= 0.97
            for since in floor.talking.values()
        )

    def _answer_share(self, now: float) -> float:
        while self._results and self._results[0][0] < now - 1800:
            self._results.popleft()
        if len(self._results) < 10:
            return 1.0
        return max(0.2, sum(answered for _, answered in self._results) / len(self._results))


class Wombat:
    """WombatDialer: available agents x boost, rounded down; none while a call waits."""

    def __init__(self, boost: float) -> None:
        self._boost = boost

    def lines(self, floor: Floor) -> int:
        """Return the lines that are missing."""
        if floor.waiting:
            return 0
        return max(0, math.floor(self._boost * floor.idle) - len(floor.ringing))


def _mean(seconds: list[float], before: float) -> float:
    """Of the last two hundred."""
    recent = seconds[-200:]
    return sum(recent) / len(recent) if recent else before


def _vicidial(method: str, available_only: bool) -> Callable[[], Way]:
    return lambda: Vicidial(method, available_only=available_only)


RIVALS: Mapping[str, Callable[[], Way]] = {
    "progressive": lambda: ConstantLines(1.0),
    **{f"VICIdial {method}": _vicidial(method, False) for method in METHODS},
    **{f"VICIdial {method} avail-only": _vicidial(method, True) for method in METHODS},
    "OMniDialer": Omnidialer,
    "Issabel overcommit": Issabel,
    "WombatDialer 1.3": lambda: Wombat(1.3),
}
"""Name to a fresh rival. VICIdial as shipped has the ceiling 3, available-only is given 6."""
