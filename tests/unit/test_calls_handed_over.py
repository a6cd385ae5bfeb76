"""A seat whose phone is bridged with a customer talks, whoever brought the customer there."""

from datetime import UTC, datetime, timedelta

import pytest

from calls import facts as f
from calls.agent_state import AgentState
from calls.floor import Floor
from calls.ids import AgentId, BridgeId, CallId, ChannelId, QueueName
from calls.live import LiveAgent

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
QUEUE = QueueName("callfloor")
FIRST, COLLEAGUE = AgentId("agent-1001"), AgentId("agent-1002")
CUSTOMER, PHONE, ASKS, ASKED = (ChannelId(c) for c in ("c", "a1", "a2", "b1"))
CALL, CONSULT, OTHER = CallId("c"), CallId("a2"), CallId("o")
ONE, TWO = BridgeId("1"), BridgeId("2")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def signed_in(agent: AgentId, *, paused: bool = False) -> f.AgentSignedIn:
    return f.AgentSignedIn(at(0), agent, QUEUE, agent, paused, "lunch" if paused else "")


def asking() -> list[f.Fact]:
    """The first agent talks with the customer in one bridge and asks the colleague in another."""
    return [
        f.SnapshotTaken(at(0), T0, (), ()),
        signed_in(FIRST),
        signed_in(COLLEAGUE, paused=True),
        f.ChannelStarted(at(1), CUSTOMER, CALL, "carrier", "+8613910000001"),
        f.ChannelAnswered(at(2), CUSTOMER),
        f.AgentOffered(at(2), FIRST, CUSTOMER, QUEUE),
        f.ChannelStarted(at(2), PHONE, CALL, FIRST, ""),
        f.AgentConnected(at(3), FIRST, CUSTOMER, QUEUE),
        f.BridgeEntered(at(3), PHONE, ONE),
        f.BridgeEntered(at(3), CUSTOMER, ONE),
        f.ChannelStarted(at(4), ASKS, CONSULT, FIRST, "1002"),
        f.ChannelStarted(at(4), ASKED, CONSULT, COLLEAGUE, ""),
        f.ChannelAnswered(at(5), ASKS),
        f.BridgeEntered(at(5), ASKED, TWO),
        f.BridgeEntered(at(5), ASKS, TWO),
    ]


def handed() -> list[f.Fact]:
    """After that the colleague's phone takes the first one's place (REFER with Replaces)."""
    return [
        *asking(),
        f.BridgeLeft(at(6), ASKED, TWO),
        f.BridgeLeft(at(6), PHONE, ONE),
        f.BridgeEntered(at(6), ASKED, ONE),
        f.AgentCompleted(at(6), FIRST, CUSTOMER, QUEUE),
        f.ChannelEnded(at(6), ASKS, 16),
        f.ChannelEnded(at(6), PHONE, 16),
    ]


def run(told: list[f.Fact]) -> Floor:
    floor = Floor()
    for fact in told:
        floor.apply(fact)
    return floor


def seat(floor: Floor, agent: AgentId = COLLEAGUE) -> LiveAgent:
    found = floor.seats.get(agent)
    assert found is not None
    return found


def test_a_paused_colleague_talks_once_the_customer_is_handed_over_and_not_before() -> None:
    assert seat(run(asking())).state is AgentState.PAUSED

    floor = run(handed())
    assert (seat(floor).state, seat(floor).call) == (AgentState.TALKING, CALL)
    assert seat(floor, FIRST).state is AgentState.WRAP_UP


@pytest.mark.parametrize("who", [CUSTOMER, ASKED])
def test_whoever_hangs_up_first_the_colleague_wraps_up_and_is_what_it_was(who: ChannelId) -> None:
    floor = run([*handed(), f.ChannelEnded(at(9), who, 16)])
    assert (seat(floor).state, seat(floor).since) == (AgentState.WRAP_UP, at(9))

    floor.apply(f.ClockTicked(at(60)))
    assert (seat(floor).state, seat(floor).pause_reason) == (AgentState.PAUSED, "lunch")
    assert seat(floor).calls == 1


def test_a_pause_in_the_bridge_ends_no_talk_that_was_handed_over() -> None:
    floor = run([*handed(), f.BridgeLeft(at(7), ASKED, ONE), f.BridgeEntered(at(8), ASKED, ONE)])
    assert (seat(floor).state, seat(floor).since) == (AgentState.TALKING, at(6))


