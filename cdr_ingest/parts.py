"""Each agent's part in a call, and the turns that the call took. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import combinations
from types import MappingProxyType

from calls.ids import AgentId
from cdr_ingest.intervals import Span, intersection, length, union
from cdr_ingest.legs import Leg
from cdr_ingest.rows import CelEvent

_HAND_OVER = timedelta(milliseconds=100)
"""Asterisk moves channels one after the other: this long two agents meet without a conference."""


class TurnKind(StrEnum):
    """What may happen to a call that is under way."""

    BLIND_TRANSFER = "blind_transfer"
    ATTENDED_TRANSFER = "attended_transfer"  #: also one that did not wait for the answer
    PICKUP = "pickup"  #: a colleague took it while it rang
    FORWARD = "forward"  #: the agent's phone sent it elsewhere
    PARK = "park"
    CONFERENCE = "conference"  #: two agents or more were with the customer at once


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn that a call took, and when."""

    at: datetime
    kind: TurnKind


@dataclass(frozen=True, slots=True)
class AgentPart:
    """One agent's share of a call. Shares never overlap: together they are the call's talk.

    ring: how long the agent's phone rang before it was answered; None if Asterisk did not say.
    """

    agent: AgentId
    connected_at: datetime
    talk: timedelta
    ring: timedelta | None = None


def parts_of(
    together: Mapping[AgentId, Sequence[Span]], legs: Sequence[Leg]
) -> tuple[AgentPart, ...]:
    """Share the customer's time out among the agents; overlaps go to who came first."""
    covered: list[Span] = []
    parts: list[AgentPart] = []
    for agent, own in sorted(together.items(), key=lambda item: (item[1][0].start, item[0])):
        before = length(covered)
        covered = union([*covered, *own])
        share = length(covered) - before
        parts.append(AgentPart(agent, own[0].start, share, _ring(agent, own[0].start, legs)))
    return tuple(parts)


def _ring(agent: AgentId, until: datetime, legs: Sequence[Leg]) -> timedelta | None:
    """Return how long the phone rang that brought the agent to the customer, the last before it."""
    rings = [
        leg.answered_at - leg.started_at
        for leg in legs
        if leg.endpoint == agent and leg.answered_at is not None and leg.answered_at <= until
    ]
    return max(rings[-1], timedelta(0)) if rings else None


_TURNS: Mapping[CelEvent, TurnKind] = MappingProxyType(
    {
        CelEvent.BLINDTRANSFER: TurnKind.BLIND_TRANSFER,
        CelEvent.ATTENDEDTRANSFER: TurnKind.ATTENDED_TRANSFER,
        CelEvent.PICKUP: TurnKind.PICKUP,
        CelEvent.FORWARD: TurnKind.FORWARD,
    }
)


def turns_of(
    customer: Leg, legs: Sequence[Leg], together: Mapping[AgentId, Sequence[Span]]
) -> tuple[Turn, ...]:
    """Return what happened to the call on its way, in order."""
    turned = (leg for leg in legs if not leg.first.keys().isdisjoint(_TURNS))
    rows = (row for leg in turned for row in leg.rows if row.event in _TURNS)
    turns = [Turn(row.at, _TURNS[row.event]) for row in rows]
    # Parking is not told by name on every version: who is parked waits in a holding bridge.
    if CelEvent.BRIDGE_ENTER in customer.first:
        turns += [Turn(row.at, TurnKind.PARK) for row in customer.rows if row.is_waiting_room]
    if len(together) > 1 and (at := _several_since(together)):
        turns.append(Turn(at, TurnKind.CONFERENCE))
    return tuple(sorted(turns, key=lambda turn: (turn.at, turn.kind))) if turns else ()


def _several_since(together: Mapping[AgentId, Sequence[Span]]) -> datetime | None:
    """Return when two agents were first with the customer at once, longer than a hand-over."""
    pairs = combinations(together.values(), 2)
    shared = [span for one, other in pairs for span in intersection(one, other)]
    real = [span for span in shared if span.end - span.start > _HAND_OVER]
    return min(real).start if real else None
