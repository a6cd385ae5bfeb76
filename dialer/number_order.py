"""Which of a lead's several numbers comes next. Pure: one decision for each ended attempt."""

from enum import StrEnum

from calls.attempt import LeadHistory
from calls.outcomes import NetworkResult
from dialer.retry import TRIES_USED_UP, RetryDecision, RetryStatus

NOBODY_THERE = frozenset(
    {
        NetworkResult.NO_ANSWER,
        NetworkResult.POWER_OFF,
        NetworkResult.UNREACHABLE,
        NetworkResult.SUSPENDED,
    }
)
"""Results after which the customer may be reached by another number.

Not after busy, the customer is there; nor after rejected or barred: another number would be used
to get round a refusal.
"""
DEAD_NUMBER = frozenset({NetworkResult.INVALID, NetworkResult.SUSPENDED})
"""Results that can end a number for good; `dialer.retry` says when."""


class NumberTurn(StrEnum):
    """What becomes of the lead's place in its numbers."""

    STAY = "stay"  #: the same number is dialled next, or none
    NEXT = "next"
    DEAD = "dead"  #: the next one, and this one never again


def choose_number(
    result: NetworkResult, decision: RetryDecision, history: LeadHistory
) -> NumberTurn:
    """Say which number is next after an attempt with this result.

    decision: what would follow if the lead had this number only. After the last number the first
    comes again, when the retry time of the result has passed.
    """
    if not history.numbers_after and not history.numbers_before:
        return NumberTurn.STAY
    is_over = decision.status is RetryStatus.DONE
    if is_over and decision.done_reason == TRIES_USED_UP:
        return NumberTurn.STAY
    if is_over:
        return NumberTurn.DEAD if result in DEAD_NUMBER else NumberTurn.STAY
    return NumberTurn.NEXT if result in NOBODY_THERE else NumberTurn.STAY
