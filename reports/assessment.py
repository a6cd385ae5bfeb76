"""Scores and bonuses from a day's figures: pure, each by a rule that has a version.

The bonus scheme is the one of domain notes 2.1: a target of effective calls, so much off for each
call short, so much on for each call over, up to a cap.
"""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class ScoreRule:
    """Targets of one agent-day. A rule is never changed, only followed by another version."""

    version: str
    attempts_target: int
    talk_target: timedelta

    def __post_init__(self) -> None:
        if self.attempts_target <= 0 or self.talk_target <= timedelta(0):
            raise ValueError(f"rule {self.version}: targets should be above zero")


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of the targets, 1 = reached; exact fractions, so that anybody can recompute them."""

    attempts: Decimal
    talk: Decimal
    rule_version: str


def score(attempts: int, talk: timedelta, rule: ScoreRule) -> Score:
    """Return what share of each target was reached: done / target."""
    microsecond = timedelta(microseconds=1)
    return Score(
        attempts=Decimal(attempts) / rule.attempts_target,
        talk=Decimal(talk // microsecond) / (rule.talk_target // microsecond),
        rule_version=rule.version,
    )


@dataclass(frozen=True, slots=True)
class BonusRule:
    """per_call: money for each effective call over the target, and off for each one short.

    most: the highest bonus, None for no cap; what is taken off has none.
    """

    version: str
    target: int
    per_call: Decimal
    most: Decimal | None = None


def bonus(effective: int, rule: BonusRule) -> Decimal:
    """Return the day's bonus; negative where calls are short."""
    amount = rule.per_call * (effective - rule.target)
    return amount if rule.most is None else min(amount, rule.most)
