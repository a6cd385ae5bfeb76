"""What a predictive pacer learns from what ended: when rings answer, when work ends.

Rings are counted as actuaries count lives: how many seconds lines rang at each age, and how many
ended there (Kaplan and Meier 1958). So lines that still ring count as well, and the estimate is not
led astray by answers coming back before the calls that nobody takes.
"""

import math
from bisect import bisect_right
from collections import deque
from collections.abc import Sequence

from dialer.pacing.view import DialResult

AGES = 120
"""Ages of a ring in whole seconds; what rings longer counts as the last."""
PRIOR_SECONDS = 3.0
PRIOR_ANSWER_RATE = 0.035
PRIOR_END_RATE = 0.06
"""Before anything was seen: per second of ringing, a likely answer (37 % in all), hence caution."""
MEMORY_ANSWERS = 300.0
"""The shape of a ring is remembered over so many answers, older ones fade."""
LEVEL_ANSWERS = 100.0
LEVEL_PRIOR_ANSWERS = 20.0
"""How likely answers are just now, against that shape, is judged over the last hundred or so."""
QUICK_ANSWERS = 25.0
QUICK_PRIOR_ANSWERS = 10.0
"""A second, quicker look at the level: it notices within a dozen answers that more are coming."""
LEVEL_LEAST, LEVEL_MOST = 0.2, 3.0
LEAST_ANSWER_CHANCE = 0.005
REFRESH_SECONDS = 10.0
LONGEST_STEP_SECONDS = 5.0
"""A longer gap between two decisions tells nothing about the lines that rang in between."""


class RingLearner:
    """The chance that a line which has rung t seconds will still be answered by a person.

    caution: 1 or more; how much more answers there may be than that, by the last dozen or two.
    """

    def __init__(self) -> None:
        self._seconds = [PRIOR_SECONDS] * AGES
        self._answers = [0.0] + [PRIOR_SECONDS * PRIOR_ANSWER_RATE] * (AGES - 1)
        self._others = [PRIOR_SECONDS * PRIOR_END_RATE] * AGES
        self._rates: list[float] = []
        self._chances: list[float] = []
        self._recent_answers = 0.0
        self._recent_expected = 0.0
        self._quick_answers = 0.0
        self._quick_expected = 0.0
        self._level = 1.0
        self.caution = 1.0
        self._refresh()

    @property
    def dial_chance(self) -> float:
        """The chance that a line dialled now will be answered by a person."""
        return max(LEAST_ANSWER_CHANCE, min(1.0, self._chances[0] * self._level))

    def pending_answers(self, ringing_seconds: Sequence[float]) -> float:
        """The answers to be expected from the lines that ring now."""
        chances, last, level = self._chances, AGES - 1, self._level
        return sum(
            min(1.0, chances[int(age) if age < last else last] * level) for age in ringing_seconds
        )

    def learn(
        self, step_seconds: float, ringing: Sequence[float], ended: Sequence[DialResult]
    ) -> None:
        """Take in what rang through the last step, and what ended in it."""
        step = step_seconds if 0 < step_seconds <= LONGEST_STEP_SECONDS else 0.0
        expected = self._count_ringing(step, ringing)
        answers = 0
        for dial in ended:
            age = min(AGES - 1, int(dial.ring_seconds))
            self._seconds[age] += step / 2
            expected += self._rates[age] * step / 2
            if dial.result == "answer":
                self._answers[age] += 1
                answers += 1
            else:
                self._others[age] += 1
        self._judge_level(answers, expected)

    def _count_ringing(self, step: float, ringing: Sequence[float]) -> float:
        seconds, rates, last, back = self._seconds, self._rates, AGES - 1, step / 2
        expected = 0.0
        for rung in ringing:
            middle = rung - back
            age = 0 if middle < 0 else int(middle) if middle < last else last
            seconds[age] += step
            expected += rates[age]
        return expected * step

    def _judge_level(self, answers: int, expected: float) -> None:
        fade = math.exp(-expected / LEVEL_ANSWERS)
        self._recent_answers = self._recent_answers * fade + answers
        self._recent_expected = self._recent_expected * fade + expected
        level = (self._recent_answers + LEVEL_PRIOR_ANSWERS) / (
            self._recent_expected + LEVEL_PRIOR_ANSWERS
        )
        self._level = max(LEVEL_LEAST, min(LEVEL_MOST, level))
        fade = math.exp(-expected / QUICK_ANSWERS)
        self._quick_answers = self._quick_answers * fade + answers
        self._quick_expected = self._quick_expected * fade + expected
        quick = (self._quick_answers + QUICK_PRIOR_ANSWERS) / (
            self._quick_expected + QUICK_PRIOR_ANSWERS
        )
        self.caution = max(1.0, quick / self._level)

    def refresh(self) -> None:
        """Let old rings fade and work out the chances anew; a tenth of a millisecond."""
        seen = sum(self._answers)
        if seen > MEMORY_ANSWERS:
            keep = MEMORY_ANSWERS / seen
            for counts in (self._seconds, self._answers, self._others):
                counts[:] = [count * keep for count in counts]
        self._refresh()

    def _refresh(self) -> None:
        """From the oldest age to the first: ends here by an answer, or goes on."""
        self._rates = [a / s for a, s in zip(self._answers, self._seconds, strict=True)]
        chances = [0.0] * AGES
        later = 0.0
        for age in range(AGES - 1, -1, -1):
            answer = self._rates[age]
            total = answer + self._others[age] / self._seconds[age]
            stays = math.exp(-total)
            later = (answer / total * (1 - stays) if total > 0 else 0.0) + stays * later
            chances[age] = later
        self._chances = chances


class DurationLearner:
    """The chance that something which has lasted t seconds ends within the next few."""

    def __init__(self, mean_before_seconds: float, remembered: int) -> None:
        self._prior_mean = mean_before_seconds
        self._recent: deque[float] = deque(maxlen=remembered)
        self._sorted: list[float] = []

    def learn(self, finished: Sequence[float]) -> None:
        """Take in how long the ones that ended had lasted."""
        self._recent.extend(finished)

    def refresh(self) -> None:
        """Put the remembered ones in order."""
        self._sorted = sorted(self._recent)

    def endings_within(self, seconds: float, lasting: Sequence[float]) -> float:
        """How many of those that last so long now will end within the next seconds."""
        durations, count = self._sorted, len(self._sorted)
        prior = 2 * (1 - math.exp(-seconds / self._prior_mean))
        total = 0.0
        for elapsed in lasting:
            shorter = bisect_right(durations, elapsed)
            ending = bisect_right(durations, elapsed + seconds) - shorter
            total += (ending + prior) / (count - shorter + 2)
        return total
