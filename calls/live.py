"""What the floor knows of one call and one seat, as values; and what may change."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple, Self

from calls.agent_state import AgentEvent, AgentState, advance_agent
from calls.call_state import CallEvent, CallState, advance_call
from calls.ids import AgentId, AttemptId, CallId, CampaignName, QueueName


class LiveCall(NamedTuple):
    """One call. A tuple, which is changed in a sixth of the time of a frozen class.

    Times are UTC and None until they happened; since: when `state` was entered.

    talk: finished bridged time of customer and agent. hold: finished time between two agents
    (asked, parked, queued again). phone_hold: part of talk, on the agent's hold key.
    cause: Q.850, None if never heard.
    was_refused: Asterisk says that no channel came of it; until it has ended one may still show.
    has_vanished: a snapshot lacked it, so how it ended is for the records to say.
    has_gap: part of it was not seen (a lost link, our own restart), so its talk may be short.
    asked_by: the agent who asked for it and who alone is to talk in it. was_one_sided: it ended
    before the customer was dialled: only the phone of the agent who asked was called.
    """

    call: CallId
    state: CallState
    since: datetime
    number: str
    attempt: AttemptId | None = None
    campaign: CampaignName | None = None
    queue: QueueName | None = None
    agent: AgentId | None = None
    planned_at: datetime | None = None
    dialled_at: datetime | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    ended_at: datetime | None = None
    talk: timedelta = timedelta(0)
    hold: timedelta = timedelta(0)
    phone_hold: timedelta = timedelta(0)
    is_on_hold: bool = False
    cause: int | None = None
    amd: str | None = None
    abandoned: bool = False
    forwarded: bool = False
    has_channel: bool = False
    was_refused: bool = False
    has_vanished: bool = False
    has_gap: bool = False
    asked_by: AgentId | None = None
    was_one_sided: bool = False

    @classmethod
    def adopted(cls, call: CallId, number: str, at: datetime) -> Self:
        """A call that Asterisk shows and that we did not plan (inbound, or before our restart)."""
        return cls(call=call, state=CallState.PLANNED, since=at, number=number)

    def moved(self, event: CallEvent, at: datetime) -> Self:
        """Return the call after `event`; the same value if the event repeats what is known."""
        state = advance_call(self.state, event)
        return self if state is self.state else self._replace(state=state, since=at)


class LiveAgent(NamedTuple):
    """One seat. since: when `state` was entered. calls: talked since sign-in.

    wants_pause: paused now, or to be paused when ringing, talk and wrap-up are over.
    busy: the phone rings or is in use, be it for a call that no queue gave it.
    is_direct: no queue gave it the call that it talks in: the agent asked for it, or a colleague
    handed it over.
    """

    agent: AgentId
    name: str
    state: AgentState
    since: datetime
    queues: frozenset[QueueName] = frozenset()
    wants_pause: bool = False
    pause_reason: str = ""
    reachable: bool = True
    busy: bool = False
    call: CallId | None = None
    calls: int = 0
    is_direct: bool = False

    @classmethod
    def fresh(cls, agent: AgentId, name: str, at: datetime) -> Self:
        """A seat that nobody has signed in to."""
        return cls(agent=agent, name=name, state=AgentState.LOGGED_OUT, since=at)

    def is_ready_for(self, queue: QueueName) -> bool:
        """Whether the queue could ring this agent now."""
        is_free = self.state is AgentState.READY and self.reachable and not self.busy
        return is_free and queue in self.queues

    def moved(self, event: AgentEvent, at: datetime) -> Self:
        """Return the seat after `event`; the same value if the event repeats what is known."""
        state = advance_agent(self.state, event)
        return self if state is self.state else self._replace(state=state, since=at)

    def with_pause(self, wanted: bool, reason: str, at: datetime) -> Self:
        """Return the seat paused with the reason (now, or after the call), or resumed."""
        event = AgentEvent.PAUSED if wanted else AgentEvent.RESUMED
        moved = self.moved(event, at)
        return moved._replace(wants_pause=wanted, pause_reason=reason if wanted else "")

    def settled(self, at: datetime) -> Self:
        """Return the seat with its wrap-up ended and a pause that was asked for begun."""
        if self.wants_pause:
            return self.moved(AgentEvent.PAUSED, at)
        return self.moved(AgentEvent.WRAP_UP_ENDED, at)


@dataclass(frozen=True, slots=True)
class CallChanged:
    """The call is new or other than before; state ENDED: it has left the floor."""

    call: LiveCall


@dataclass(frozen=True, slots=True)
class AgentChanged:
    """The seat is new or other than before; state LOGGED_OUT: it has left the floor."""

    agent: LiveAgent


@dataclass(frozen=True, slots=True)
class FloorLost:
    """Nothing on the floor is certain from here on."""

    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class FloorRestored:
    """The floor is true again."""

    at: datetime


Change = CallChanged | AgentChanged | FloorLost | FloorRestored