def test_the_customer_handed_back_is_a_second_talk_of_the_first_agent() -> None:
    again = ChannelId("a3")
    floor = run(
        [
            *handed(),
            f.BridgeLeft(at(8), ASKED, ONE),
            f.ChannelEnded(at(8), ASKED, 16),
            f.ChannelStarted(at(8), again, CALL, FIRST, ""),
            f.BridgeEntered(at(9), again, ONE),
            f.AgentCompleted(at(9), FIRST, ChannelId(""), QUEUE),
        ]
    )
    assert seat(floor).state is AgentState.WRAP_UP
    assert (seat(floor, FIRST).state, seat(floor, FIRST).call) == (AgentState.TALKING, CALL)


def test_the_queue_may_say_late_that_it_was_its_call() -> None:
    told = [one for one in asking()[:10] if not isinstance(one, f.AgentConnected)]
    floor = run(told)
    assert (seat(floor, FIRST).state, seat(floor, FIRST).is_direct) == (AgentState.TALKING, True)

    floor.apply(f.AgentConnected(at(3.1), FIRST, CUSTOMER, QUEUE))
    assert (seat(floor, FIRST).since, seat(floor, FIRST).is_direct) == (at(3), False)


def test_a_queue_that_rang_the_colleague_meanwhile_changes_nothing() -> None:
    floor = run([*handed(), f.AgentPaused(at(6), COLLEAGUE, QUEUE, False, "")])
    other = ChannelId(OTHER)
    for fact in (
        f.ChannelStarted(at(7), other, OTHER, "carrier", "+8613910000002"),
        f.ChannelAnswered(at(7), other),
        f.AgentOffered(at(7), COLLEAGUE, other, QUEUE),
        f.AgentMissed(at(8), COLLEAGUE, other, QUEUE),
        f.ChannelEnded(at(9), other, 16),
    ):
        floor.apply(fact)
    assert (seat(floor).state, seat(floor).call) == (AgentState.TALKING, CALL)


def test_who_has_two_customers_on_the_line_talks_until_the_second_is_gone_too() -> None:
    other, second = ChannelId(OTHER), ChannelId("b2")
    floor = run(
        [
            *handed(),
            f.ChannelStarted(at(7), other, OTHER, "carrier", "+8613910000002"),
            f.ChannelAnswered(at(7), other),
            f.ChannelStarted(at(7), second, OTHER, COLLEAGUE, ""),
            f.BridgeEntered(at(8), other, TWO),
            f.BridgeEntered(at(8), second, TWO),
            f.ChannelEnded(at(9), CUSTOMER, 16),
            f.ChannelEnded(at(9), ASKED, 16),
        ]
    )
    assert (seat(floor).state, seat(floor).call, seat(floor).calls) == (
        AgentState.TALKING,
        OTHER,
        1,
    )
    floor.apply(f.ChannelEnded(at(12), second, 16))
    assert (seat(floor).state, seat(floor).calls) == (AgentState.WRAP_UP, 2)


def snapshot(seconds: float, *legs: f.ChannelSeen) -> f.SnapshotTaken:
    member = f.AgentSeen(COLLEAGUE, QUEUE, COLLEAGUE, True, "lunch", in_call=False, reachable=True)
    customer = f.ChannelSeen(CUSTOMER, CALL, "carrier", "+8613910000001", 6, ONE, 9.0)
    return f.SnapshotTaken(at(seconds), T0, (customer, *legs), (member,))


def test_after_our_own_restart_who_was_handed_the_customer_talks() -> None:
    leg = f.ChannelSeen(ASKED, CONSULT, COLLEAGUE, "", 6, ONE, 5.0)
    floor = run([snapshot(10, leg)])
    assert (seat(floor).state, seat(floor).call) == (AgentState.TALKING, CALL)


def test_a_colleague_whose_phone_left_in_a_gap_wraps_up() -> None:
    floor = run([*handed(), f.LinkLost(at(7), "cut"), snapshot(10)])
    assert seat(floor).state is AgentState.WRAP_UP
    assert floor.call(CALL) is not None


def test_who_signs_in_while_with_a_customer_talks() -> None:
    told = [one for one in handed() if one != signed_in(COLLEAGUE, paused=True)]
    floor = run([*told, signed_in(COLLEAGUE)])
    assert (seat(floor).state, seat(floor).call) == (AgentState.TALKING, CALL)
