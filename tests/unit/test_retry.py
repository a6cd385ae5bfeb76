"""What follows each way a call can end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.outcomes import OUTCOMES, NetworkResult
from dialer.retry import (
    LONGEST_ERROR_WAIT,
    SUSPENDED_IS_DEAD_AFTER,
    TRIES_USED_UP,
    RetryDecision,
    RetryPolicy,
    RetryStatus,
    decide_retry,
)

R = NetworkResult
DONE, READY, SCHEDULED = RetryStatus.DONE, RetryStatus.READY, RetryStatus.SCHEDULED
ENDED = datetime(2026, 9, 29, 7, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
POLICY = RetryPolicy(max_tries=3)


@pytest.mark.parametrize(
    ("result", "status", "wait", "done_reason", "uses_up_try"),
    [
        (R.ANSWERED, DONE, None, "answered", True),
        (R.FORWARDED, DONE, None, "forwarded", True),
        (R.INVALID, DONE, None, "invalid", True),
        (R.SUSPENDED, SCHEDULED, 72 * HOUR, None, True),
        (R.POWER_OFF, SCHEDULED, 4 * HOUR, None, True),
        (R.UNREACHABLE, SCHEDULED, 4 * HOUR, None, True),
        (R.NO_ANSWER, SCHEDULED, 2 * HOUR, None, True),
        (R.BUSY, SCHEDULED, 20 * MINUTE, None, True),
        (R.REJECTED, SCHEDULED, 24 * HOUR, None, True),
        (R.BARRED, DONE, None, "barred", True),
        (R.CANCELLED, READY, timedelta(0), None, True),
        (R.SYSTEM_ERROR, SCHEDULED, 5 * MINUTE, None, False),
    ],
)
def test_first_try(
    result: NetworkResult,
    status: RetryStatus,
    wait: timedelta | None,
    done_reason: str | None,
    uses_up_try: bool,
) -> None:
    next_at = None if wait is None else ENDED + wait

    assert decide_retry(result, 0, POLICY, ENDED) == RetryDecision(
        status, next_at, done_reason, uses_up_try
    )


def test_the_table_above_has_every_result() -> None:
    marks = test_first_try.pytestmark  # type: ignore[attr-defined]
    rows = next(mark for mark in marks if mark.name == "parametrize").args[1]

    assert {row[0] for row in rows} == set(NetworkResult)


def test_the_last_try_is_the_last() -> None:
    decision = decide_retry(R.BUSY, 2, POLICY, ENDED)

    assert decision == RetryDecision(DONE, None, TRIES_USED_UP, True)
    assert decide_retry(R.CANCELLED, 2, POLICY, ENDED).done_reason == TRIES_USED_UP
    # The reason of a final result is worth more than the count.
    assert decide_retry(R.INVALID, 2, POLICY, ENDED).done_reason == "invalid"


def test_our_own_failure_costs_no_try_even_after_the_last_but_one() -> None:
    decision = decide_retry(R.SYSTEM_ERROR, 2, POLICY, ENDED)

    assert decision.status is SCHEDULED
    assert not decision.uses_up_try


def test_the_campaigns_own_times_win_but_revive_nothing() -> None:
    overrides = {R.BUSY: 7 * MINUTE, R.INVALID: MINUTE, R.ANSWERED: MINUTE, R.BARRED: HOUR}
    policy = RetryPolicy(5, overrides)

    assert decide_retry(R.BUSY, 0, policy, ENDED).next_attempt_at == ENDED + 7 * MINUTE
    assert decide_retry(R.BARRED, 0, policy, ENDED).next_attempt_at == ENDED + HOUR
    assert decide_retry(R.INVALID, 0, policy, ENDED).status is DONE
    assert decide_retry(R.ANSWERED, 0, policy, ENDED).status is DONE


def test_a_number_out_of_service_again_and_again_is_dead() -> None:
    many = RetryPolicy(9)
    last = SUSPENDED_IS_DEAD_AFTER

    assert decide_retry(R.SUSPENDED, 1, many, ENDED, in_a_row=last - 1).status is SCHEDULED
    assert decide_retry(R.SUSPENDED, 2, many, ENDED, in_a_row=last).done_reason == "suspended"


def test_errors_in_a_row_back_off_and_are_never_a_hot_loop() -> None:
    def waits(policy: RetryPolicy) -> list[timedelta]:
        found = []
        for n in (1, 2, 3, 4, 5, 6, 100):
            at = decide_retry(R.SYSTEM_ERROR, 0, policy, ENDED, in_a_row=n).next_attempt_at
            assert at is not None
            found.append(at - ENDED)
        return found

    endless = 1000
    assert waits(RetryPolicy(3, max_system_errors=endless)) == [
        5 * MINUTE, 5 * MINUTE, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE,
        LONGEST_ERROR_WAIT,
    ]  # fmt: skip
    eager = RetryPolicy(3, {R.SYSTEM_ERROR: timedelta(0)}, endless)
    assert waits(eager)[:4] == [timedelta(seconds=s) for s in (1, 1, 1, 2)]
    patient = RetryPolicy(3, {R.SYSTEM_ERROR: timedelta(days=400)}, endless)
    assert set(waits(patient)) == {timedelta(days=400)}


def test_so_many_errors_in_a_row_end_the_lead() -> None:
    policy = RetryPolicy(3, max_system_errors=4)

    assert decide_retry(R.SYSTEM_ERROR, 0, policy, ENDED, in_a_row=3).status is SCHEDULED
    assert decide_retry(R.SYSTEM_ERROR, 0, policy, ENDED, in_a_row=4) == RetryDecision(
        DONE, None, "system_error", False
    )


@given(
    st.sampled_from(list(NetworkResult)),
    st.integers(0, 60),
    st.integers(1, 50),
    st.dictionaries(
        st.sampled_from(list(NetworkResult)),
        st.timedeltas(timedelta(0), timedelta(days=30)),
    ),
    st.integers(1, 1000),
)
def test_never_earlier_than_the_interval_and_never_more_than_the_tries(
    result: NetworkResult,
    tries: int,
    max_tries: int,
    overrides: dict[NetworkResult, timedelta],
    in_a_row: int,
) -> None:
    policy = RetryPolicy(max_tries, overrides)
    decision = decide_retry(result, tries, policy, ENDED, in_a_row=in_a_row)

    assert (decision.status is DONE) == (decision.done_reason is not None)
    assert (decision.status is DONE) == (decision.next_attempt_at is None)
    if decision.next_attempt_at is not None:
        wait = overrides.get(result, OUTCOMES[result].retry_after)
        assert wait is not None
        assert decision.next_attempt_at >= ENDED + wait
        assert tries + decision.uses_up_try < max_tries
        assert result not in (R.INVALID, R.ANSWERED)


@pytest.mark.parametrize(("max_tries", "wait"), [(0, timedelta(0)), (1, timedelta(seconds=-1))])
def test_a_policy_that_makes_no_sense_is_refused(max_tries: int, wait: timedelta) -> None:
    with pytest.raises(ValueError, match=r"max_tries|negative"):
        RetryPolicy(max_tries, {R.BUSY: wait})
