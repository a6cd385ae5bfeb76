"""What a predictive pacer learns from what ended: when rings answer, when work ends.

Rings are counted as actuaries count lives: how many seconds lines rang at each age, and how many
ended there (Kaplan and Meier 1958). So lines that still ring count as well, and the estimate is not
led astray by answers coming back before the calls that nobody takes.

Ages are those of the view's own clock: where a result tells another ring than the line had in the
views (with or without the set-up, or none at all), the line's own age is believed.
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
UNANSWERED, UNANSWERED_PER_ANSWER = 5.0, 5.0
"""The level takes no more answers for missing than this, and this many for each that came: where
all lines were dialled at once and none is old enough to be answered yet, nothing was missed."""
GIVEN_SHARE = 0.3
"""Of machines, that must have taken an agent for all to be counted on to do so."""
GIVEN_WEIGHT = 0.5
UNCERTAINTY = 1.0
"""How many standard deviations (of the root of the answers seen) the guard adds to the chance."""
LEAVING_MEMORY_WRAPS, LEAVING_PRIOR_WRAPS = 60.0, 5.0
LEVEL_LEAST, LEVEL_MOST = 0.2, 3.0
LEAST_ANSWER_CHANCE = 0.005
REFRESH_SECONDS = 10.0
LONGEST_STEP_SECONDS = 5.0
"""A longer gap between two decisions tells nothing about the lines that rang in between."""


class GivenMachines:
    """Whether answering machines are given to agents, by whether more talks begin than people
    answer. Where they are, they keep agents from people; but a machine itself cannot be lost.
    """

    def __init__(self) -> None:
        self._people = 0
        self._machines = 0
        self._talks = 0

    @property
    def weight(self) -> float:
        """Of a machine, an answer being 1. Taken for given until two of them took no agent."""
        given = self._talks - self._people + 1 > GIVEN_SHARE * (self._machines + 2)
        return GIVEN_WEIGHT if given else 0.0

    def learn(self, ended: Sequence[DialResult], talks: int) -> None:
        """Take in what ended, and how many talks began since the start."""
        self._people += sum(dial.result == "answer" for dial in ended)
        self._machines += sum(dial.result == "machine" for dial in ended)
        self._talks = talks


class Level:
    """How many answers came for each that was expected, over the last so many; older ones fade."""

    def __init__(self, remembered: float, prior: float) -> None:
        self._remembered = remembered
        self._prior = prior
        self.answers = 0.0
        self.expected = 0.0

    @property
    def ratio(self) -> float:
        """1 where as many came as expected."""
        return (self.answers + self._prior) / (self.expected + self._prior)

    def learn(self, answers: float, expected: float) -> None:
        """Take in how many answers came in a step, and how many were expected."""
        fade = math.exp(-expected / self._remembered)
        self.answers = self.answers * fade + answers
        most = UNANSWERED + UNANSWERED_PER_ANSWER * self.answers
        self.expected = min(most, self.expected * fade + expected)


class RingLearner:
    """The chance that a line which has rung t seconds will still take an agent: a person answers,
    or a machine, where those are given to agents.

    caution: 1 or more; how much more answers there may be than that: the last dozen or two came
    more often, or few were seen yet.
    """

    def __init__(self) -> None:
        self._seconds = [PRIOR_SECONDS] * AGES
        self._answers = [0.0] + [PRIOR_SECONDS * PRIOR_ANSWER_RATE] * (AGES - 1)
        self._others = [PRIOR_SECONDS * PRIOR_END_RATE] * AGES
        self._machines = [0.0] * AGES
        self._given = GivenMachines()
        self._rates: list[float] = []
        self._chances: list[float] = []
        self._recent = Level(LEVEL_ANSWERS, LEVEL_PRIOR_ANSWERS)
        self._quick = Level(QUICK_ANSWERS, QUICK_PRIOR_ANSWERS)
        self._level = 1.0
        self.caution = 1.0 + UNCERTAINTY
        self._ringing: list[float] = []
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
        self,
        step_seconds: float,
        ringing: Sequence[float],
        ended: Sequence[DialResult],
        talks: int = 0,
    ) -> None:
        """Take in what rang through the last step, what ended in it, and how many talks began
        since the start.
        """
        self._given.learn(ended, talks)
        step = step_seconds if 0 < step_seconds <= LONGEST_STEP_SECONDS else 0.0
        oldest_first = sorted(ringing, reverse=True)
        rang = ages_at_end(self._ringing, oldest_first, step, ended) if ended else []
        self._ringing = oldest_first
        expected = self._count_ringing(step, ringing)
        answers = 0.0
        for dial, seconds in rang:
            age = min(AGES - 1, int(seconds))
            self._seconds[age] += step / 2
            expected += self._rates[age] * step / 2
            if dial.result == "answer":
                self._answers[age] += 1
                answers += 1
                continue
            self._others[age] += 1
            if dial.result == "machine":
                self._machines[age] += 1
                answers += self._given.weight
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

    def _judge_level(self, answers: float, expected: float) -> None:
        self._recent.learn(answers, expected)
        self._quick.learn(answers, expected)
        self._level = max(LEVEL_LEAST, min(LEVEL_MOST, self._recent.ratio))
        unsure = UNCERTAINTY / math.sqrt(1 + min(LEVEL_ANSWERS, self._recent.answers))
        self.caution = max(1.0, self._quick.ratio / self._level) * (1 + unsure)

    def refresh(self) -> None:
        """Let old rings fade and work out the chances anew; a tenth of a millisecond."""
        seen = sum(self._answers)
        if seen > MEMORY_ANSWERS:
            keep = MEMORY_ANSWERS / seen
            for counts in (self._seconds, self._answers, self._others, self._machines):
                counts[:] = [count * keep for count in counts]
        before = self._chances[0]
        self._refresh()
        # The shape has taken in some of what the level tells: it must not be counted twice.
        self._recent.expected *= self._chances[0] / before
        self._quick.expected *= self._chances[0] / before

    def _refresh(self) -> None:
        """From the oldest age to the first: ends here by an answer, or goes on."""
        weight = self._given.weight
        taken = [a + weight * m for a, m in zip(self._answers, self._machines, strict=True)]
        self._rates = [count / s for count, s in zip(taken, self._seconds, strict=True)]
        chances = [0.0] * AGES
        later = 0.0
        for age in range(AGES - 1, -1, -1):
            answer = self._rates[age]
            total = (self._answers[age] + self._others[age]) / self._seconds[age]
            stays = math.exp(-total)
            later = (answer / total * (1 - stays) if total > 0 else 0.0) + stays * later
            chances[age] = later
        self._chances = chances


def ages_at_end(
    before: Sequence[float], after: Sequence[float], step: float, ended: Sequence[DialResult]
) -> list[tuple[DialResult, float]]:
    """Return how long each that ended had rung, by the ages of the lines that are gone.

    before, after: ages of the ringing lines a step ago and now, the oldest first. The longest told
    ring goes with the oldest line that is gone; a told ring within a step of that age is believed,
    and one that has no such line began and ended within the step.
    """
    gone = _gone(before, after, step) if step else []
    rang = []
    for place, dial in enumerate(sorted(ended, key=lambda dial: dial.ring_seconds, reverse=True)):
        told = dial.ring_seconds
        seen = gone[place] if place < len(gone) else told
        rang.append((dial, told if abs(told - seen) <= step else seen))
    return rang


def _gone(before: Sequence[float], after: Sequence[float], step: float) -> list[float]:
    """Return the ages, half a step on, of those before that are not among those after."""
    gone, place = [], 0
    for age in before:
        while place < len(after) and after[place] > age + 1.5 * step:
            place += 1
        if place < len(after) and after[place] > age + step / 2:
            place += 1
        else:
            gone.append(age + step / 2)
    return gone


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


class LeavingLearner:
    """The share of wrap-ups after which the agent was gone: for a break, an inbound call, home."""

    def __init__(self) -> None:
        self._agents = 0
        self._left = 0.0
        self._wraps = 0.0

    @property
    def share(self) -> float:
        """0 to 1, by the last sixty or so wrap-ups."""
        return min(1.0, self._left / (self._wraps + LEAVING_PRIOR_WRAPS))

    def learn(self, agents: int, finished_wraps: int) -> None:
        """Take in how many agents there are now, and how many wrap-ups ended since last."""
        fade = math.exp(-finished_wraps / LEAVING_MEMORY_WRAPS)
        self._left = self._left * fade + max(0, self._agents - agents)
        self._wraps = self._wraps * fade + finished_wraps
        self._agents = agents
