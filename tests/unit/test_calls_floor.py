"""The live floor: facts in, truth out."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls import facts
from calls.agent_state import AgentState
from calls.call_state import CallState
from calls.floor import Floor
from calls.ids import AgentId, AttemptId, BridgeId, CallId, CampaignName, ChannelId, QueueName
from calls.live import CallChanged, Change, LiveCall
from calls.transitions import IllegalTransition

T0 = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
QUEUE = QueueName("callfloor")
AGENT = AgentId("agent-1001")
ATTEMPT = AttemptId("6c1e8a2e-0000-4000-8000-000000000001")
CALL = CallId(ATTEMPT)
CUSTOMER = ChannelId(ATTEMPT)
PHONE = ChannelId("pbx-1.7")
BRIDGE = BridgeId("b1")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def answered_call() -> list[facts.Fact]:
    """One whole call as Asterisk tells it: 10 s of talk, the customer hangs up."""
    return [
        facts.SnapshotTaken(at(0), T0, (), ()),
        facts.AgentSignedIn(at(0), AGENT, QUEUE, "Li Na", paused=False, reason=""),
        facts.AttemptPlanned(at(1), ATTEMPT, CampaignName("demo"), QUEUE, "+8613910000001"),
        facts.ChannelStarted(at(1.1), CUSTOMER, CALL, "carrier", "+8613910000001"),
        facts.ChannelRang(at(2), CUSTOMER),
        facts.ChannelAnswered(at(4), CUSTOMER),
        facts.OriginateResolved(at(4), ATTEMPT, succeeded=True, reason=4),
        facts.AgentOffered(at(4.1), AGENT, CUSTOMER, QUEUE),
        facts.ChannelStarted(at(4.1), PHONE, CALL, "agent-1001", "1001"),
        facts.ChannelAnswered(at(4.2), PHONE),
        facts.AgentConnected(at(4.3), AGENT, CUSTOMER, QUEUE),
        facts.BridgeEntered(at(4.3), PHONE, BRIDGE),
        facts.BridgeEntered(at(4.5), CUSTOMER, BRIDGE),
        facts.BridgeLeft(at(14.5), CUSTOMER, BRIDGE),
        facts.ChannelEnded(at(14.6), CUSTOMER, 16),
        facts.AgentCompleted(at(14.6), AGENT, CUSTOMER, QUEUE),
        facts.BridgeLeft(at(14.6), PHONE, BRIDGE),
        facts.ChannelEnded(at(14.7), PHONE, 16),
    ]


def run(told: list[facts.Fact]) -> tuple[Floor, list[Change]]:
    floor = Floor()
    changes = [change for fact in told for change in floor.apply(fact)]
    return floor, changes


def ended(changes: list[Change]) -> list[LiveCall]:
    return [
        c.call for c in changes if isinstance(c, CallChanged) and c.call.state is CallState.ENDED
    ]


def test_a_whole_call_leaves_its_figures_and_an_empty_floor() -> None:
    floor, changes = run(answered_call())

    [call] = ended(changes)
    assert call.talk == timedelta(seconds=10)
    assert (call.ringing_at, call.answered_at, call.connected_at) == (at(2), at(4), at(4.5))
    assert (call.agent, call.cause, call.campaign) == (AGENT, 16, "demo")
    assert floor.calls == ()
    assert [seat.state for seat in floor.agents] == [AgentState.WRAP_UP]


def test_wrap_up_ends_when_its_time_is_over() -> None:
    floor, _ = run(answered_call())
    floor.seats.wrap_up[QUEUE] = timedelta(seconds=3)

    floor.apply(facts.ClockTicked(at(17.5)))
    assert floor.ready_agents(QUEUE) == 0

    floor.apply(facts.ClockTicked(at(17.6)))
    assert floor.ready_agents(QUEUE) == 1


@pytest.mark.parametrize("repeated", range(len(answered_call())))
def test_applying_a_fact_twice_equals_once(repeated: int) -> None:
    once, changes_once = run(answered_call())
    told = answered_call()
    told.insert(repeated, told[repeated])
    twice, changes_twice = run(told)

    assert (once.calls, once.agents) == (twice.calls, twice.agents)
    assert ended(changes_once) == ended(changes_twice)


@given(st.lists(st.sampled_from(answered_call()), max_size=40))
@settings(max_examples=200)
def test_any_facts_in_any_order_leave_a_sound_floor(told: list[facts.Fact]) -> None:
    """Illegal ones raise and change nothing; nobody talks in two calls; no talk is negative."""
    floor = Floor()
    for fact in told:
        before = (floor.calls, floor.agents)
        try:
            changes = floor.apply(fact)
        except IllegalTransition:
            assert before == (floor.calls, floor.agents)
            continue
        again = floor.apply(fact)
        assert ended(again) == []
        assert all(call.talk >= timedelta(0) for call in ended(changes))
    assert 0 <= floor.lines_in_flight(QUEUE) <= len(floor.calls)


@pytest.mark.parametrize("start", range(len(answered_call())))
def test_listening_from_any_moment_never_raises(start: int) -> None:
    floor, _ = run(answered_call()[start:])

    assert floor.calls == () or start > 0


def test_an_illegal_fact_raises_and_changes_nothing() -> None:
    floor, _ = run(answered_call()[:5])
    floor.apply(facts.AgentPaused(at(5), AGENT, QUEUE, paused=True, reason="lunch"))
    before = (floor.calls, floor.agents)

    with pytest.raises(IllegalTransition, match="offered cannot happen while paused"):
        floor.apply(facts.AgentOffered(at(6), AGENT, CUSTOMER, QUEUE))

    assert before == (floor.calls, floor.agents)


def test_refusing_a_call_that_talks_raises_and_its_talk_goes_on() -> None:
    told = answered_call()
    floor, _ = run(told[:13])

    with pytest.raises(IllegalTransition, match="refused cannot happen while talking"):
        floor.apply(facts.AttemptRefused(at(8), ATTEMPT, "late"))

    changes = [change for fact in told[13:] for change in floor.apply(fact)]
    assert [call.talk for call in ended(changes)] == [timedelta(seconds=10)]


def test_lines_and_free_agents_are_counted_not_kept() -> None:
    floor, _ = run(answered_call()[:4])
    assert (floor.ready_agents(QUEUE), floor.lines_in_flight(QUEUE)) == (1, 1)

    for fact in answered_call()[4:8]:
        floor.apply(fact)
    assert (floor.ready_agents(QUEUE), floor.lines_in_flight(QUEUE)) == (0, 0)


def test_a_pause_asked_for_in_a_call_begins_after_the_wrap_up() -> None:
    told = answered_call()
    told.insert(13, facts.AgentPaused(at(10), AGENT, QUEUE, paused=True, reason="lunch"))
    floor, _ = run(told)
    [seat] = floor.agents
    assert seat.state is AgentState.WRAP_UP

    floor.apply(facts.ClockTicked(at(60)))
    [seat] = floor.agents
    assert (seat.state, seat.pause_reason) == (AgentState.PAUSED, "lunch")


def test_a_refused_originate_ends_the_call_without_a_cause() -> None:
    floor, _ = run(answered_call()[:3])

    [call] = ended(floor.apply(facts.AttemptRefused(at(2), ATTEMPT, "no such trunk")))

    assert (call.was_refused, call.cause, call.has_channel) == (True, None, False)


def test_a_failed_originate_ends_no_call_that_may_still_show() -> None:
    """Under load OriginateResponse overtakes the channel's own events."""
    floor, _ = run(answered_call()[:3])

    told = floor.apply(facts.OriginateResolved(at(2), ATTEMPT, succeeded=False, reason=5))
    assert ended(told) == []
    floor.apply(facts.ChannelStarted(at(2), CUSTOMER, CALL, "carrier", "+8613910000001"))
    [call] = ended(floor.apply(facts.ChannelEnded(at(2), CUSTOMER, 17)))

    assert (call.was_refused, call.cause, call.has_channel) == (False, 17, True)


