"""Which calls count: the valid and the effective call, as versioned rules.

Pay depends on this. Talk time is compared exactly as Asterisk's microseconds give it:
nothing is rounded, 179.999999 s is not effective, 180 s is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class EffectiveCallRule:
    """Thresholds under one version name. A rule is never changed, only followed by another.

    valid_from: talk of an answered call from which it is valid (the short-call floor).
    effective_from: talk from which it is effective. Both boundaries are included.
    """

    version: str
    valid_from: timedelta
    effective_from: timedelta

    def __post_init__(self) -> None:
        if not timedelta(0) <= self.valid_from <= self.effective_from:
            raise ValueError(
                f"rule {self.version}: need 0 <= valid_from <= effective_from, "
                f"got {self.valid_from} and {self.effective_from}"
            )


RULES: Mapping[str, EffectiveCallRule] = MappingProxyType(
    {
        rule.version: rule
        for rule in (
            EffectiveCallRule("standard-1", timedelta(seconds=5), timedelta(seconds=180)),
            # The demo's calls last seconds; its thresholds are shortened in proportion.
            EffectiveCallRule("demo-1", timedelta(seconds=1), timedelta(seconds=4)),
        )
    }
)
DEFAULT_RULE = RULES["standard-1"]


@dataclass(frozen=True, slots=True)
class Assessment:
    """Whether one call counts, and by which version of the rule."""

    answered: bool
    valid: bool
    effective: bool
    rule_version: str


def assess(*, answered: bool, talk: timedelta, rule: EffectiveCallRule) -> Assessment:
    """Judge one call; always effective <= valid <= answered."""
    return Assessment(
        answered=answered,
        valid=answered and talk >= rule.valid_from,
        effective=answered and talk >= rule.effective_from,
        rule_version=rule.version,
    )


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over many calls; talk covers answered calls, effective_talk the effective ones."""

    attempts: int = 0
    answered: int = 0
    valid: int = 0
    effective: int = 0
    talk: timedelta = timedelta(0)
    effective_talk: timedelta = timedelta(0)

    def add(self, assessment: Assessment, talk: timedelta) -> "Totals":
        """Return the totals with one more attempt."""
        return Totals(
            attempts=self.attempts + 1,
            answered=self.answered + assessment.answered,
            valid=self.valid + assessment.valid,
            effective=self.effective + assessment.effective,
            talk=self.talk + (talk if assessment.answered else timedelta(0)),
            effective_talk=self.effective_talk + (talk if assessment.effective else timedelta(0)),
        )
