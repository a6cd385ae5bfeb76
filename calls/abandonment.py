"""Abandoned calls as a count."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AbandonmentCount:
    """Calls answered by a person, and those of them that found no agent in time."""

    answered: int = 0
    abandoned: int = 0

    def __add__(self, other: "AbandonmentCount") -> "AbandonmentCount":
        return AbandonmentCount(self.answered + other.answered, self.abandoned + other.abandoned)

    def budget(self, max_abandonment: float) -> float:
        """Return how many more calls may be abandoned; below zero: too many were."""
        return max_abandonment * self.answered - self.abandoned