def test_after_a_lost_link_calls_are_unknown_until_a_snapshot() -> None:
    floor, _ = run(answered_call()[:13])
    floor.apply(facts.LinkLost(at(5), "connection reset"))

    assert not floor.is_known
    assert [call.state for call in floor.calls] == [CallState.UNKNOWN]

    seen = (
        facts.ChannelSeen(CUSTOMER, CALL, "carrier", "+8613910000001", 6, BRIDGE, 6.0),
        facts.ChannelSeen(PHONE, CALL, "agent-1001", "1001", 6, BRIDGE, 2.0),
    )
    agent = facts.AgentSeen(AGENT, QUEUE, "Li Na", False, "", in_call=True, reachable=True)
    floor.apply(facts.SnapshotTaken(at(7), T0, seen, (agent,)))

    assert floor.is_known
    [call] = floor.calls
    assert (call.state, call.connected_at) == (CallState.TALKING, at(4.5))
    assert call.has_gap


def test_a_call_that_vanished_in_the_gap_is_left_to_the_records() -> None:
    floor, _ = run(answered_call()[:13])
    floor.apply(facts.LinkLost(at(5), "connection reset"))

    [call] = ended(floor.apply(facts.SnapshotTaken(at(9), T0, (), ())))

    assert call.has_vanished
    assert floor.agents == ()


