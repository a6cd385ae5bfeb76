"""The life of one agent's seat as a table. `docs/states.md` is drawn from it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from calls.transitions import advance


class AgentState(StrEnum):
    """What an agent is doing."""

    LOGGED_OUT = "logged_out"
    READY = "ready"
    RINGING = "ringing"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    PAUSED = "paused"  #: always with a reason


class AgentEvent(StrEnum):
    """What may happen to an agent."""

    SIGNED_IN = "signed_in"
    SIGNED_OUT = "signed_out"
    OFFERED = "offered"
    OFFER_WITHDRAWN = "offer_withdrawn"
    MISSED = "missed"
    CONNECTED = "connected"
    COMPLETED = "completed"
    WRAP_UP_ENDED = "wrap_up_ended"
    PAUSED = "paused"
    RESUMED = "resumed"


_S, _E = AgentState, AgentEvent

AGENT_TRANSITIONS: Mapping[AgentState, Mapping[AgentEvent, AgentState]] = MappingProxyType(
    {
        _S.LOGGED_OUT: {_E.SIGNED_IN: _S.READY, _E.SIGNED_OUT: _S.LOGGED_OUT},
        _S.READY: {
            _E.SIGNED_IN: _S.READY,
            _E.SIGNED_OUT: _S.LOGGED_OUT,
            _E.OFFERED: _S.RINGING,
            _E.CONNECTED: _S.TALKING,
            _E.PAUSED: _S.PAUSED,
            _E.RESUMED: _S.READY,
            _E.MISSED: _S.READY,
            _E.OFFER_WITHDRAWN: _S.READY,
            _E.WRAP_UP_ENDED: _S.READY,
        },
        _S.RINGING: {
            _E.SIGNED_IN: _S.RINGING,
            _E.SIGNED_OUT: _S.LOGGED_OUT,
            _E.OFFERED: _S.RINGING,
            _E.OFFER_WITHDRAWN: _S.READY,
            _E.MISSED: _S.READY,
            _E.CONNECTED: _S.TALKING,
            # The pause is kept as a wish and holds once the ringing is over.
            _E.PAUSED: _S.RINGING,
            _E.RESUMED: _S.RINGING,
        },
        _S.TALKING: {
            _E.SIGNED_IN: _S.TALKING,
            # Signed out in mid-call: the call goes on, the seat is gone afterwards.
            _E.SIGNED_OUT: _S.TALKING,
            _E.CONNECTED: _S.TALKING,
            _E.COMPLETED: _S.WRAP_UP,
            _E.PAUSED: _S.TALKING,
            _E.RESUMED: _S.TALKING,
        },
        _S.WRAP_UP: {
            _E.SIGNED_IN: _S.WRAP_UP,
            _E.SIGNED_OUT: _S.LOGGED_OUT,
            _E.OFFERED: _S.RINGING,
            _E.CONNECTED: _S.TALKING,
            _E.COMPLETED: _S.WRAP_UP,
            _E.WRAP_UP_ENDED: _S.READY,
            _E.PAUSED: _S.PAUSED,
            _E.RESUMED: _S.WRAP_UP,
        },
        _S.PAUSED: {
            _E.SIGNED_IN: _S.PAUSED,
            _E.SIGNED_OUT: _S.LOGGED_OUT,
            # A paused agent can still be connected: by transfer, or by a ring begun before.
            _E.CONNECTED: _S.TALKING,
            _E.PAUSED: _S.PAUSED,
            _E.RESUMED: _S.READY,
        },
    }
)


def advance_agent(state: AgentState, event: AgentEvent) -> AgentState:
    """Return the agent's state after `event`; raise IllegalTransition where it cannot happen."""
    return advance(AGENT_TRANSITIONS, state, event)
