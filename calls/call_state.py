"""The life of one call as a table. `docs/states.md` is drawn from it."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from calls.transitions import advance


class CallState(StrEnum):
    """Where a call is, as far as we know."""

    PLANNED = "planned"  #: the attempt is saved, Asterisk has not shown a channel yet
    DIALLING = "dialling"  #: Asterisk has a channel, the far end has not rung
    RINGING = "ringing"
    WAITING = "waiting"  #: answered, no agent bridged (also: after an agent left)
    TALKING = "talking"  #: customer and agent are bridged
    UNKNOWN = "unknown"  #: the link was lost; a snapshot or the records will tell
    ENDED = "ended"


class CallEvent(StrEnum):
    """What may happen to a call."""

    DIALLED = "dialled"
    RANG = "rang"
    ANSWERED = "answered"
    CONNECTED = "connected"
    PARTED = "parted"
    REFUSED = "refused"  #: Asterisk did not take the Originate, or found no channel for it
    ENDED = "ended"
    LINK_LOST = "link_lost"


_S, _E = CallState, CallEvent

CALL_TRANSITIONS: Mapping[CallState, Mapping[CallEvent, CallState]] = MappingProxyType(
    {
        _S.PLANNED: {
            _E.DIALLED: _S.DIALLING,
            _E.RANG: _S.RINGING,
            _E.ANSWERED: _S.WAITING,
            _E.REFUSED: _S.ENDED,
            _E.ENDED: _S.ENDED,
            _E.LINK_LOST: _S.UNKNOWN,
        },
        _S.DIALLING: {
            _E.DIALLED: _S.DIALLING,
            _E.RANG: _S.RINGING,
            _E.ANSWERED: _S.WAITING,
            _E.REFUSED: _S.ENDED,
            _E.ENDED: _S.ENDED,
            _E.LINK_LOST: _S.UNKNOWN,
        },
        _S.RINGING: {
            _E.DIALLED: _S.RINGING,
            _E.RANG: _S.RINGING,
            _E.ANSWERED: _S.WAITING,
            _E.REFUSED: _S.ENDED,
            _E.ENDED: _S.ENDED,
            _E.LINK_LOST: _S.UNKNOWN,
        },
        _S.WAITING: {
            _E.DIALLED: _S.WAITING,
            _E.RANG: _S.WAITING,
            _E.ANSWERED: _S.WAITING,
            _E.CONNECTED: _S.TALKING,
            _E.PARTED: _S.WAITING,
            _E.ENDED: _S.ENDED,
            _E.LINK_LOST: _S.UNKNOWN,
        },
        _S.TALKING: {
            _E.DIALLED: _S.TALKING,
            _E.RANG: _S.TALKING,
            _E.ANSWERED: _S.TALKING,
            _E.CONNECTED: _S.TALKING,
            _E.PARTED: _S.WAITING,
            _E.ENDED: _S.ENDED,
            _E.LINK_LOST: _S.UNKNOWN,
        },
        # After a gap anything may have happened: the first true fact decides.
        _S.UNKNOWN: {
            _E.DIALLED: _S.DIALLING,
            _E.RANG: _S.RINGING,
            _E.ANSWERED: _S.WAITING,
            _E.CONNECTED: _S.TALKING,
            _E.PARTED: _S.WAITING,
            _E.REFUSED: _S.ENDED,
            _E.ENDED: _S.ENDED,
            _E.LINK_LOST: _S.UNKNOWN,
        },
        _S.ENDED: {_E.ENDED: _S.ENDED, _E.REFUSED: _S.ENDED, _E.LINK_LOST: _S.ENDED},
    }
)

IN_FLIGHT = frozenset({_S.PLANNED, _S.DIALLING, _S.RINGING, _S.WAITING, _S.UNKNOWN})
"""States in which a call may still need an agent; pacing counts these lines as taken."""


def advance_call(state: CallState, event: CallEvent) -> CallState:
    """Return the call's state after `event`; raise IllegalTransition where it cannot happen."""
    return advance(CALL_TRANSITIONS, state, event)
