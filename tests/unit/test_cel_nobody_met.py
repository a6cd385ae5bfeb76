"""Answered, but no agent met a person: machines, detection, abandoned calls."""

from datetime import timedelta

from calls.outcomes import AmdResult, NetworkResult
from cdr_ingest.interpret import HangupBy
from tests.fakes.asterisk_wrote import ABANDONED, CUSTOMER_LEAVES, HUMAN, MACHINE
from tests.fakes.cel_records import record_of


def test_machine() -> None:
    record = record_of(MACHINE)
    assert record.network_result is NetworkResult.ANSWERED
    assert record.amd_result is AmdResult.MACHINE
    assert record.agent is None
    # Nobody was left waiting: a machine is no person.
    assert not record.is_abandoned
    assert record.hangup_by is HangupBy.SYSTEM


def test_human_after_detection() -> None:
    record = record_of(HUMAN)
    assert record.amd_result is AmdResult.HUMAN
    assert record.talk == timedelta(seconds=4, microseconds=516_578)
    # The customer waited through the detection too.
    assert record.wait == timedelta(seconds=1, microseconds=984_809)


# No agent was free within two seconds: the message was played.


def test_abandoned_by_us() -> None:
    record = record_of(ABANDONED)
    assert record.network_result is NetworkResult.ANSWERED
    assert record.is_abandoned
    assert record.connected_at is None
    assert record.wait == timedelta(seconds=5, microseconds=225_449)


def test_customer_leaves_before_an_agent_came() -> None:
    record = record_of(CUSTOMER_LEAVES)
    assert record.is_abandoned
    assert record.hangup_by is HangupBy.CUSTOMER


# Asterisk was killed while they talked.
