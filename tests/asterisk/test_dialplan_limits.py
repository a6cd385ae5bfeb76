"""The two-second rule and what else the dialplan promises while nobody helps it."""

from contextlib import closing

import pytest

from lab.lab import Lab
from lab.numbering_plan import number_for
from tests.asterisk.dialling import (
    QUEUE,
    QUEUE_WITHOUT_AGENTS,
    RING_MILLISECONDS,
    TALK_TOLERANCE_SECONDS,
    Call,
    Floor,
    bridged,
    has,
    one,
    user_events,
)

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(90)]

SAFE_HARBOUR_SECONDS = 3.1


def test_without_an_agent_the_customer_hears_the_message_after_two_seconds(floor: Floor) -> None:
    number = number_for("answered_customer_ends_long", 60)
    calls = [floor.dial(number, queue=name) for name in (QUEUE_WITHOUT_AGENTS, "no-such-queue")]
    floor.finish(calls)
    waited, refused = (floor.cel(call) for call in calls)
    answered = one(waited, "ANSWER", calls[0].attempt)
    abandoned = one(waited, "USER_DEFINED", calls[0].attempt)
    end = one(waited, "HANGUP", calls[0].attempt)
    assert 2.0 <= abandoned.at - answered.at <= 2.6
    assert user_events(waited) == {"CALLFLOOR_ABANDONED": "TIMEOUT"}
    assert end.at - abandoned.at == pytest.approx(SAFE_HARBOUR_SECONDS, abs=0.6)
    assert end.extra["hangupsource"] != f"{answered.channel}"
    assert "CALLFLOOR_ABANDONED" in user_events(refused)
    event = floor.reader.wait(has(UserEvent="CallfloorAbandoned"), 1)
    assert event["Attempt"] in {call.attempt for call in calls}


def test_busy_agents_leave_the_customer_to_the_message(floor: Floor) -> None:
    """Every agent talks: the next customer waits two seconds, is told, and is no agent's call."""
    floor.actor.action(
        "QueueAdd", Queue=QUEUE, Interface="PJSIP/agent-1001", StateInterface="PJSIP/agent-1001"
    )
    talking = floor.dial(number_for("answered_customer_ends_long", 4))
    floor.reader.wait(lambda e: e["Event"] == "BridgeEnter" and e["Uniqueid"] == talking.attempt, 3)
    late = floor.dial(number_for("answered_customer_ends_long", 20))
    floor.finish([talking, late])
    rows = floor.cel(late)
    assert user_events(rows) == {"CALLFLOOR_ABANDONED": "TIMEOUT"}
    assert not [row for row in rows if row.kind == "BRIDGE_ENTER"]


def test_a_call_without_its_variables_hears_the_message_and_is_logged(floor: Floor) -> None:
    call = Call(number_for("answered_customer_ends_long", 20))
    floor.originate(call, {}, RING_MILLISECONDS)
    floor.finish([call])
    rows = floor.cel(call)
    assert user_events(rows) == {"CALLFLOOR_ABANDONED": "STRAY"}
    assert "without CALLFLOOR_ATTEMPT" in floor.lab.pbx.log_path.read_text(encoding="utf-8")


def test_calls_go_on_and_are_recorded_when_nobody_listens(lab: Lab) -> None:
    """Callfloor dies while the phone rings: the agent still talks, and is still recorded."""
    with closing(Floor(lab)) as floor:
        floor.add_agents()
        talk = floor.dial(number_for("answered_customer_ends", 10, serial=2))
        alone = floor.dial(
            number_for("answered_customer_ends_long", 20, serial=2), queue=QUEUE_WITHOUT_AGENTS
        )
    rows = floor.cel(talk, seconds=8)
    begin, end = bridged(rows)
    assert end - begin == pytest.approx(1.0, abs=TALK_TOLERANCE_SECONDS)
    assert user_events(floor.cel(alone, seconds=12)) == {"CALLFLOOR_ABANDONED": "TIMEOUT"}