def test_a_planned_call_survives_a_snapshot_but_not_a_restart_of_asterisk() -> None:
    floor, _ = run(answered_call()[:3])
    floor.apply(facts.LinkLost(at(5), "gone"))
    floor.apply(facts.SnapshotTaken(at(6), T0, (), ()))
    assert len(floor.calls) == 1

    [call] = ended(floor.apply(facts.SnapshotTaken(at(7), at(6.5), (), ())))
    assert call.has_vanished


def test_a_late_fact_does_not_bring_an_ended_call_back() -> None:
    floor, _ = run(answered_call())

    assert floor.apply(answered_call()[3]) == []
    assert floor.apply(answered_call()[2]) == []
    assert floor.calls == ()


def test_after_our_own_restart_the_snapshot_and_the_saved_intent_make_the_call_whole() -> None:
    floor = Floor()
    seen = facts.ChannelSeen(CUSTOMER, CALL, "carrier", "+8613910000001", 5, None, 3.0)
    floor.apply(facts.SnapshotTaken(at(5), T0, (seen,), ()))
    floor.apply(facts.AttemptPlanned(at(2), ATTEMPT, CampaignName("demo"), QUEUE, "+8613910000001"))

    [call] = floor.calls
    assert (call.state, call.campaign, call.dialled_at) == (CallState.RINGING, "demo", at(2))
    assert call.has_gap


def test_a_phone_that_takes_the_place_of_another_is_no_second_call() -> None:
    """A page that is loaded anew calls with Replaces: its leg begins as a call of its own."""
    told = answered_call()
    floor, _ = run(told[: told.index(facts.BridgeLeft(at(14.5), CUSTOMER, BRIDGE))])
    again = ChannelId("1790000000.9")
    floor.apply(facts.ChannelStarted(at(8), again, CallId(again), "agent-1001", "1001"))
    assert {call.call for call in floor.calls} == {CALL, CallId(again)}

    floor.apply(facts.BridgeEntered(at(8.1), again, BRIDGE))
    floor.apply(facts.BridgeLeft(at(8.1), PHONE, BRIDGE))
    floor.apply(facts.ChannelEnded(at(8.2), PHONE, 16))

    (call,) = floor.calls
    assert (call.call, call.state, call.agent) == (CALL, CallState.TALKING, AGENT)
    (agent,) = floor.agents
    assert (agent.state, agent.call) == (AgentState.TALKING, CALL)


def test_a_snapshot_may_show_a_known_channel_in_a_call_that_has_none_of_its_own_yet() -> None:
    floor, channel, planned = Floor(), ChannelId("leg"), AttemptId("planned")
    floor.apply(facts.ChannelStarted(at(1), channel, CallId("first"), "carrier", "1"))
    floor.apply(facts.AttemptPlanned(at(2), planned, CampaignName("demo"), QUEUE, "2"))
    seen = facts.ChannelSeen(channel, CallId(planned), "carrier", "1", 6, None, 1.0)

    floor.apply(facts.SnapshotTaken(at(3), at(0), (seen,), ()))

    assert {call.call for call in floor.calls} == {CallId("first"), CallId(planned)}
