"""A caller from outside takes an agent of the queue that it joined, and of no other."""

from datetime import UTC, datetime, timedelta

from calls import facts
from calls.floor import Floor
from calls.ids import AgentId, CallId, ChannelId, QueueName

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SALES, SUPPORT = QueueName("sales"), QueueName("support")
CALLER = ChannelId("in-1")
AGENT = AgentId("agent-1001")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def floor_with(*told: facts.Fact) -> Floor:
    floor = Floor()
    for fact in (facts.SnapshotTaken(T0, T0, (), ()), *told):
        floor.apply(fact)
    return floor


STARTED = facts.ChannelStarted(at(1), CALLER, CallId(CALLER), "carrier", "1")
QUEUED = facts.CallQueued(at(2), CALLER, SUPPORT)


def test_a_caller_lowers_the_pace_of_its_own_queue_only() -> None:
    floor = floor_with(STARTED, QUEUED)

    assert (floor.lines_in_flight(SUPPORT), floor.lines_in_flight(SALES)) == (1, 0)


def test_a_caller_who_has_joined_no_queue_needs_no_agent_yet() -> None:
    floor = floor_with(STARTED)

    assert (floor.lines_in_flight(SUPPORT), floor.lines_in_flight(SALES)) == (0, 0)


def test_a_caller_who_moves_to_another_queue_counts_there() -> None:
    floor = floor_with(STARTED, QUEUED, facts.CallQueued(at(3), CALLER, SALES))

    assert (floor.lines_in_flight(SUPPORT), floor.lines_in_flight(SALES)) == (0, 1)


def test_a_snapshot_tells_the_queue_of_callers_that_we_did_not_hear_join() -> None:
    seen = facts.ChannelSeen(CALLER, CallId(CALLER), "carrier", "1", 4, None, 5.0, SUPPORT)
    floor = Floor()
    floor.apply(facts.SnapshotTaken(T0, T0, (seen,), ()))

    assert (floor.lines_in_flight(SUPPORT), floor.lines_in_flight(SALES)) == (1, 0)


def test_an_agent_whose_phone_is_in_use_is_not_free() -> None:
    floor = floor_with(facts.AgentSignedIn(at(1), AGENT, SALES, "Li Na", paused=False, reason=""))
    assert floor.ready_agents(SALES) == 1

    floor.apply(facts.AgentPhoneChanged(at(2), AGENT, SALES, reachable=True, busy=True))
    assert floor.ready_agents(SALES) == 0

    floor.apply(facts.AgentPhoneChanged(at(3), AGENT, SALES, reachable=True))
    assert floor.ready_agents(SALES) == 1
