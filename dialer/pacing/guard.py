"""How many lines may ring so that the calls that can still be lost are not overrun.

Lines that ring are answered or not, each by itself: how many are is at most as spread as a binomial
count of the same mean. The chance that `most` or more of n lines are answered, each with chance q,
is bounded by exp(-n KL(most/n, q)), KL the relative entropy (Chernoff 1952, Hoeffding 1963). So a
limit on that exponent is a limit on the chance that more callers than can be borne find nobody; and
fewer lines than `most` can never do so, whatever the chance is.
"""

import math
from dataclasses import dataclass

RISK_EXPONENT = 3.5
"""exp(-3.5) is 1 in 33, and the bound is several times wider than the true chance; that the spare
of the budget is overrun as well is rarer by far."""
RISK_EXPONENT_SPENT = 5.0
"""1 in 150, when calls were lost already and none more may be: the next one breaks the cap."""
UNKNOWN_CHANCE, KNOWN_CHANCE = 0.1, 0.02
UNKNOWN_UNTIL_CALLS, KNOWN_FROM_CALLS = 1.0, 3.0
"""No line is taken to be answered less often than this, until one call and from three on that the
answers so far would bear: where nobody answered yet, all may begin to at once."""
SPARE_SHARE, SPARE_LEAST, SPARE_MOST = 0.5, 1.0, 2.0
SPARE_GROWTH = 0.05
"""Calls that overdialling never counts on: half of what was earned, up to one; up to two later."""
LEAVING_SPARE, LEAVING_SPARE_MOST = 12.0, 2.0
"""Where agents leave unannounced, calls are lost that no pacer foresees: as many more are spared
as this times the share of wrap-ups after which nobody came back."""
STILL_BUSY_SIGMAS = 0.4
"""Agents about to end their wrap-up are counted on less so many roots of their number."""


def spare_calls(earned: float, leaving_share: float, talking_share: float) -> float:
    """Return how much of the budget is not counted on.

    earned: calls that might have been lost so far, none being lost. leaving_share: of wrap-ups
    after which the agent was gone. talking_share: of the agents who talk now.
    """
    usual = min(SPARE_MOST, SPARE_LEAST + SPARE_GROWTH * earned, SPARE_SHARE * earned)
    return usual + min(LEAVING_SPARE_MOST, LEAVING_SPARE * leaving_share * talking_share)


def answers_too_many(idle: int, ending_wraps: float, left: float) -> float:
    """Return from how many answers on more are lost than may be: those who come to the agents
    who are free or soon will be, those who may be lost, and one."""
    soon_free = max(0.0, ending_wraps - STILL_BUSY_SIGMAS * math.sqrt(ending_wraps))
    return idle + soon_free + max(-1, math.floor(left + 1e-9)) + 1


def risk_exponent(left: float, abandoned: int) -> float:
    """Return what the exponent of the bound has to reach, by the calls that may be lost."""
    return RISK_EXPONENT_SPENT if abandoned and left < 1 else RISK_EXPONENT


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
