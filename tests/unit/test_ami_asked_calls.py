"""Calls that agents ask for on the wire: whose phone rings first, and nothing unsafe."""

from dataclasses import replace

import pytest

from ami_bridge.actions import action_for
from ami_bridge.errors import UnsafeField
from calls.campaign import DialOrder
from calls.commands import PlaceAskedCall
from calls.ids import AgentId, AttemptId, CampaignName, QueueName

ASKED = PlaceAskedCall(
    AttemptId("0b7c1c1e-5d5e-4f8e-9a53-3a6b1f6d2c11"), CampaignName("spring"),
    QueueName("callfloor"), AgentId("agent-1001"), "+8613912341234", "carrier", "+861055550000",
    25, DialOrder.AGENT_FIRST,
)  # fmt: skip


@pytest.mark.parametrize(
    ("order", "channel", "context", "timeout"),
    [
        (DialOrder.AGENT_FIRST, "PJSIP/agent-1001", "callfloor-agent-first", "15000"),
        (
            DialOrder.CUSTOMER_FIRST,
            "PJSIP/+8613912341234@carrier",
            "callfloor-customer-first",
            "25000",
        ),
    ],
)
def test_the_first_leg_carries_the_attempts_id(
    order: DialOrder, channel: str, context: str, timeout: str
) -> None:
    action = action_for(replace(ASKED, order=order))
    headers = dict(action.headers)
    assert (action.name, action.action_id, headers["ChannelId"]) == (
        "Originate", ASKED.attempt, ASKED.attempt,
    )  # fmt: skip
    assert (headers["Channel"], headers["Context"]) == (channel, context)
    assert headers["Timeout"] == timeout
    assert headers["CallerID"] == "+861055550000"
    variables = {value for name, value in action.headers if name == "Variable"}
    assert "CALLFLOOR_DIAL=PJSIP/+8613912341234@carrier" in variables
    assert "CALLFLOOR_RING_SECONDS=25" in variables


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("agent", "agent-1&PJSIP/boss"),
        ("agent", "agent-1\r\nAction: Reboot"),
        ("number", "+86139@evil"),
        ("trunk", "carrier&x"),
        ("caller_id", "1,FILE(x)"),
        ("queue", "a b"),
        ("ring_seconds", 0),
    ],
)
def test_what_could_reach_another_phone_or_action_is_refused(field: str, value: object) -> None:
    with pytest.raises(UnsafeField):
        action_for(replace(ASKED, **{field: value}))  # type: ignore[arg-type] # of a test
