"""Which live channels a phone has."""

from calls.ids import AgentId, CallId, ChannelId
from calls.presence import Presence

CALL, LEG = CallId("call-1"), ChannelId("leg-1")


def test_a_channel_that_is_seen_again_at_another_phone_is_at_that_one_only() -> None:
    presence = Presence()
    presence.start(LEG, CALL, "agent-1001")
    presence.start(LEG, CALL, "agent-1002")
    assert presence.legs_of(AgentId("agent-1001")) == []
    assert presence.legs_of(AgentId("agent-1002")) == [LEG]

    presence.end(LEG)
    assert presence.legs_of(AgentId("agent-1002")) == []
