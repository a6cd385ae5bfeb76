"""With whom the customer was when: a call's legs played through the rooms of `calls.talk`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from calls.ids import AgentId, BridgeId, RelayHalf
from calls.talk import Member, Rooms, is_half
from cdr_ingest.intervals import Span, union
from cdr_ingest.legs import Leg

_ENTERS, _LEAVES = 0, 1


class _Move(NamedTuple):
    at: datetime
    kind: int
    member: Member
    bridge: BridgeId


def agents_with(customer: Leg, legs: Sequence[Leg]) -> dict[AgentId, list[Span]]:
    """Return for each agent the spans in which customer and agent were in one room, merged.

    Two who met at the very moment of a cut did meet: a span of no length is kept.
    """
    if not customer.bridges:
        return {}  # most calls of a busy day
    agents = {leg.channel: AgentId(leg.endpoint) for leg in legs if leg.is_agent}
    agents.pop(customer.channel, None)
    rooms = Rooms()
    since: dict[AgentId, datetime] = {}
    found: dict[AgentId, list[Span]] = {}
    for move in _moves(legs):
        _apply(rooms, move)
        here = {agents[c] for c in rooms.company(customer.channel) if c in agents}
        for gone in since.keys() - here:
            found.setdefault(gone, []).append(Span(since.pop(gone), move.at))
        for come in here - since.keys():
            since[come] = move.at
    return {agent: union(spans) for agent, spans in found.items()}


def _moves(legs: Iterable[Leg]) -> list[_Move]:
    """Every entering and leaving in order; who leaves in the moment another enters met it."""
    # Sorted whole, so that the same rows tell the same whatever order they came in.
    return sorted(move for leg in legs for move in _moves_of(leg))


def _moves_of(leg: Leg) -> Iterator[_Move]:
    member: Member = RelayHalf(leg.name) if is_half(leg.name) else leg.channel
    if len(leg.bridges) == 1:
        ((bridge, span),) = leg.bridges
        yield _Move(span.start, _ENTERS, member, bridge)
        yield _Move(span.end, _LEAVES, member, bridge)
        return
    for bridge in {bridge for bridge, _ in leg.bridges}:
        # Merged: leaving and entering the same bridge in one moment is no move.
        for span in union(span for inside, span in leg.bridges if inside == bridge):
            yield _Move(span.start, _ENTERS, member, bridge)
            yield _Move(span.end, _LEAVES, member, bridge)


def _apply(rooms: Rooms, move: _Move) -> None:
    if move.kind == _ENTERS:
        rooms.enter(move.member, move.bridge)
    else:
        rooms.leave(move.member, move.bridge)
