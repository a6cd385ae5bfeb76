"""When is a lead tried again? Pure: one decision per result, from the table in `calls.outcomes`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from calls.outcomes import OUTCOMES, NetworkResult

TRIES_USED_UP = "tries_used_up"
SUSPENDED_IS_DEAD_AFTER = 3
"""A number that is out of service so often in a row is taken for dead (three failed tries)."""
ERRORS_BEFORE_BACK_OFF = 3
"""Our own failures cost no try, so after these in a row each wait is twice the one before."""
SHORTEST_ERROR_WAIT = timedelta(seconds=1)
LONGEST_ERROR_WAIT = timedelta(hours=6)
_NEVER_AGAIN = frozenset({NetworkResult.ANSWERED})


class RetryStatus(StrEnum):
    """What becomes of the lead; these are `lead_state.status`."""

    READY = "ready"
    SCHEDULED = "scheduled"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """A campaign's own wishes. overrides: time until the next try, by result.

    An override cannot bring back an answered call or a dead number. max_system_errors: our own
    failures cost no try, so after this many in a row the lead is done.
    """

    max_tries: int
    overrides: Mapping[NetworkResult, timedelta] = field(default_factory=dict)
    max_system_errors: int = 10

    def __post_init__(self) -> None:
        if self.max_tries < 1:
            raise ValueError(f"max_tries {self.max_tries} is not a number from 1")
        for result, wait in self.overrides.items():
            if wait < timedelta(0):
                raise ValueError(f"retry time of {result} is negative: {wait}")


@dataclass(frozen=True, slots=True)
class RetryDecision:
    """What to write to the lead. next_attempt_at: never dial before; None when done.

    done_reason: the result that ended it, or `TRIES_USED_UP`; None unless done.
    """

    status: RetryStatus
    next_attempt_at: datetime | None
    done_reason: str | None
    uses_up_try: bool


def decide_retry(
    result: NetworkResult,
    tries: int,
    last_tries_policy: RetryPolicy,
    ended_at: datetime,
    *,
    in_a_row: int = 1,
) -> RetryDecision:
    """Decide what follows an attempt.

    tries: those used up before this attempt. in_a_row: how many of the lead's last attempts, this
    one included, had this result; it bounds the results that could otherwise go on for ever.
    """
    row = OUTCOMES[result]
    used = tries + int(row.uses_up_try)
    wait = _wait(result, last_tries_policy, in_a_row)
    if wait is None:
        return RetryDecision(RetryStatus.DONE, None, result.value, row.uses_up_try)
    if not row.uses_up_try and in_a_row >= last_tries_policy.max_system_errors:
        return RetryDecision(RetryStatus.DONE, None, result.value, row.uses_up_try)
    if used >= last_tries_policy.max_tries:
        return RetryDecision(RetryStatus.DONE, None, TRIES_USED_UP, row.uses_up_try)
    status = RetryStatus.SCHEDULED if wait else RetryStatus.READY
    return RetryDecision(status, ended_at + wait, None, row.uses_up_try)


def _wait(result: NetworkResult, policy: RetryPolicy, in_a_row: int) -> timedelta | None:
    """Return the time until the next try; None: no further one."""
    row = OUTCOMES[result]
    if row.is_dead_number or result in _NEVER_AGAIN:
        return None
    if result is NetworkResult.SUSPENDED and in_a_row >= SUSPENDED_IS_DEAD_AFTER:
        return None
    wait = policy.overrides.get(result, row.retry_after)
    if wait is None or row.uses_up_try:
        return wait
    return _backed_off(wait, in_a_row)


def _backed_off(wait: timedelta, in_a_row: int) -> timedelta:
    """Return the wait after an attempt that cost no try: never zero, later doubled."""
    start = max(wait, SHORTEST_ERROR_WAIT)
    doublings = min(max(in_a_row - ERRORS_BEFORE_BACK_OFF, 0), 16)
    return max(start, min(start * (1 << doublings), LONGEST_ERROR_WAIT))
