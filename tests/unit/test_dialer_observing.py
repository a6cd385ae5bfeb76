"""What a pacer is told of dials, talks and wrap-ups that ended."""

from datetime import UTC, datetime, timedelta

import pytest

from calls import facts
from calls.ids import AgentId, AttemptId, BridgeId, CallId, ChannelId
from dialer.live_floor import LiveFloor
from dialer.observing import Ended, PacingObserver
from dialer.pacing import DialResult
from tests.fakes.dialer_world import CAMPAIGN, QUEUE

T0 = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ATTEMPT = AttemptId("6c1e8a2e-0000-4000-8000-000000000001")
CUSTOMER, PHONE = ChannelId(ATTEMPT), ChannelId("pbx-1.7")
AGENT = AgentId("agent-1")


def at(seconds: float) -> datetime:
    return T0 + timedelta(seconds=seconds)


def observed(*told: facts.Fact, detecting: bool = False) -> Ended:
    live = LiveFloor()
    observer = PacingObserver()
    observer.queues = {CAMPAIGN.name: QUEUE}
    observer.detecting = {CAMPAIGN.name} if detecting else ()
    live.listen(observer.on_change)
    start = (
        facts.SnapshotTaken(T0, T0, (), ()),
        facts.AgentSignedIn(T0, AGENT, QUEUE, "", paused=False, reason=""),
        facts.AttemptPlanned(T0, ATTEMPT, CAMPAIGN.name, QUEUE, "+861"),
        facts.ChannelStarted(at(1), CUSTOMER, CallId(ATTEMPT), "carrier", "+861"),
    )
    for fact in (*start, *told):
        live.apply(fact)
    return observer.take(CAMPAIGN.name)


RANG = facts.ChannelRang(at(2), CUSTOMER)
ANSWERED = facts.ChannelAnswered(at(8), CUSTOMER)
MACHINE = facts.CallMarked(at(10), CUSTOMER, "amd", "machine")


@pytest.mark.parametrize(
    ("told", "detecting", "results"),
    [
        ((RANG,), False, []),
        ((RANG, ANSWERED), False, [DialResult("answer", 7.0)]),
        ((RANG, ANSWERED), True, []),
        ((RANG, ANSWERED, MACHINE), True, [DialResult("machine", 7.0)]),
        ((RANG, facts.ChannelEnded(at(31), CUSTOMER, 0)), False, [DialResult("noanswer", 30.0)]),
        ((facts.ChannelEnded(at(3), CUSTOMER, 17),), False, [DialResult("fail", 2.0)]),
        ((RANG, facts.ChannelEnded(at(3), CUSTOMER, 21)), False, [DialResult("fail", 2.0)]),
        ((facts.LinkLost(at(2), "gone"), ANSWERED), False, []),
    ],
)
def test_a_dial_ends_once_and_says_how(
    told: tuple[facts.Fact, ...], detecting: bool, results: list[DialResult]
) -> None:
    assert observed(*told, detecting=detecting).dial_results == results


def test_a_talk_and_the_wrap_up_after_it_are_told_in_seconds() -> None:
    ended = observed(
        ANSWERED,
        facts.AgentOffered(at(8), AGENT, CUSTOMER, QUEUE),
        facts.ChannelStarted(at(8), PHONE, CallId(ATTEMPT), "agent-1", "1"),
        facts.AgentConnected(at(9), AGENT, CUSTOMER, QUEUE),
        facts.BridgeEntered(at(9), PHONE, BridgeId("b")),
        facts.BridgeEntered(at(9), CUSTOMER, BridgeId("b")),
        facts.ChannelEnded(at(69), CUSTOMER, 16),
        facts.AgentCompleted(at(69), AGENT, CUSTOMER, QUEUE),
        facts.ClockTicked(at(84)),
    )

    assert ended.talks == [60.0]
    assert ended.wraps == [15.0]
