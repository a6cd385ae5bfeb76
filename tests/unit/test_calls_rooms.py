"""Rooms: who hears whom, whatever Local pairs lie between, and in whatever order facts come."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls import facts as f
from calls.floor import Floor
from calls.ids import BridgeId, CallId, ChannelId, RelayHalf
from calls.talk import CallClock, Rooms, Stopwatch, other_half

START = datetime(2026, 11, 23, tzinfo=UTC)
CUSTOMER, AGENT, COLLEAGUE = ChannelId("c"), ChannelId("a"), ChannelId("b")
CALL = CallId("c")
ONE, TWO, THREE = BridgeId("1"), BridgeId("2"), BridgeId("3")


def half(name: str, number: int) -> RelayHalf:
    return RelayHalf(f"Local/{name}@floor-00000001;{number}")


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_two_in_one_bridge_are_together() -> None:
    rooms = Rooms()
    rooms.enter(CUSTOMER, ONE)
    rooms.enter(AGENT, ONE)

    assert rooms.company(CUSTOMER) == [AGENT]
    rooms.leave(AGENT)
    assert rooms.company(CUSTOMER) == []


def test_a_relay_makes_two_bridges_one_room_and_is_nobody() -> None:
    rooms = Rooms()
    rooms.enter(CUSTOMER, ONE)
    rooms.enter(half("x", 1), ONE)
    assert rooms.company(CUSTOMER) == []
    rooms.enter(half("x", 2), TWO)
    rooms.enter(AGENT, TWO)

    assert rooms.company(CUSTOMER) == [AGENT]
    rooms.leave(half("x", 1))
    assert rooms.company(CUSTOMER) == []


def test_relays_in_a_row_and_in_a_ring_end() -> None:
    rooms = Rooms()
    rooms.enter(CUSTOMER, ONE)
    rooms.enter(AGENT, THREE)
    for name, here, there in (("x", ONE, TWO), ("y", TWO, THREE), ("z", THREE, ONE)):
        rooms.enter(half(name, 1), here)
        rooms.enter(half(name, 2), there)

    assert rooms.company(CUSTOMER) == [AGENT]


def test_leaving_a_bridge_that_was_left_already_says_nothing() -> None:
    rooms = Rooms()
    rooms.enter(CUSTOMER, ONE)
    rooms.enter(CUSTOMER, TWO)
    rooms.leave(CUSTOMER, ONE)

    assert rooms.bridge_of(CUSTOMER) == TWO


@pytest.mark.parametrize("number", [1, 2])
def test_the_other_half_of_the_other_half_is_this_half(number: int) -> None:
    assert other_half(other_half(half("x", number))) == half("x", number)
    assert other_half(half("x", number)) != half("x", number)


def test_a_clock_that_is_stepped_back_takes_no_time_away() -> None:
    watch = Stopwatch()
    watch.show(True, after(10))
    watch.show(False, after(5))

    assert watch.total == timedelta(0)


def test_hold_is_counted_only_after_somebody_came() -> None:
    clock = CallClock(CUSTOMER)
    clock.show(together=False, held=False, at=after(0))
    clock.show(together=True, held=False, at=after(2))
    clock.show(together=False, held=False, at=after(5))
    clock.show(together=True, held=True, at=after(6))
    clock.stop(after(8))

    assert clock.talk.total == timedelta(seconds=5)
    assert clock.hold.total == timedelta(seconds=1)
    assert clock.phone_hold.total == timedelta(seconds=2)


MEMBERS = st.sampled_from([CUSTOMER, AGENT, COLLEAGUE, half("x", 1), half("x", 2)])
BRIDGES = st.sampled_from([ONE, TWO, THREE])
MOVES = st.lists(st.tuples(MEMBERS, st.none() | BRIDGES), max_size=30)


@given(MOVES)
def test_company_is_mutual_and_nobody_keeps_himself_company(
    moves: list[tuple[ChannelId | RelayHalf, BridgeId | None]],
) -> None:
    rooms = Rooms()
    for member, bridge in moves:
        if bridge is None:
            rooms.leave(member)
        else:
            rooms.enter(member, bridge)
    people = [CUSTOMER, AGENT, COLLEAGUE]
    for one in people:
        assert one not in rooms.company(one)
        for other in rooms.company(one):
            assert one in rooms.company(other)


def started(channel: ChannelId, endpoint: str) -> f.ChannelStarted:
    return f.ChannelStarted(START, channel, CALL, endpoint, "+8613800138000")


def talking(*more: f.Fact) -> Floor:
    floor = Floor()
    for fact in (
        started(CUSTOMER, "carrier"),
        started(AGENT, "agent-1001"),
        f.ChannelAnswered(START, CUSTOMER),
        f.BridgeEntered(after(1), CUSTOMER, ONE),
        f.BridgeEntered(after(1), AGENT, ONE),
        *more,
    ):
        floor.apply(fact)
    return floor


def test_two_bridge_enter_events_are_one_interval_of_talk() -> None:
    """C7 on the floor."""
    floor = talking(
        f.BridgeEntered(after(2), CUSTOMER, ONE),
        f.BridgeEntered(after(2), AGENT, ONE),
        f.BridgeLeft(after(4), AGENT, ONE),
    )

    assert floor.calls[0].talk == timedelta(seconds=3)


def test_a_hold_of_all_company_is_shown_and_counted_apart() -> None:
    floor = talking(f.ChannelHeld(after(2), AGENT))
    assert floor.calls[0].is_on_hold
    floor.apply(f.ChannelResumed(after(5), AGENT))

    (call,) = floor.calls
    assert (call.is_on_hold, call.phone_hold) == (False, timedelta(seconds=3))


def test_a_customer_in_good_company_is_not_on_hold() -> None:
    floor = talking(
        started(COLLEAGUE, "agent-1002"),
        f.BridgeEntered(after(2), COLLEAGUE, ONE),
        f.ChannelHeld(after(3), AGENT),
    )

    assert not floor.calls[0].is_on_hold


def test_who_comes_to_the_customer_out_of_another_call_is_company() -> None:
    floor = talking(f.BridgeLeft(after(2), AGENT, ONE))
    other = f.ChannelStarted(after(3), COLLEAGUE, CallId("b"), "agent-1002", "1002")
    floor.apply(other)
    floor.apply(f.BridgeEntered(after(4), COLLEAGUE, ONE))

    call = floor.call(CALL)
    assert call is not None
    assert (call.state, call.agent, call.hold) == ("talking", "agent-1002", timedelta(seconds=2))


def test_the_agents_phone_called_first_is_no_customer() -> None:
    floor = Floor()
    floor.apply(started(ChannelId("c"), "agent-1001"))
    floor.apply(f.ChannelAnswered(after(1), ChannelId("c")))
    floor.apply(started(ChannelId("z"), "carrier"))

    (call,) = floor.calls
    assert (call.state, call.answered_at, call.agent) == ("dialling", None, "agent-1001")
    floor.apply(f.ChannelEnded(after(3), ChannelId("z"), 17))
    assert floor.calls == ()
