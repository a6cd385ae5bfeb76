"""Calls from outside, between agents, forwarded by the network, and two attempts in one."""

from datetime import timedelta

from calls.outcomes import NetworkResult
from cdr_ingest.correlate import correlate
from cdr_ingest.interpret import Direction, HangupBy, interpret
from tests.fakes.asterisk_wrote import FORWARDED, INBOUND, INTERNAL
from tests.fakes.cel_records import record_of
from tests.fakes.cel_table import cel_rows


def test_inbound() -> None:
    (group,) = correlate(cel_rows(INBOUND))
    assert group.is_complete
    (record,) = interpret(group, {})
    assert record.direction is Direction.INBOUND
    assert (record.call_id, record.attempt_id) == ("1795390700.7", None)
    assert record.number == "+8613800000001"
    assert record.talk == timedelta(seconds=20)
    assert record.wait == timedelta(seconds=4)
    # The customer's own row does not say who hung up; the agent's does.
    assert record.hangup_by is HangupBy.AGENT


# One agent calls another.


def test_internal() -> None:
    (group,) = correlate(cel_rows(INTERNAL))
    (record,) = interpret(group, {})
    assert record.direction is Direction.INTERNAL
    assert record.number == "1002"
    assert record.network_result is NetworkResult.BUSY
    assert record.agent is None
    assert not record.is_abandoned


# The dialplan heard that another number answered.


def test_forwarded() -> None:
    record = record_of(FORWARDED)
    assert record.network_result is NetworkResult.FORWARDED
    assert record.is_answered
    # A secretary's mailbox is no person that we left waiting.
    assert not record.is_abandoned
