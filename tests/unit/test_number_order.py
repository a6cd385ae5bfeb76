"""Which of a lead's several numbers is dialled next."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from calls.attempt import LeadCandidate, LeadHistory, Settlement
from calls.ids import AttemptId, LeadId
from calls.outcomes import NetworkResult
from dialer.calling_profiles import find_profile
from dialer.law import CallingRules
from dialer.settlement import judge_lead, lead_outcome
from tests.fakes.dialer_world import CAMPAIGN

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
R = NetworkResult
TWO_LEFT = LeadHistory(tries=0, in_a_row=1, numbers_after=2)
LAST_OF_TWO = LeadHistory(tries=0, in_a_row=1, numbers_before=1)
ONLY_ONE = LeadHistory(tries=0, in_a_row=1)
TRIES = replace(CAMPAIGN, max_tries=5, retry_after={R.NO_ANSWER: timedelta(minutes=90)})


@pytest.mark.parametrize(
    ("result", "history", "status", "wait_minutes", "goes_on", "is_dead"),
    [
        (R.NO_ANSWER, TWO_LEFT, "ready", 0, True, False),
        (R.NO_ANSWER, LAST_OF_TWO, "scheduled", 90, True, False),
        (R.NO_ANSWER, ONLY_ONE, "scheduled", 90, False, False),
        (R.INVALID, TWO_LEFT, "ready", 0, True, True),
        (R.INVALID, LAST_OF_TWO, "ready", 0, True, True),
        (R.INVALID, ONLY_ONE, "done", None, False, False),
        (R.SUSPENDED, replace(TWO_LEFT, in_a_row=3), "ready", 0, True, True),
        (R.ANSWERED, TWO_LEFT, "done", None, False, False),
        # A refusal is not got round by another number.
        (R.REJECTED, TWO_LEFT, "scheduled", 24 * 60, False, False),
        (R.BARRED, TWO_LEFT, "done", None, False, False),
        # All tries of the lead are used up, whatever numbers it has.
        (R.NO_ANSWER, replace(TWO_LEFT, tries=4), "done", None, False, False),
    ],
)
def test_the_result_says_which_number_is_next(
    result: NetworkResult,
    history: LeadHistory,
    status: str,
    wait_minutes: int | None,
    goes_on: bool,
    is_dead: bool,
) -> None:
    outcome = lead_outcome(TRIES, Settlement(AttemptId("a"), "floor", result, NOW), history)

    at = None if wait_minutes is None else NOW + timedelta(minutes=wait_minutes)
    assert (outcome.status, outcome.next_attempt_at) == (status, at)
    assert (outcome.goes_on, outcome.is_number_dead) == (goes_on, is_dead)


@pytest.mark.parametrize(
    ("listed_by", "others", "is_of_number"),
    [("us-national", 1, True), ("us-national", 0, False), ("internal", 1, False)],
)
def test_an_opt_out_is_the_persons_an_imported_list_is_the_numbers(
    listed_by: str, others: int, is_of_number: bool
) -> None:
    candidate = LeadCandidate(
        LeadId(1), "+8613910000000", "Asia/Shanghai", 0, (), True, None, None,
        do_not_call_list=listed_by, other_numbers=others,
    )  # fmt: skip
    verdict = judge_lead(candidate, CallingRules(find_profile("always-1"), 3, 3), NOW)

    assert (verdict.allowed, verdict.is_final) == (False, True)
    assert verdict.is_of_number == is_of_number
