"""Outcomes and the rules that pay depends on."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.effective_call import DEFAULT_RULE, RULES, EffectiveCallRule, Totals, assess
from calls.outcomes import OUTCOMES, NetworkResult, classify_network_result

RING_LIMIT = timedelta(seconds=30)
TALKS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(hours=3))


def _seconds(value: float) -> timedelta:
    return timedelta(seconds=value)


@pytest.mark.parametrize(
    ("cause", "result"),
    [(cause, result) for result, row in OUTCOMES.items() for cause in row.q850_causes],
)
def test_each_cause_of_the_table_names_its_result(cause: int, result: NetworkResult) -> None:
    got = classify_network_result(
        answered=False, cause=cause, elapsed=_seconds(2), ring_limit=RING_LIMIT
    )

    assert result is got


def test_no_cause_stands_in_two_rows() -> None:
    causes = [cause for row in OUTCOMES.values() for cause in row.q850_causes]

    assert len(causes) == len(set(causes))


@pytest.mark.parametrize(
    ("cause", "elapsed", "cancelled", "result"),
    [
        (16, 30.0, False, NetworkResult.NO_ANSWER),
        (0, 31.0, False, NetworkResult.NO_ANSWER),
        (127, 30.5, False, NetworkResult.NO_ANSWER),
        (127, 3.0, False, NetworkResult.CANCELLED),
        (16, 5.0, False, NetworkResult.CANCELLED),
        (17, 5.0, True, NetworkResult.CANCELLED),
        (17, 60.0, False, NetworkResult.BUSY),
        (None, 5.0, False, NetworkResult.SYSTEM_ERROR),
        (99, 5.0, False, NetworkResult.SYSTEM_ERROR),
    ],
)
def test_unanswered_calls_that_somebody_hung_up(
    cause: int | None, elapsed: float, cancelled: bool, result: NetworkResult
) -> None:
    got = classify_network_result(
        answered=False,
        cause=cause,
        elapsed=_seconds(elapsed),
        ring_limit=RING_LIMIT,
        cancelled_by_us=cancelled,
    )

    assert result is got


def test_an_answered_call_is_answered_whatever_its_cause() -> None:
    for cause in (None, 0, 16, 17, 127):
        got = classify_network_result(
            answered=True, cause=cause, elapsed=_seconds(99), ring_limit=RING_LIMIT
        )
        assert got is NetworkResult.ANSWERED


def test_our_own_failures_are_no_attempts_and_cost_no_try() -> None:
    row = OUTCOMES[NetworkResult.SYSTEM_ERROR]

    assert (row.is_attempt, row.uses_up_try) == (False, False)


@pytest.mark.parametrize(
    ("talk", "valid", "effective"),
    [
        (0.0, False, False),
        (4.999999, False, False),
        (5.0, True, False),
        (179.9, True, False),
        (179.999999, True, False),
        (180.0, True, True),
        (180.000001, True, True),
    ],
)
def test_the_boundary_is_included_and_nothing_is_rounded_up(
    talk: float, valid: bool, effective: bool
) -> None:
    got = assess(answered=True, talk=_seconds(talk), rule=DEFAULT_RULE)

    assert (valid, effective) == (got.valid, got.effective)
    assert got.rule_version == "standard-1"


def test_the_three_minutes_of_the_acceptance_list() -> None:
    """A15 and A16: talks of 10, 179, 180 and 200 s, and three that were not answered."""
    totals = Totals()
    for talk in (10, 179, 180, 200):
        totals = totals.add(
            assess(answered=True, talk=_seconds(talk), rule=DEFAULT_RULE), _seconds(talk)
        )
    for _ in range(2):
        totals = totals.add(
            assess(answered=False, talk=_seconds(0), rule=DEFAULT_RULE), _seconds(0)
        )

    assert (totals.attempts, totals.answered, totals.effective) == (6, 4, 2)
    assert (totals.talk, totals.effective_talk) == (_seconds(569), _seconds(380))


@given(st.lists(st.tuples(st.booleans(), TALKS)), st.sampled_from(sorted(RULES)))
def test_effective_is_within_valid_within_answered_within_attempts(
    calls: list[tuple[bool, timedelta]], version: str
) -> None:
    totals = Totals()
    for answered, talk in calls:
        totals = totals.add(assess(answered=answered, talk=talk, rule=RULES[version]), talk)

    assert totals.effective <= totals.valid <= totals.answered <= totals.attempts == len(calls)
    assert totals.effective_talk <= totals.talk


@given(TALKS, TALKS)
def test_longer_talk_never_counts_less(one: timedelta, other: timedelta) -> None:
    shorter, longer = sorted((one, other))
    before = assess(answered=True, talk=shorter, rule=DEFAULT_RULE)
    after = assess(answered=True, talk=longer, rule=DEFAULT_RULE)

    assert (before.valid, before.effective) <= (after.valid, after.effective)


def test_a_rule_whose_thresholds_cross_is_refused() -> None:
    with pytest.raises(ValueError, match="valid_from <= effective_from"):
        replace(DEFAULT_RULE, valid_from=_seconds(181))

    with pytest.raises(ValueError, match="rule x"):
        EffectiveCallRule("x", _seconds(-1), _seconds(1))
