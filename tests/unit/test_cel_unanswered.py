"""What Asterisk really wrote of calls that nobody answered, and the record that it makes."""

from datetime import timedelta

import pytest

from calls.outcomes import NetworkResult
from cdr_ingest.interpret import HangupBy
from tests.fakes.asterisk_wrote import (
    ASTERISK_16_NO_ANSWER,
    BUSY,
    CONGESTION,
    INVALID,
    NETWORK_CANCELS,
    NETWORK_GIVES_UP,
    NO_ANSWER,
    REJECTED,
)
from tests.fakes.cel_records import record_of


@pytest.mark.parametrize(
    ("table", "result", "cause"),
    [
        (BUSY, NetworkResult.BUSY, 17),
        (REJECTED, NetworkResult.REJECTED, 21),
        (INVALID, NetworkResult.INVALID, 1),
        (CONGESTION, NetworkResult.SYSTEM_ERROR, 34),
        (NETWORK_CANCELS, NetworkResult.CANCELLED, 127),
        (NETWORK_GIVES_UP, NetworkResult.NO_ANSWER, 19),
    ],
)
def test_calls_that_are_not_answered(table: str, result: NetworkResult, cause: int) -> None:
    record = record_of(table)
    assert record.network_result is result
    assert record.hangup_cause == cause
    assert record.hangup_by is HangupBy.CUSTOMER
    assert (record.answered_at, record.connected_at, record.wait, record.agent) == (None,) * 4
    assert record.talk == timedelta(0)
    assert not record.is_abandoned


def test_nobody_answers_within_the_ring_limit() -> None:
    record = record_of(NO_ANSWER, ring_seconds=3)
    assert record.network_result is NetworkResult.NO_ANSWER
    assert record.hangup_by is HangupBy.SYSTEM
    assert record.ended_at - record.dialled_at >= timedelta(seconds=3)


def test_a_call_that_we_took_back_is_cancelled() -> None:
    assert record_of(NO_ANSWER, is_cancelled=True).network_result is NetworkResult.CANCELLED


def test_asterisk_16_nobody_answers() -> None:
    record = record_of(ASTERISK_16_NO_ANSWER, ring_seconds=3)
    assert record.network_result is NetworkResult.NO_ANSWER
