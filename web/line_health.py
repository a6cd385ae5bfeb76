"""Judges trunks and caller IDs by today's figures. Pure."""

from collections.abc import Callable, Iterable

from store.lines import CallerIdSum, TrunkSum
from web.steering_schemas import CallerIdHealth, LineHealth, TrunkHealth

ENOUGH_CALLS = 30
"""Below this many calls a rate says nothing."""
WORST_FALL = 0.5
"""A caller ID that is answered half as often as in the week before may be marked as spam."""
MOST_FAILED = 0.1


def judge_caller_id(name: str, sums: Iterable[CallerIdSum]) -> CallerIdHealth:
    """Add the campaigns of one caller ID up and compare today with the week before."""
    some = list(sums)
    attempts, answered = sum(s.attempts for s in some), sum(s.answered for s in some)
    before = sum(s.attempts_before for s in some)
    answered_before = sum(s.answered_before for s in some)
    has_enough = attempts >= ENOUGH_CALLS and before >= ENOUGH_CALLS
    # answered / attempts < WORST_FALL * answered_before / before, without a division
    has_fallen = answered * before < WORST_FALL * answered_before * attempts
    return CallerIdHealth(
        name,
        attempts,
        answered,
        before,
        answered_before,
        has_enough and has_fallen,
        # Both are of the number; pools of two campaigns may let it rest differently.
        next((one.short_share for one in some if one.short_share is not None), None),
        max((one.resting_until for one in some if one.resting_until), default=None),
    )


def judge_trunk(name: str, sums: Iterable[TrunkSum]) -> TrunkHealth:
    """Add the campaigns of one trunk up."""
    some = list(sums)
    calls, failed = sum(s.calls for s in some), sum(s.failed for s in some)
    is_bad = calls >= ENOUGH_CALLS and failed > MOST_FAILED * calls
    return TrunkHealth(name, calls, failed, is_bad)


def judge_lines(
    caller_ids: Iterable[CallerIdSum], trunks: Iterable[TrunkSum], sees: Callable[[str], bool]
) -> LineHealth:
    """Return every line of the campaigns that may be seen; sees: by a campaign's name."""
    shown = [one for one in caller_ids if sees(one.campaign)]
    through = [one for one in trunks if sees(one.campaign)]
    return LineHealth(
        [
            judge_caller_id(name, [one for one in shown if one.name == name])
            for name in sorted({one.name for one in shown})
        ],
        [
            judge_trunk(name, [one for one in through if one.name == name])
            for name in sorted({one.name for one in through})
        ],
    )
