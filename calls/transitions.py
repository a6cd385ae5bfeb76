"""One way to write and read a state machine: a table `state -> event -> state`.

A pair that the table lacks is illegal. A pair that leads to the same state is a repetition
that the outside world may send and that changes nothing. (The idea of h11's `_state.py`.)
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)


class IllegalTransition(ValueError):
    """The event cannot happen in this state; nothing was changed."""

    def __init__(self, state: StrEnum, event: StrEnum) -> None:
        super().__init__(f"{event.value} cannot happen while {state.value}")
        self.state = state
        self.event = event


def advance(table: Mapping[State, Mapping[Event, State]], state: State, event: Event) -> State:
    """Return the state after `event`; raise IllegalTransition where the table has no such pair."""
    try:
        return table[state][event]
    except KeyError:
        raise IllegalTransition(state, event) from None
