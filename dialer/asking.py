"""May this agent have a call of its own asking now? Pure."""

from collections.abc import Mapping

from calls.agent_state import AgentState
from calls.campaign import Campaign
from calls.floor import Floor
from calls.ids import AgentId
from calls.live import LiveAgent
from calls.refusal import Refusal
from dialer.why import Answer

DIALLING, PREVIEW, CALLBACK = "dialling", "preview", "callback"
OWN_REASONS = frozenset({DIALLING, PREVIEW, CALLBACK})
"""Pause reasons of Callfloor's own, by which the queue leaves an agent alone who is busy so."""
_IN_CALL = frozenset({AgentState.RINGING, AgentState.TALKING})


def refusal_of_seat(
    agent: AgentId, campaign: Campaign, floor: Floor, withheld: Mapping[AgentId, str]
) -> Refusal | None:
    """Return what keeps the agent from a call of its own asking, None if it is free for one.

    A pause does not: who is off the queue may still telephone.
    """
    if not floor.is_known:
        return Refusal.of_seat("floor_unknown")
    seat = floor.seats.get(agent)
    if seat is None:
        return Refusal.of_seat("not_signed_in")
    if campaign.queue not in seat.queues:
        return Refusal.of_seat("other_queue")
    if withheld.get(agent) == DIALLING:
        return Refusal.of_seat("own_call")
    return _refusal_of_phone(seat)


def _refusal_of_phone(seat: LiveAgent) -> Refusal | None:
    if seat.state in _IN_CALL:
        return Refusal.of_seat("in_call")
    if seat.state is AgentState.WRAP_UP:
        return Refusal.of_seat("wrap_up")
    if not seat.reachable:
        return Refusal.of_seat("unreachable")
    return Refusal.of_seat("busy") if seat.busy else None


def is_free(seat: LiveAgent | None) -> bool:
    """Whether the agent waits for work: ready, or withheld for a call of its own."""
    if seat is None or not seat.reachable or seat.busy:
        return False
    is_ours = seat.state is AgentState.PAUSED and seat.pause_reason in OWN_REASONS
    return seat.state is AgentState.READY or is_ours


def as_refusal(answer: Answer) -> Refusal:
    """Return the law's or the list's answer as it is told to the agent."""
    return Refusal(answer.rule, answer.reason, answer.until)
