"""Which number the customer sees: chosen from a campaign's own numbers, each with its health. Pure.

Every number here is the company's (`caller_id.proof`); a number is never chosen to get round a
block: one that does badly rests, and when all rest nothing is dialled.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

LEAST_ANSWERED = 20
"""Fewer answered calls than this say nothing about a number's share of short ones."""
SHORT_CALL = timedelta(seconds=6)
"""Answered calls that end sooner are what networks call short, and mark numbers for."""


class CallerIdRule(StrEnum):
    """How the number is chosen among those that do not rest."""

    EVEN = "even"  #: the one least used within the last hour
    LOCAL = "local"  #: the one whose digits begin most like the customer's; among equals as EVEN


@dataclass(frozen=True, slots=True)
class CallerIdHealth:
    """One number of a pool and what became of its calls within the last 24 hours.

    short: answered calls that ended within SHORT_CALL of the answer.
    last_hour: calls within the last hour, the oldest of them planned at first_in_hour.
    """

    number: str
    calls: int = 0
    answered: int = 0
    short: int = 0
    last_hour: int = 0
    first_in_hour: datetime | None = None
    last_at: datetime | None = None

    @property
    def answer_rate(self) -> float | None:
        """Answered over calls; None without any."""
        return self.answered / self.calls if self.calls else None

    @property
    def short_share(self) -> float | None:
        """Short over answered calls; None without any."""
        return self.short / self.answered if self.answered else None


@dataclass(frozen=True, slots=True)
class CallerIdPool:
    """A campaign's numbers and their limits.

    max_short_share: of answered calls; above it a number rests, each time as long as `rest`.
    """

    rule: CallerIdRule
    max_calls_per_hour: int
    max_short_share: float
    rest: timedelta
    numbers: Sequence[CallerIdHealth] = ()

    def __post_init__(self) -> None:
        if self.max_calls_per_hour < 1 or not 0 <= self.max_short_share <= 1:
            raise ValueError("a pool allows at least 1 call an hour and a share from 0 to 1")


@dataclass(frozen=True, slots=True)
class CallerIdChoice:
    """The number to show; None: every one rests, the first of them until then."""

    number: str | None
    until: datetime | None = None


def resting_until(health: CallerIdHealth, pool: CallerIdPool, now: datetime) -> datetime | None:
    """Return until when a number is not used; None: it may be used now."""
    ends = []
    if health.last_hour >= pool.max_calls_per_hour and health.first_in_hour is not None:
        ends.append(health.first_in_hour + timedelta(hours=1))
    share = health.short_share
    is_bad = health.answered >= LEAST_ANSWERED and (share or 0.0) > pool.max_short_share
    if is_bad and health.last_at is not None:
        ends.append(health.last_at + pool.rest)
    latest = max(ends, default=None)
    return latest if latest is not None and latest > now else None


def choose_caller_id(pool: CallerIdPool, customer: str, now: datetime) -> CallerIdChoice:
    """Choose the number that this customer (E.164) sees."""
    rests = {one.number: resting_until(one, pool, now) for one in pool.numbers}
    free = [one for one in pool.numbers if rests[one.number] is None]
    if not free:
        first = min((until for until in rests.values() if until is not None), default=None)
        return CallerIdChoice(None, first)
    wants_local = pool.rule is CallerIdRule.LOCAL

    def rank(one: CallerIdHealth) -> tuple[int, int, str]:
        alike = _digits_alike(one.number, customer) if wants_local else 0
        return -alike, one.last_hour, one.number

    return CallerIdChoice(min(free, key=rank).number)


def calls_left(pool: CallerIdPool, now: datetime) -> int:
    """Return how many calls the numbers that do not rest may still make within this hour."""
    return sum(
        max(0, pool.max_calls_per_hour - one.last_hour)
        for one in pool.numbers
        if resting_until(one, pool, now) is None
    )


def after_call(one: CallerIdHealth, now: datetime) -> CallerIdHealth:
    """Return the number's figures after one more call."""
    return replace(
        one,
        calls=one.calls + 1,
        last_hour=one.last_hour + 1,
        first_in_hour=one.first_in_hour or now,
        last_at=now,
    )


def _digits_alike(ours: str, theirs: str) -> int:
    """Count the leading digits that two numbers share."""
    pairs = zip(ours.lstrip("+"), theirs.lstrip("+"), strict=False)
    return next((index for index, (a, b) in enumerate(pairs) if a != b), len(ours.lstrip("+")))
