"""The state tables: what is legal happens, what is not raises, and the docs show the same."""

from enum import StrEnum
from pathlib import Path

import pytest

from calls.agent_state import AGENT_TRANSITIONS, AgentEvent, AgentState, advance_agent
from calls.call_state import CALL_TRANSITIONS, CallEvent, CallState, advance_call
from calls.diagram import page
from calls.transitions import IllegalTransition

STATES_PAGE = Path(__file__).parents[2] / "docs" / "states.md"

ILLEGAL_CALL = [
    (state, event)
    for state in CallState
    for event in CallEvent
    if event not in CALL_TRANSITIONS[state]
]
ILLEGAL_AGENT = [
    (state, event)
    for state in AgentState
    for event in AgentEvent
    if event not in AGENT_TRANSITIONS[state]
]


def test_every_state_has_a_row() -> None:
    assert set(CALL_TRANSITIONS) == set(CallState)
    assert set(AGENT_TRANSITIONS) == set(AgentState)


@pytest.mark.parametrize(("state", "event"), ILLEGAL_CALL)
def test_an_illegal_call_event_raises(state: CallState, event: CallEvent) -> None:
    with pytest.raises(IllegalTransition) as caught:
        advance_call(state, event)

    assert (caught.value.state, caught.value.event) == (state, event)


@pytest.mark.parametrize(("state", "event"), ILLEGAL_AGENT)
def test_an_illegal_agent_event_raises(state: AgentState, event: AgentEvent) -> None:
    with pytest.raises(IllegalTransition):
        advance_agent(state, event)


def test_an_ended_call_never_lives_again() -> None:
    assert set(CALL_TRANSITIONS[CallState.ENDED].values()) == {CallState.ENDED}


@pytest.mark.parametrize(
    ("events", "end"),
    [
        ([CallEvent.DIALLED, CallEvent.RANG, CallEvent.ANSWERED, CallEvent.CONNECTED], "talking"),
        ([CallEvent.ANSWERED, CallEvent.CONNECTED, CallEvent.PARTED], "waiting"),
        ([CallEvent.DIALLED, CallEvent.LINK_LOST, CallEvent.CONNECTED], "talking"),
        ([CallEvent.REFUSED], "ended"),
    ],
)
def test_a_call_goes_the_way_of_the_table(events: list[CallEvent], end: str) -> None:
    state = CallState.PLANNED
    for event in events:
        state = advance_call(state, event)

    assert end == state


def test_the_page_of_diagrams_is_fresh() -> None:
    assert page() == STATES_PAGE.read_text(encoding="utf-8"), (
        "run: python -m calls.diagram > docs/states.md"
    )


def test_every_member_is_a_plain_string() -> None:
    members: list[StrEnum] = [*CallState, *CallEvent, *AgentState, *AgentEvent]

    assert all(str(member) == member.value for member in members)
