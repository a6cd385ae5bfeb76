"""The table of live calls: who the customer of each is, who is with them, since when.

Every change of a call goes through `put`, `follow` or `close`, which say what changed.
"""

from collections import OrderedDict
from datetime import datetime

from calls.call_state import CallEvent, CallState
from calls.ids import AGENT_PREFIX, AgentId, CallId, ChannelId
from calls.live import AgentChanged, CallChanged, Change, LiveCall
from calls.presence import Company, Presence
from calls.seats import Seats
from calls.talk import CallClock

REMEMBERED_ENDED_CALLS = 10_000
"""Ids of ended calls kept so that a late fact cannot bring one back to life."""


class CallTable:
    """Calls that have not ended, their clocks, and the channels in their rooms.

    ended: ids of calls that are over, the latest last.
    """

    def __init__(self, seats: Seats) -> None:
        self._seats = seats
        self.calls: dict[CallId, LiveCall] = {}
        self.clocks: dict[CallId, CallClock] = {}
        self.presence = Presence()
        self.ended: OrderedDict[CallId, None] = OrderedDict()

    def put(self, call: LiveCall) -> list[Change]:
        """Keep the call as it is now."""
        before = self.calls.get(call.call)
        self.calls[call.call] = call
        return [] if before == call else [CallChanged(call)]

    def customer_call(self, channel: ChannelId) -> LiveCall | None:
        """Return the call whose customer leg this channel is."""
        call = self.calls.get(self.presence.call_of(channel))
        is_customer = call is not None and self.clocks[call.call].customer == channel
        return call if is_customer else None

    def look_at(self, people: set[ChannelId], at: datetime) -> list[Change]:
        """Look again at the calls whose customers are among these people."""
        changes: list[Change] = []
        for channel in sorted(people):
            if call := self.customer_call(channel):
                changes += self.follow(call, at)
        return changes

    def follow(self, call: LiveCall, at: datetime) -> list[Change]:
        """Move the call between waiting and talking as its room says."""
        clock = self.clocks[call.call]
        company = self.presence.company(clock.customer)
        clock.show(together=company.is_there, held=company.is_held, at=at)
        is_talking = call.state is CallState.TALKING
        if not company.is_there and not is_talking:
            return []
        if not company.is_there:
            call = call.moved(CallEvent.PARTED, at)
        elif not is_talking:
            # Who talks has answered, even if that event was lost in a gap.
            call = call.moved(CallEvent.ANSWERED, at).moved(CallEvent.CONNECTED, at)
        changes = self.put(
            call._replace(
                answered_at=call.answered_at or at,
                connected_at=call.connected_at or at,
                agent=self._agent_among(call, company),
                talk=clock.talk.total,
                hold=clock.hold.total,
                phone_hold=clock.phone_hold.total,
                is_on_hold=company.is_held or not company.is_there,
            )
        )
        if not self.presence.is_agent(clock.customer):
            for agent in company.agents:
                changes += self._seats.connect_direct(agent, call.call, at)
        return changes

    def seat(self, agent: AgentId, at: datetime) -> list[Change]:
        """Let the agent's seat talk if its phone is with a customer, whoever brought them there."""
        changes: list[Change] = []
        if self._seats.get(agent) is None:
            return changes
        for leg in self.presence.legs_of(agent):
            for other in self.presence.others(leg):
                call = self.customer_call(other)
                if call is not None and not self.presence.is_agent(other):
                    changes += self._seats.connect_direct(agent, call.call, at)
        return changes

    def part(self, agent: AgentId, call: CallId, at: datetime) -> list[Change]:
        """A phone of the agent left the call; one who went on with another phone is still there."""
        if call not in self.calls:
            return []
        if agent in self.presence.company(self.clocks[call].customer).agents:
            return []
        changes = self._seats.part(agent, call, at)
        return [*changes, *self.seat(agent, at)]

    def see_seats(self, at: datetime) -> list[Change]:
        """After a snapshot: who is with a customer talks, who has no phone left there does not."""
        changes: list[Change] = []
        for seat in self._seats.all:
            if seat.is_direct and seat.call and not self.presence.legs_of(seat.agent):
                changes += self._seats.part(seat.agent, seat.call, at)
            changes += self.seat(seat.agent, at)
        return changes

    def _agent_among(self, call: LiveCall, company: Company) -> AgentId | None:
        """Return who is with the customer; while nobody is, who was.

        A member whom the queue reaches over a Local channel is no endpoint: its seat says so.
        """
        holder = self._seats.get(call.agent) if call.agent else None
        is_behind_local = bool(
            holder and holder.call == call.call and not holder.agent.startswith(AGENT_PREFIX)
        )
        is_kept = call.agent in company.agents or is_behind_local
        return call.agent if is_kept or not company.agents else company.agents[0]

    def close(
        self,
        call: LiveCall,
        event: CallEvent,
        at: datetime,
        cause: int | None,
        *,
        vanished: bool = False,
    ) -> list[Change]:
        """End the call; raises IllegalTransition and changes nothing if it may not end so."""
        moved = call.moved(event, at)  # first: what is illegal must change nothing
        clock = self.clocks.get(call.call) or CallClock(customer=ChannelId(call.call))
        clock.stop(at)
        ended = moved._replace(
            ended_at=at,
            cause=cause,
            talk=clock.talk.total,
            hold=clock.hold.total,
            phone_hold=clock.phone_hold.total,
            is_on_hold=False,
            was_refused=event is CallEvent.REFUSED,
            has_vanished=vanished,
            was_one_sided=call.asked_by is not None and self.presence.is_agent(clock.customer),
        )
        self._forget(call.call)
        released = self._seats.release(call.call, at)
        # Who had a second customer on the line goes on with that one.
        free = [change.agent.agent for change in released if isinstance(change, AgentChanged)]
        going_on = [change for agent in free for change in self.seat(agent, at)]
        return [CallChanged(ended), *released, *going_on]

    def _forget(self, call: CallId) -> None:
        self.calls.pop(call, None)
        self.clocks.pop(call, None)
        # Its other channels live on: one may have come to the customer of another call.
        self.ended[call] = None
        while len(self.ended) > REMEMBERED_ENDED_CALLS:
            self.ended.popitem(last=False)
