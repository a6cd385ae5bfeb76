"""The live floor: every call and every seat, kept true by applying facts one by one.

`apply(fact)` is the only way in. It returns what changed. A fact that is repeated, late or about
something unknown changes nothing; a fact that contradicts what is known raises
IllegalTransition and changes nothing. After LinkLost the floor is not known until a
SnapshotTaken says what is true.

Lines in use and free agents are counted from here, never kept, so they cannot leak.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from calls import facts
from calls.agent_state import AgentEvent, AgentState
from calls.call_state import IN_FLIGHT, CallEvent
from calls.call_table import CallTable
from calls.commands import JOINING
from calls.ids import AGENT_PREFIX, AgentId, CallId, QueueName
from calls.live import Change, FloorLost, FloorRestored, LiveAgent, LiveCall
from calls.presence import Gathering
from calls.seats import Seats
from calls.talk import CallClock

_STATE_RINGING = (4, 5)
_STATE_UP = 6


class Floor:
    """All live calls and seats of one Asterisk."""

    def __init__(self) -> None:
        self.is_known = False
        self.asterisk_started_at: datetime | None = None
        self.seats = Seats()
        self._table = CallTable(self.seats)

    @property
    def calls(self) -> tuple[LiveCall, ...]:
        """Every call that has not ended."""
        return tuple(self._table.calls.values())

    @property
    def agents(self) -> tuple[LiveAgent, ...]:
        """Every seat that is signed in."""
        return self.seats.all

    def call(self, call: CallId) -> LiveCall | None:
        """Return the live call, None if it is not (or no longer) on the floor."""
        return self._table.calls.get(call)

    def ready_agents(self, queue: QueueName) -> int:
        """Count the agents of the queue who could take a call now."""
        return sum(agent.is_ready_for(queue) for agent in self.agents)

    def lines_in_flight(self, queue: QueueName) -> int:
        """Count the calls that may still need an agent of the queue, less those ringing one.

        A call that we did not plan (inbound) counts once it has joined a queue, in that queue.
        """
        needing = {c.call for c in self.calls if c.queue == queue and c.state in IN_FLIGHT}
        ringing = {a.call for a in self.agents if a.state is AgentState.RINGING and a.call}
        return len(needing - ringing)

    def apply(self, fact: facts.Fact) -> list[Change]:
        """Take one fact in; return what changed, in order."""
        match fact:
            case facts.SnapshotTaken():
                return self._apply_snapshot(fact)
            case facts.LinkLost():
                return self._apply_link_lost(fact)
            case facts.AttemptPlanned():
                return self._plan(fact)
            case facts.AttemptRefused() | facts.OriginateResolved():
                return self._refuse(fact)
            case facts.ChannelStarted():
                return self._start_channel(fact)
            case (
                facts.ChannelRang()
                | facts.ChannelAnswered()
                | facts.CallMarked()
                | facts.CallQueued()
            ):
                return self._follow_customer(fact)
            case facts.ChannelEnded():
                return self._end_channel(fact)
            case (
                facts.BridgeEntered()
                | facts.BridgeLeft()
                | facts.RelayEntered()
                | facts.RelayLeft()
                | facts.ChannelHeld()
                | facts.ChannelResumed()
            ):
                return self._gather(fact)
            case _:
                return self._apply_seat(fact)

    # --- attempts ---

    def _plan(self, fact: facts.AttemptPlanned) -> list[Change]:
        call_id = CallId(fact.attempt)
        if call_id in self._table.ended:
            return []
        known = self._table.calls.get(call_id)
        # After a restart of ours the snapshot shows the channel first, the intent follows.
        call = known or LiveCall.adopted(call_id, fact.number, fact.at)
        planned = call._replace(
            attempt=fact.attempt,
            campaign=fact.campaign,
            queue=fact.queue,
            number=fact.number,
            planned_at=fact.at if call.planned_at is None else call.planned_at,
            asked_by=fact.asked_by,
        )
        changes = self._table.put(planned)
        if known is not None and call_id in self._table.clocks:
            changes += self._table.follow(planned, fact.at)
        return changes

    def _refuse(self, fact: facts.AttemptRefused | facts.OriginateResolved) -> list[Change]:
        call = self._table.calls.get(CallId(fact.attempt))
        if call is None:
            return []
        if isinstance(fact, facts.OriginateResolved):
            if fact.succeeded or call.has_channel:
                return []  # the channel's own facts say more, and its Hangup has the cause
            # Asterisk tells this past its own queue of channel events: under load it comes first.
            return self._table.put(call._replace(was_refused=True))
        return self._table.close(call, CallEvent.REFUSED, fact.at, cause=None)

    # --- channels and bridges ---

    def _start_channel(self, fact: facts.ChannelStarted) -> list[Change]:
        if fact.call in self._table.ended or fact.channel in self._table.presence:
            return []
        if fact.call.startswith(JOINING):
            return []  # a supervisor's own leg, not a call with a customer
        call = self._table.calls.get(fact.call) or LiveCall.adopted(fact.call, fact.number, fact.at)
        clock = self._table.clocks.setdefault(fact.call, CallClock(customer=fact.channel))
        self._table.presence.start(fact.channel, fact.call, fact.endpoint)
        if CallId(fact.channel) == fact.call:
            clock.customer = fact.channel
        elif self._table.presence.is_agent(clock.customer) and not fact.endpoint.startswith(
            AGENT_PREFIX
        ):
            call = self._turn_to_customer(call, clock, fact)
        if clock.customer == fact.channel:
            moved = call.moved(CallEvent.DIALLED, fact.at)
            call = moved._replace(has_channel=True, dialled_at=call.dialled_at or fact.at)
        return self._table.put(call)

    def _turn_to_customer(
        self, call: LiveCall, clock: CallClock, fact: facts.ChannelStarted
    ) -> LiveCall:
        """The agent's phone was called first; what counts from here on is the customer's leg."""
        agent, clock.customer = self._table.presence.agent_of(clock.customer), fact.channel
        number = call.number if call.attempt else fact.number
        return LiveCall.adopted(call.call, number, fact.at)._replace(
            attempt=call.attempt,
            campaign=call.campaign,
            queue=call.queue,
            planned_at=call.planned_at,
            agent=agent,
            asked_by=call.asked_by,
        )

    def _follow_customer(
        self,
        fact: facts.ChannelRang | facts.ChannelAnswered | facts.CallMarked | facts.CallQueued,
    ) -> list[Change]:
        call = self._table.customer_call(fact.channel)
        if call is None:
            return []
        match fact:
            case facts.ChannelRang():
                moved = call.moved(CallEvent.RANG, fact.at)
                return self._table.put(moved._replace(ringing_at=call.ringing_at or fact.at))
            case facts.ChannelAnswered():
                moved = call.moved(CallEvent.ANSWERED, fact.at)
                return self._table.put(moved._replace(answered_at=call.answered_at or fact.at))
            case facts.CallQueued():
                return self._table.put(call._replace(queue=fact.queue))
            case facts.CallMarked(mark="amd"):
                return self._table.put(call._replace(amd=fact.value))
            case facts.CallMarked(mark="abandoned"):
                return self._table.put(call._replace(abandoned=True))
            case facts.CallMarked(mark="forwarded"):
                return self._table.put(call._replace(forwarded=True))
            case _:
                return []

    def _end_channel(self, fact: facts.ChannelEnded) -> list[Change]:
        if fact.channel not in self._table.presence:
            return []
        call = self._table.calls.get(self._table.presence.call_of(fact.channel))
        if call and self._table.clocks[call.call].customer == fact.channel:
            changes = self._table.close(call, CallEvent.ENDED, fact.at, cause=fact.cause)
            return [*changes, *self._table.look_at(self._table.presence.end(fact.channel), fact.at)]
        agent = self._table.presence.agent_of(fact.channel)
        left = self.seats.direct_call(agent) or self._table.presence.call_of(fact.channel)
        changes = self._table.look_at(self._table.presence.end(fact.channel), fact.at)
        # Asterisk calls the talk of an agent who handed the customer on complete only at its end,
        # and never that of one whom no queue gave the customer.
        return [*changes, *self._table.part(agent, left, fact.at)]

    def _gather(self, fact: Gathering) -> list[Change]:
        """Let somebody come, go or hold, and look at every customer whom it touches."""
        changes = self._table.look_at(self._table.presence.apply(fact), fact.at)
        if isinstance(fact, facts.BridgeEntered):
            changes += self._join_other_call(fact)
        return changes

    def _join_other_call(self, fact: facts.BridgeEntered) -> list[Change]:
        """An agent's leg that began as a call of its own and comes to a customer is of that call.

        So a phone that takes the place of another one (INVITE with Replaces) is no second call.
        """
        own = self._table.customer_call(fact.channel)
        if (
            own is None
            or own.attempt is not None
            or not self._table.presence.is_agent(fact.channel)
        ):
            return []
        others = (
            self._table.customer_call(channel)
            for channel in self._table.presence.others(fact.channel)
        )
        other = next((call for call in others if call is not None), None)
        if other is None:
            return []
        self._table.presence.rehome(fact.channel, other.call)
        return self._table.close(own, CallEvent.ENDED, fact.at, cause=None)

    # --- seats ---

    def _apply_seat(self, fact: facts.Fact) -> list[Change]:
        match fact:
            case facts.ClockTicked():
                return self.seats.end_wrap_ups(fact.at)
            case facts.AgentSignedIn():
                changes = self.seats.sign_in(fact)
                return [*changes, *self._table.seat(fact.agent, fact.at)]
            case facts.AgentSignedOut():
                return self.seats.sign_out(fact)
            case facts.AgentPaused():
                return self.seats.pause(fact)
            case facts.AgentPhoneChanged():
                return self.seats.set_phone(fact.agent, fact.reachable, fact.busy)
            case facts.AgentMissed():
                return self.seats.rest(fact.agent, AgentEvent.MISSED, fact.at)
            case facts.AgentCompleted():
                call = self._table.presence.call_of(fact.channel)
                return self.seats.part(fact.agent, call, fact.at)
            case facts.AgentOffered() | facts.AgentConnected():
                return self._meet(fact)
            case _:
                return []

    def _meet(self, fact: facts.AgentOffered | facts.AgentConnected) -> list[Change]:
        """Agent and call come together; if the caller is gone, its end decided already."""
        call = self._table.customer_call(fact.channel)
        if call is None:
            return []
        if isinstance(fact, facts.AgentOffered):
            return self.seats.offer(fact.agent, call.call, fact.at)
        changes = self.seats.connect(fact.agent, call.call, fact.at)
        return [*changes, *self._table.put(call._replace(agent=fact.agent))]

    # --- the link ---

    def _apply_link_lost(self, fact: facts.LinkLost) -> list[Change]:
        if not self.is_known:
            return []
        self.is_known = False
        changes: list[Change] = [FloorLost(fact.at, fact.reason)]
        for call in self.calls:
            lost = call.moved(CallEvent.LINK_LOST, fact.at)
            changes += self._table.put(lost._replace(has_gap=True))
        return changes

    def _apply_snapshot(self, fact: facts.SnapshotTaken) -> list[Change]:
        restarted = self.asterisk_started_at not in (None, fact.asterisk_started_at)
        was_known, self.is_known = self.is_known, True
        self.asterisk_started_at = fact.asterisk_started_at
        changes = self._drop_vanished(fact, restarted)
        for relay in fact.relays:
            changes += self.apply(facts.RelayEntered(fact.at, relay.half, relay.bridge))
        # The customer's own leg (its id is the call's) must come first.
        for seen in sorted(fact.channels, key=lambda s: CallId(s.channel) != s.call):
            changes += self._see_channel(seen, fact.at)
        legs = {AgentId(seen.endpoint): seen.call for seen in fact.channels}
        changes += self._see_talks(fact, legs)
        changes += self.seats.see(fact, lambda agent: self._call_of_agent(agent, legs))
        changes += self._table.see_seats(fact.at)
        return changes if was_known else [*changes, FloorRestored(fact.at)]

    def _drop_vanished(self, fact: facts.SnapshotTaken, restarted: bool) -> list[Change]:
        """End what the snapshot lacks; how it ended is for the records to say.

        A call that never showed a channel may be about to: only a restart of Asterisk ends it.
        """
        alive = {seen.channel for seen in fact.channels}
        changes: list[Change] = []
        for call in self.calls:
            clock = self._table.clocks.get(call.call)
            gone = restarted if clock is None else clock.customer not in alive
            if gone:
                changes += self._table.close(call, CallEvent.ENDED, fact.at, None, vanished=True)
        halves = {seen.half for seen in fact.relays}
        return [*changes, *self._table.look_at(self._table.presence.keep(alive, halves), fact.at)]

    def _see_channel(self, seen: facts.ChannelSeen, now: datetime) -> list[Change]:
        began = now - timedelta(seconds=seen.age_seconds)
        known_before = seen.channel in self._table.presence
        changes = self._start_channel(
            facts.ChannelStarted(began, seen.channel, seen.call, seen.endpoint, seen.number)
        )
        if known := self._table.customer_call(seen.channel):
            if seen.state == _STATE_UP:
                changes += self.apply(facts.ChannelAnswered(now, seen.channel))
            elif seen.state in _STATE_RINGING:
                changes += self.apply(facts.ChannelRang(now, seen.channel))
            else:
                changes += self._table.put(known.moved(CallEvent.DIALLED, now))
            if seen.queue:
                changes += self.apply(facts.CallQueued(now, seen.channel, seen.queue))
        if seen.bridge:
            changes += self.apply(facts.BridgeEntered(now, seen.channel, seen.bridge))
        else:
            changes += self._table.look_at(self._table.presence.leave(seen.channel), now)
        call = self._table.calls.get(seen.call)
        if call is not None and call.call in self._table.clocks:  # else no channel of its own yet
            changes += self._table.follow(call, now)
        return [*changes, *self._mark_gap(seen, known_before)]

    def _mark_gap(self, seen: facts.ChannelSeen, known_before: bool) -> list[Change]:
        call = self._table.calls.get(seen.call)
        return [] if known_before or call is None else self._table.put(call._replace(has_gap=True))

    def _see_talks(self, fact: facts.SnapshotTaken, legs: Mapping[AgentId, CallId]) -> list[Change]:
        """Give calls that we did not see connected the agent whose leg is in them."""
        changes: list[Change] = []
        for seen in fact.agents:
            call = self._table.calls.get(legs.get(seen.agent, CallId("")))
            if seen.in_call and call is not None and call.agent is None:
                changes += self._table.put(call._replace(agent=seen.agent))
        return changes

    def _call_of_agent(self, agent: AgentId, legs: Mapping[AgentId, CallId]) -> CallId | None:
        """Return the call that the agent's leg is in, or the one that it is known to talk to."""
        if (call := legs.get(agent)) in self._table.calls:
            return call
        return next((c.call for c in self.calls if c.agent == agent), None)
