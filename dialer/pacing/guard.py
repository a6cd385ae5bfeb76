"""How many lines may ring so that the calls that can still be lost are not overrun.

Lines that ring are answered or not, each by itself: how many are is at most as spread as a binomial
count of the same mean. The chance that `most` or more of n lines are answered, each with chance q,
is bounded by exp(-n KL(most/n, q)), KL the relative entropy (Chernoff 1952, Hoeffding 1963). So a
limit on that exponent is a limit on the chance that more callers than can be borne find nobody; and
fewer lines than `most` can never do so, whatever the chance is.
"""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """How careful to be, by the calls that may be lost once the pacer has run a while.

    exponent: what the exponent of the bound has to reach. boldest: limit of the boldness.
    caution_share: how far the rule itself takes chances at their cautious end, 0 to 1.
    """

    exponent: float
    boldest: float
    caution_share: float


RISK_EXPONENT = 4.0
"""exp(-4) is 1 in 55, and the bound is several times wider than the true chance: for the call
that could not be paid back."""
LAST = Stage(RISK_EXPONENT, boldest=0.18, caution_share=1.0)
FEW = Stage(3.0, boldest=0.25, caution_share=1.0)
MANY = Stage(1.5, boldest=math.inf, caution_share=0.0)
FEW_FROM_CALLS, MANY_FROM_CALLS = 1.0, 2.0
"""From how many calls on, that may be lost by then, the second and the third stage begin."""
UNKNOWN_CHANCE, KNOWN_CHANCE = 0.1, 0.02
UNKNOWN_UNTIL_CALLS, KNOWN_FROM_CALLS = 1.0, 3.0
"""No line is taken to be answered less often than this, until one call and from three on that the
answers so far would bear: where nobody answered yet, all may begin to at once."""
SPARE_CALLS = 0.5
"""Part of a call that overdialling never counts on; but no more than half of what was earned."""
STILL_BUSY_SIGMAS = 0.4
"""Agents about to end their wrap-up are counted on less so many roots of their number."""


def spare_calls(earned: float) -> float:
    """Return how much of the budget is not counted on.

    earned: calls that might have been lost so far, none being lost.
    """
    return min(SPARE_CALLS, earned / 2)


def answers_too_many(idle: int, ending_wraps: float, left: float) -> float:
    """Return from how many answers on more are lost than may be: those who come to the agents
    who are free or soon will be, those who may be lost, and one."""
    soon_free = max(0.0, ending_wraps - STILL_BUSY_SIGMAS * math.sqrt(ending_wraps))
    return idle + soon_free + max(-1, math.floor(left + 1e-9)) + 1


def stage(outlook: float) -> Stage:
    """Return how careful to be. outlook: calls that may be lost, see `Budget.outlook`."""
    if outlook < FEW_FROM_CALLS:
        return LAST
    return FEW if outlook < MANY_FROM_CALLS else MANY


def least_chance(earned: float) -> float:
    """Return the chance of an answer that each ringing line is given at least."""
    known = (earned - UNKNOWN_UNTIL_CALLS) / (KNOWN_FROM_CALLS - UNKNOWN_UNTIL_CALLS)
    return UNKNOWN_CHANCE + (KNOWN_CHANCE - UNKNOWN_CHANCE) * max(0.0, min(1.0, known))


def are_safe(
    lines: int, expected_answers: float, most: float, exponent: float = RISK_EXPONENT
) -> bool:
    """Whether `most` or more answers from so many lines are as good as impossible.

    expected_answers: of all these lines together, at the cautious end of what is known.
    """
    if lines < most:
        return True
    if most <= 0 or expected_answers >= most:
        return False
    share, chance = most / lines, expected_answers / lines
    entropy = share * math.log(share / chance) if chance > 0 else math.inf
    if share < 1:
        entropy += (1 - share) * math.log((1 - share) / (1 - chance))
    return lines * entropy >= exponent


@dataclass(frozen=True, slots=True)
class Limits:
    """What new lines are judged by.

    expected_answers: of the lines that ring; chance: of a new line; both at the cautious end.
    least_chance: of any line. too_many: from how many answers on more are lost than may be.
    """

    ringing: int
    expected_answers: float
    chance: float
    too_many: float
    least_chance: float = 0.0
    exponent: float = RISK_EXPONENT

    def allow(self, new: int) -> bool:
        """Whether so many new lines are safe beside those that ring."""
        lines = self.ringing + new
        expected = self.expected_answers + new * self.chance
        expected = max(expected, self.least_chance * lines)
        return are_safe(lines, expected, self.too_many, self.exponent)


def most_new_lines(wanted: int, limits: Limits) -> int:
    """Return how many of the wanted lines are safe."""
    if wanted <= 0 or limits.allow(wanted):
        return max(0, wanted)
    safe, unsafe = 0, wanted
    while unsafe - safe > 1:
        middle = (safe + unsafe) // 2
        if limits.allow(middle):
            safe = middle
        else:
            unsafe = middle
    return safe
