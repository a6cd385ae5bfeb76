"""Calls that agents ask for, through the sample dialplan, on each version of Asterisk."""

import pytest

from ami_bridge.actions import action_for
from calls.campaign import DialOrder
from calls.commands import PlaceAskedCall
from calls.ids import AgentId, AttemptId, CampaignName, QueueName
from lab.numbering_plan import number_for
from tests.asterisk.dialling import QUEUE, Call, Floor, bridged, one, user_events

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(90)]


def ask(floor: Floor, number: str, order: DialOrder, agent: str = "agent-1001") -> Call:
    """Place the call as the bridge does."""
    call = Call(number)
    command = PlaceAskedCall(
        AttemptId(call.attempt), CampaignName("spring"), QueueName(QUEUE), AgentId(agent), number,
        "carrier", "+861055550000", 4, order,
    )  # fmt: skip
    action = action_for(command)
    headers = {name: value for name, value in action.headers if name != "Variable"}
    variables = dict(value.split("=", 1) for name, value in action.headers if name == "Variable")
    answer = floor.actor.action(action.name, variables, ActionID=call.attempt, **headers)
    assert answer["Response"] == "Success", answer
    return call


@pytest.mark.parametrize("order", list(DialOrder))
def test_agent_and_customer_are_joined_under_the_attempts_id(
    floor: Floor, order: DialOrder
) -> None:
    serial = {DialOrder.AGENT_FIRST: 611, DialOrder.CUSTOMER_FIRST: 616}[order]
    number = number_for("answered_customer_ends", 15, serial)
    call = ask(floor, number, order)
    floor.finish([call])
    rows = floor.cel(call)
    begin, end = bridged(rows)
    assert end - begin == pytest.approx(1.5, abs=0.3)
    first = {row.channel.split("-")[0]: row.uniqueid for row in rows if row.kind == "CHAN_START"}
    is_agent_first = order is DialOrder.AGENT_FIRST
    assert first["PJSIP/agent" if is_agent_first else "PJSIP/carrier"] == call.attempt
    assert {row.linkedid for row in rows} == {call.attempt}
    (dialled,) = [one for one in floor.lab.carrier_calls() if one.number == number]
    assert dialled.answered_at is not None


def test_agent_first_the_records_tell_why_the_customer_was_not_reached(floor: Floor) -> None:
    call = ask(floor, number_for("busy", 1, serial=612), DialOrder.AGENT_FIRST)
    floor.finish([call])
    rows = floor.cel(call)
    (leg,) = [row for row in rows if row.kind == "HANGUP" and "carrier" in row.channel]
    assert leg.extra["hangupcause"] == 17
    assert user_events(rows)["CALLFLOOR_RESULT"] == "486"


def test_customer_first_an_agent_who_does_not_take_it_leaves_an_abandoned_call(
    floor: Floor,
) -> None:
    number = number_for("answered_agent_ends", 50, serial=613)
    call = ask(floor, number, DialOrder.CUSTOMER_FIRST, agent="agent-1999")
    floor.finish([call])
    rows = floor.cel(call)
    assert user_events(rows)["CALLFLOOR_ABANDONED"]
    assert one(rows, "ANSWER", call.attempt)
