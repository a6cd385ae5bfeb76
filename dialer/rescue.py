"""Attempts whose end nobody saw: after a crash of ours, a lost link, a restart of Asterisk.

The rule is pure: an attempt that is not on the floor is settled from Asterisk's records; one that
Asterisk recorded but not to the end waits for the ingester; one of which Asterisk has recorded
nothing, long after it was planned, was never sent. It is never simply dialled again.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from calls.attempt import PlannedAttempt
from calls.call_state import CallState
from calls.ids import AttemptId, CallId
from calls.live import LiveCall
from config.timeouts import ATTEMPT_NEVER_SENT_SECONDS, ATTEMPT_ORPHAN_SECONDS

NOT_SEEN = frozenset({CallState.PLANNED, CallState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class Orphan:
    """An open attempt that the records must settle."""

    attempt: AttemptId
    age: timedelta
    may_be_unsent: bool


def find_orphans(
    attempts: Collection[PlannedAttempt],
    live: dict[CallId, LiveCall],
    being_settled: Collection[AttemptId],
    now: datetime,
) -> list[Orphan]:
    """Return the open attempts that no live call stands for any more.

    may_be_unsent: old enough that, with no trace in the records, no call can come of it; sooner
    for one that Asterisk says it has refused.
    """
    orphans = []
    for planned in attempts:
        call = live.get(CallId(planned.attempt))
        is_seen = call is not None and call.state not in NOT_SEEN
        age = now - planned.planned_at
        too_young = age < timedelta(seconds=ATTEMPT_ORPHAN_SECONDS)
        if is_seen or too_young or planned.attempt in being_settled:
            continue
        was_refused = call is not None and call.was_refused
        in_all = ATTEMPT_NEVER_SENT_SECONDS + planned.ring_seconds
        limit = timedelta(seconds=ATTEMPT_ORPHAN_SECONDS if was_refused else in_all)
        orphans.append(Orphan(planned.attempt, age, may_be_unsent=age >= limit))
    return orphans
