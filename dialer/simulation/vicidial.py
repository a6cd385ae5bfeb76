"""VICIdial's three adaptive methods, after the public description of its timers and rules.

One number, the dial level, is moved every 15 s by how many agents wait on average over the last
15 s, kept between 1 and a ceiling, and put down when the drops of the day are above 3 %.
"""

from collections import deque

from dialer.simulation.engine import Floor

METHODS = ("HARD_LIMIT", "AVERAGE", "TAPERED")
DAY_STARTS_SECONDS = 13 * 3600
"""So that an eight-hour day ends at the default 21:00. The tapered method does nothing before 11:00
and little before noon; a day that starts at 9:00 would make it lose 40 % of its calls."""
DROP_PERCENT = 3.0
CEILING, CEILING_AVAILABLE_ONLY = 3.0, 6.0


class Vicidial:
    """Defaults as shipped. available_only: the level multiplies the ready agents only."""

    def __init__(self, method: str, *, available_only: bool) -> None:
        if method not in METHODS:
            raise ValueError(f"method {method!r} is not known; there are: {', '.join(METHODS)}")
        self._method = method
        self._available_only = available_only
        self._ceiling = CEILING_AVAILABLE_ONLY if available_only else CEILING
        self._level = 1.0
        self._samples: deque[tuple[int, int]] = deque(maxlen=15)
        self._next_sample = self._next_level = self._next_dial = self._next_drops = 0.0
        self._handled = 0
        self._drops = self._answers = 0
        self._minute: deque[tuple[float, int, int]] = deque()

    def lines(self, floor: Floor) -> int:
        """Return the lines of this tick; its own timers are of 1, 2.5, 15 and 60 seconds."""
        self._handled += len(floor.finished_talks)
        if floor.now >= self._next_sample:
            self._next_sample = floor.now + 1
            self._sample(floor)
        if floor.now >= self._next_drops:
            self._next_drops = floor.now + 60
            self._drops, self._answers = floor.abandoned, self._handled + floor.abandoned
        if floor.now >= self._next_level:
            self._next_level = floor.now + 15
            self._move_level(floor.now)
        if floor.now < self._next_dial:
            return 0
        self._next_dial = floor.now + 2.5
        return self._missing(floor)

    def _sample(self, floor: Floor) -> None:
        agents = floor.idle + len(floor.talking) + len(floor.wrapping)
        self._samples.append((floor.idle - len(floor.waiting), agents))
        self._minute.append((floor.now, floor.answered, floor.abandoned))
        while self._minute[0][0] < floor.now - 60:
            self._minute.popleft()

    def _move_level(self, now: float) -> None:
        waiting = sum(sample[0] for sample in self._samples)
        agents = sum(sample[1] for sample in self._samples)
        change = waiting / agents if agents else 0.0
        level = max(1.0, min(self._ceiling, round(self._level * (1 + change), 3)))
        if self._is_panic():
            level /= 2
        if self._answers > 50 and 100 * self._drops / self._answers > DROP_PERCENT:
            level = self._punish(level, now)
        self._level = max(1.0, level)

    def _is_panic(self) -> bool:
        calls = self._minute[-1][1] - self._minute[0][1]
        drops = self._minute[-1][2] - self._minute[0][2]
        return calls > 20 and drops / calls > 0.5

    def _punish(self, level: float, now: float) -> float:
        if self._method == "HARD_LIMIT":
            return 1.0
        if self._method == "AVERAGE":
            return level / 2
        clock = DAY_STARTS_SECONDS + now
        hours_left = 2100 - (int(clock // 3600) * 100 + int(clock % 3600 // 60))
        if hours_left < 0:
            return 1.0
        return level if hours_left > 1000 else level * hours_left / 1000

    def _missing(self, floor: Floor) -> int:
        with_agent = len(floor.talking)
        lines = len(floor.ringing) + len(floor.waiting) + with_agent
        if self._available_only:
            goal = round(self._level * floor.idle) + with_agent
        else:
            goal = round(self._level * (floor.idle + with_agent))
        return max(0, goal - lines)
