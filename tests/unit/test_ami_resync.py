"""After any doubt the floor is true again, on a scripted Asterisk."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from calls import facts as f
from calls.agent_state import AgentState
from calls.call_state import CallState
from calls.floor import Floor
from calls.ids import AgentId, BridgeId, CallId, ChannelId, QueueName
from calls.live import CallChanged
from tests.fakes.scripted_asterisk import (
    Connection,
    Received,
    ScriptedAsterisk,
    answer,
    channel,
    event,
    scripted_asterisk,
)
from tests.fakes.started_switch import SECRET, hangup, next_of, started, up_again

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
AGENT, QUEUE, CALL = AgentId("agent-1001"), QueueName("sales"), CallId("u-1")


@pytest.fixture
async def asterisk() -> AsyncIterator[ScriptedAsterisk]:
    async with scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as server:
        yield server


# --- an event that cannot be understood ---


async def test_an_event_without_sense_is_followed_by_a_snapshot_on_the_same_link(
    asterisk: ScriptedAsterisk,
) -> None:
    """Its fact is lost on us: a call whose end it was would stay on the floor for ever."""
    async with started(asterisk) as switch:
        asterisk.reader.send(hangup("a", "many") + hangup("b"))
        facts = await next_of(switch, f.SnapshotTaken)
        health = switch.health

    assert [type(fact) for fact in facts] == [f.ChannelEnded, f.SnapshotTaken]
    assert (health.generation, health.bad_events, health.connected) == (1, 1, True)


async def test_a_burst_of_events_without_sense_needs_one_snapshot(
    asterisk: ScriptedAsterisk,
) -> None:
    async with started(asterisk) as switch:
        asked = len(asterisk.of("CoreShowChannels"))
        asterisk.reader.send(hangup("a", "many") * 50)
        await next_of(switch, f.SnapshotTaken)
        asterisk.reader.send(hangup("b"))
        await next_of(switch, f.ChannelEnded)

    assert len(asterisk.of("CoreShowChannels")) == asked + 1


async def test_a_message_that_is_neither_event_nor_answer_raises_the_same_doubt(
    asterisk: ScriptedAsterisk,
) -> None:
    async with started(asterisk) as switch:
        asterisk.reader.send(b"vent: Hangup\r\nUniqueid: a\r\n\r\n" + hangup("b"))
        facts = await next_of(switch, f.SnapshotTaken)
        bad = switch.health.bad_events

    assert [type(fact) for fact in facts] == [f.ChannelEnded, f.SnapshotTaken]
    assert bad == 1


async def test_damaged_event_names_are_a_lost_link(asterisk: ScriptedAsterisk) -> None:
    async with started(asterisk) as switch:
        asterisk.reader.send(b"Event: Hang\xffup\r\nUniqueid: a\r\n\r\n")
        lost = await switch.next_fact()
        await up_again(switch, 2)

    assert isinstance(lost, f.LinkLost)
    assert "the bytes are damaged" in lost.reason


async def test_a_doubt_that_cannot_be_settled_is_a_lost_link(asterisk: ScriptedAsterisk) -> None:
    def refuse(connection: Connection, received: Received) -> None:
        connection.send(answer(received, "Error", "Permission denied"))

    async with started(asterisk) as switch:
        asterisk.handlers["CoreShowChannels"] = refuse
        asterisk.reader.send(hangup("a", "many"))
        lost = await switch.next_fact()
        asterisk.handlers.clear()
        restored = await switch.next_fact()

    assert isinstance(lost, f.LinkLost)
    assert "Permission denied" in lost.reason
    assert isinstance(restored, f.SnapshotTaken)


async def test_a_link_lost_while_looking_again_is_told(asterisk: ScriptedAsterisk) -> None:
    async with started(asterisk) as switch:
        asterisk.handlers["CoreShowChannels"] = lambda connection, _: connection.drop()
        asterisk.reader.send(hangup("a", "many"))
        lost = await switch.next_fact()
        asterisk.handlers.clear()

    assert isinstance(lost, f.LinkLost)


# --- what a snapshot repairs ---


def a_leg(channel: str, endpoint: str, state: int, bridge: str | None = None) -> f.ChannelSeen:
    bridged = BridgeId(bridge) if bridge else None
    return f.ChannelSeen(ChannelId(channel), CALL, endpoint, "+8613800138000", state, bridged, 9.0)


def a_member(*, in_call: bool = False, rings: bool = False, paused: bool = False) -> f.AgentSeen:
    return f.AgentSeen(AGENT, QUEUE, "Li Lei", paused, "", in_call, True, rings=rings)


def floor_after(*legs: f.ChannelSeen, member: f.AgentSeen) -> Floor:
    floor = Floor()
    floor.apply(f.SnapshotTaken(NOW, NOW, tuple(legs), (member,)))
    return floor


def test_an_agent_whose_phone_rings_for_a_call_is_not_ready() -> None:
    floor = floor_after(
        a_leg("u-1", "carrier", 6), a_leg("u-2", AGENT, 5), member=a_member(rings=True)
    )

    (agent,) = floor.agents
    assert (agent.state, agent.call) == (AgentState.RINGING, CALL)
    floor.apply(f.ChannelEnded(NOW, ChannelId("u-1"), 16))
    assert floor.agents[0].state is AgentState.READY


def test_a_talk_that_was_not_seen_to_begin_has_its_agent() -> None:
    floor = floor_after(
        a_leg("u-1", "carrier", 6, "b-1"),
        a_leg("u-2", AGENT, 6, "b-1"),
        member=a_member(in_call=True),
    )

    (call,), (agent,) = floor.calls, floor.agents
    assert (call.state, call.agent) == (CallState.TALKING, AGENT)
    assert (agent.state, agent.call) == (AgentState.TALKING, CALL)
    floor.apply(f.ChannelEnded(NOW, ChannelId("u-1"), 16))
    assert floor.agents[0].state is AgentState.WRAP_UP


@pytest.mark.parametrize("paused", [False, True])
def test_a_phone_that_rings_for_nobody_we_know_changes_nothing(paused: bool) -> None:
    floor = floor_after(member=a_member(rings=True, paused=paused))

    (agent,) = floor.agents
    assert agent.state is (AgentState.PAUSED if paused else AgentState.READY)


async def test_a_restart_of_asterisk_ends_every_call_as_unknown(
    asterisk: ScriptedAsterisk,
) -> None:
    asterisk.channels.append(channel("PJSIP/carrier-01", "u-1", 6))
    floor = Floor()
    async with started(asterisk) as switch:
        floor.apply(await switch.snapshot())
        assert [call.call for call in floor.calls] == [CALL]
        asterisk.channels.clear()
        asterisk.startup_time = "09:30:00"
        asterisk.reader.send(event("Shutdown", Shutdown="Cleanly", Restart="True"))
        facts = await next_of(switch, f.SnapshotTaken)

    changes = [change for fact in facts for change in floor.apply(fact)]
    ended = [c.call for c in changes if isinstance(c, CallChanged) and c.call.ended_at]
    assert [(call.call, call.has_vanished, call.cause) for call in ended] == [(CALL, True, None)]
    assert floor.calls == ()
    assert floor.is_known
