"""What Asterisk really wrote of calls that were talked, and the record that it makes."""

from datetime import timedelta

from calls.ids import AgentId
from calls.outcomes import NetworkResult
from cdr_ingest.correlate import correlate
from cdr_ingest.interpret import Direction, HangupBy, interpret
from tests.fakes.asterisk_wrote import (
    AGENT_HANGS_UP,
    ASTERISK_16_AGENT,
    ASTERISK_16_CUSTOMER,
    CUSTOMER_HANGS_UP,
    TRANSFER,
)
from tests.fakes.cel_records import record_of
from tests.fakes.cel_table import at, cel_rows


def test_customer_hangs_up() -> None:
    record = record_of(CUSTOMER_HANGS_UP)
    assert str(record.call_id) == str(record.attempt_id) == "762ac921-9c99-4442-8060-1acfd7b55e19"
    assert record.linkedid == record.call_id
    assert record.campaign == "autumn"
    assert record.direction is Direction.OUTBOUND
    assert record.number == "+8613900000000"
    assert record.network_result is NetworkResult.ANSWERED
    assert record.dialled_at == at("1795390582.479902")
    assert record.answered_at == at("1795390582.689745")
    assert record.connected_at == at("1795390582.696578")
    assert record.ended_at == at("1795390586.192968")
    assert record.wait == timedelta(microseconds=6_833)
    assert record.talk == timedelta(seconds=3, microseconds=494_959)
    assert record.agent == "agent-1004"
    assert [(part.agent, part.talk) for part in record.agents] == [("agent-1004", record.talk)]
    assert (record.hangup_cause, record.hangup_by) == (16, HangupBy.CUSTOMER)
    assert (record.trunk, record.caller_id) == ("carrier", "+861062220001")
    assert not record.is_abandoned
    assert not record.cut_by_restart


def test_without_an_attempt_number_and_caller_id_come_from_the_rows() -> None:
    (group,) = correlate(cel_rows(CUSTOMER_HANGS_UP))
    (record,) = interpret(group, {})
    assert (record.number, record.caller_id) == ("+8613901030001", "+861062220001")
    assert record.campaign == "autumn"


def test_agent_hangs_up() -> None:
    record = record_of(AGENT_HANGS_UP)
    assert record.network_result is NetworkResult.ANSWERED
    assert record.talk == timedelta(seconds=3, microseconds=500_789)
    assert (record.hangup_cause, record.hangup_by) == (16, HangupBy.AGENT)
    assert record.agent == "agent-1003"


def test_asterisk_16_customer_hangs_up() -> None:
    record = record_of(ASTERISK_16_CUSTOMER)
    assert record.network_result is NetworkResult.ANSWERED
    assert record.talk == timedelta(seconds=3, microseconds=494_729)
    assert record.hangup_by is HangupBy.CUSTOMER
    assert record.number == "+8613900000000"


def test_asterisk_16_agent_hangs_up() -> None:
    assert record_of(ASTERISK_16_AGENT).hangup_by is HangupBy.AGENT


# An agent hands the customer over to a colleague; both are in the bridge for five seconds.


def test_a_transfer_splits_the_talk_and_counts_no_moment_twice() -> None:
    record = record_of(TRANSFER)
    # The customer's exit is missing: the hangup of the leg closes it.
    assert record.talk == timedelta(seconds=38)
    assert [(part.agent, part.talk) for part in record.agents] == [
        (AgentId("agent-1001"), timedelta(seconds=13)),
        (AgentId("agent-1002"), timedelta(seconds=25)),
    ]
    assert record.agent == "agent-1002"  # who talked longest
    assert record.connected_at == at("1795390602.000001")


# A customer calls us, waits in a holding bridge (parked), is taken by an agent who hangs up.


def test_two_attempts_that_were_joined_are_two_records() -> None:
    other = TRANSFER.replace("762ac921", "00000000").replace(
        "PJSIP/carrier-00000000", "PJSIP/carrier-00000009"
    )
    rows = cel_rows(TRANSFER) + cel_rows(other)
    (group,) = correlate(rows)  # they share an agent's channel
    assert [record.call_id[:8] for record in interpret(group, {})] == ["00000000", "762ac921"]


def test_entering_a_bridge_twice_is_one_interval_of_talk() -> None:
    """C7: a second BRIDGE_ENTER of the same bridge, a moment later, adds nothing."""
    lines = CUSTOMER_HANGS_UP.strip().splitlines()
    enters = [line for line in lines if line.startswith("BRIDGE_ENTER")]
    again = [line.replace("1795390582.69", "1795390583.69") for line in enters]
    record = record_of("\n".join([*lines, *again]))

    assert len(again) == 2
    assert record.talk == record_of(CUSTOMER_HANGS_UP).talk
    assert len(record.agents) == 1


def test_the_ring_is_that_of_the_agents_phone() -> None:
    (part,) = record_of(AGENT_HANGS_UP).agents

    assert part.ring == timedelta(microseconds=2_924)


def test_the_time_between_two_agents_is_hold() -> None:
    record = record_of(TRANSFER)

    assert record.connected_at is not None
    assert record.hold == record.ended_at - record.connected_at - record.talk
