"""Calls that one agent hands to another, as recorded: both seats tell what their people do.

The plays have one seat. Here the colleague sits on one, too, which no queue rings in the play.
"""

from datetime import timedelta

import pytest

from calls import facts
from calls.agent_state import AgentState
from calls.floor import Floor
from calls.ids import AgentId, QueueName
from calls.live import AgentChanged, LiveAgent
from tests.replay.shape_takes import VERSIONS, facts_of

COLLEAGUE, QUEUE = AgentId("agent-1002"), QueueName("callfloor")
HANDED_OVER = (
    "attended_transfer_by_refer",
    "attended_transfer_by_keys",
    "blonde_transfer_by_refer",
    "blonde_transfer_by_keys",
    "blind_transfer_by_refer",
    "blind_transfer_by_keys",
)
each_take = pytest.mark.parametrize(
    ("name", "version"), [(name, version) for name in HANDED_OVER for version in VERSIONS]
)


def seats_of_colleague(name: str, version: str, *, paused: bool) -> list[LiveAgent]:
    """The colleague's seat after each change of its state; at last its wrap-up is over."""
    told = list(facts_of(name, version))
    reason = "lunch" if paused else ""
    here = facts.AgentSignedIn(told[0].at, COLLEAGUE, QUEUE, "Li Na", paused, reason)
    over = facts.ClockTicked(told[-1].at + timedelta(minutes=1))
    floor, seats = Floor(), list[LiveAgent]()
    for fact in (told[0], here, *told[1:], over):
        for change in floor.apply(fact):
            if isinstance(change, AgentChanged) and change.agent.agent == COLLEAGUE:
                seats.append(change.agent)
    return [s for n, s in enumerate(seats) if n == 0 or s.state is not seats[n - 1].state]


@each_take
@pytest.mark.parametrize("paused", [False, True])
def test_who_was_given_the_customer_by_a_colleague_talks_and_has_a_wrap_up(
    name: str, version: str, paused: bool
) -> None:
    before, talks, after, again = seats_of_colleague(name, version, paused=paused)
    told = facts_of(name, version)
    first = next(fact for fact in told if isinstance(fact, facts.ChannelStarted))

    rest = AgentState.PAUSED if paused else AgentState.READY
    assert (before.state, again.state) == (rest, rest)
    assert (talks.state, talks.call) == (AgentState.TALKING, first.call)
    assert (after.state, after.call, after.calls) == (AgentState.WRAP_UP, None, 1)
    assert again.pause_reason == before.pause_reason


@pytest.mark.parametrize("version", VERSIONS)
def test_a_colleague_who_was_only_asked_had_no_customer(version: str) -> None:
    (seat,) = seats_of_colleague("attended_transfer_taken_back", version, paused=False)
    assert seat.state is AgentState.READY
