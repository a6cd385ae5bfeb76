"""The seats of the floor: who is signed in, and what each is doing."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

from calls import facts
from calls.agent_state import AgentEvent, AgentState
from calls.ids import AgentId, CallId, QueueName
from calls.live import AgentChanged, Change, LiveAgent

DEFAULT_WRAP_UP = timedelta(seconds=10)
_MAY_RING = frozenset({AgentState.READY, AgentState.RINGING, AgentState.WRAP_UP})


class Seats:
    """Every signed-in agent. Each method takes one fact in and returns what changed.

    wrap_up: how long an agent of the queue stays in wrap-up; the longest of its queues counts.
    """

    def __init__(self) -> None:
        self.wrap_up: dict[QueueName, timedelta] = {}
        self._agents: dict[AgentId, LiveAgent] = {}
        self._busy_with: Counter[CallId] = Counter()  # most calls end with no seat in them

    @property
    def all(self) -> tuple[LiveAgent, ...]:
        """Every seat that is signed in."""
        return tuple(self._agents.values())

    def get(self, agent: AgentId) -> LiveAgent | None:
        """Return the seat, None if nobody is signed in there."""
        return self._agents.get(agent)

    def sign_in(self, fact: facts.AgentSignedIn) -> list[Change]:
        """The agent joined a queue."""
        known = self._agents.get(fact.agent)
        seat = known or LiveAgent.fresh(fact.agent, fact.name, fact.at)
        changed = seat.moved(AgentEvent.SIGNED_IN, fact.at)._replace(
            name=fact.name or seat.name,
            queues=seat.queues | {fact.queue},
        )
        if fact.paused != changed.wants_pause:
            changed = changed.with_pause(fact.paused, fact.reason, fact.at)
        return self._put(known, changed)

    def sign_out(self, fact: facts.AgentSignedOut) -> list[Change]:
        """The agent left a queue; out of its last one it is signed out (after its call)."""
        seat = self._agents.get(fact.agent)
        if seat is None or fact.queue not in seat.queues:
            return []
        left = seat._replace(queues=seat.queues - {fact.queue})
        if not left.queues:
            left = left.moved(AgentEvent.SIGNED_OUT, fact.at)
        return self._put(seat, left)

    def pause(self, fact: facts.AgentPaused) -> list[Change]:
        """The agent is paused with a reason, or resumed."""
        return self._change(fact.agent, lambda s: s.with_pause(fact.paused, fact.reason, fact.at))

    def set_phone(self, agent: AgentId, reachable: bool, busy: bool) -> list[Change]:
        """The agent's phone can or cannot be reached, and is in use or not."""
        return self._change(agent, lambda s: s._replace(reachable=reachable, busy=busy))

    def offer(self, agent: AgentId, call: CallId, at: datetime) -> list[Change]:
        """The queue rings the agent for this call; who talks in a call of no queue goes on."""
        return self._change(
            agent,
            lambda s: s if s.is_direct else s.moved(AgentEvent.OFFERED, at)._replace(call=call),
        )

    def rest(self, agent: AgentId, event: AgentEvent, at: datetime) -> list[Change]:
        """Ringing is over without a talk: ready again, or in the pause that was asked for."""
        return self._change(
            agent,
            lambda s: (
                s.moved(event, at)._replace(call=None).settled(at)
                if s.state is AgentState.RINGING
                else s
            ),
        )

    def connect(self, agent: AgentId, call: CallId | None, at: datetime) -> list[Change]:
        """The queue joined agent and customer, be it that their bridge was seen before."""
        return self._change(
            agent,
            lambda s: s.moved(AgentEvent.CONNECTED, at)._replace(call=call, is_direct=False),
        )

    def connect_direct(self, agent: AgentId, call: CallId, at: datetime) -> list[Change]:
        """The agent is with a customer whom no queue gave it; one that talks already stays."""
        seat = self._agents.get(agent)
        if seat is None or seat.state is AgentState.TALKING:
            return []
        return self._put(
            seat, seat.moved(AgentEvent.CONNECTED, at)._replace(call=call, is_direct=True)
        )

    def direct_call(self, agent: AgentId) -> CallId | None:
        """Return the call that the agent talks in though no queue gave it."""
        seat = self._agents.get(agent)
        return seat.call if seat is not None and seat.is_direct else None

    def complete(self, agent: AgentId, at: datetime) -> list[Change]:
        """The talk is over: wrap-up begins, or the seat is gone if it was signed out meanwhile."""
        seat = self._agents.get(agent)
        if seat is None or seat.state is not AgentState.TALKING:
            return []
        done = seat.moved(AgentEvent.COMPLETED, at)._replace(
            call=None, calls=seat.calls + 1, is_direct=False
        )
        if not done.queues:
            done = done.moved(AgentEvent.SIGNED_OUT, at)
        return self._put(seat, done)

    def part(self, agent: AgentId, call: CallId, at: datetime) -> list[Change]:
        """Agent and call are done with each other; says nothing about another call of the agent.

        call: empty if a queue said it of a caller who was gone: no word about a call of no queue.
        """
        seat = self._agents.get(agent)
        is_other = seat is None or (seat.call not in (None, call) if call else seat.is_direct)
        return [] if is_other else self.complete(agent, at)

    def release(self, call: CallId, at: datetime) -> list[Change]:
        """The call has ended: whoever was ringing or talking for it is free of it."""
        changes: list[Change] = []
        for seat in self.all if call in self._busy_with else ():
            if seat.call == call and seat.state is AgentState.RINGING:
                changes += self.rest(seat.agent, AgentEvent.OFFER_WITHDRAWN, at)
            elif seat.call == call:
                changes += self.complete(seat.agent, at)
        return changes

    def end_wrap_ups(self, now: datetime) -> list[Change]:
        """End every wrap-up that has lasted long enough."""
        changes: list[Change] = []
        for seat in self.all:
            if seat.state is AgentState.WRAP_UP and now >= seat.since + self._wrap_up_of(seat):
                changes += self._put(seat, seat.settled(now))
        return changes

    def see(
        self, fact: facts.SnapshotTaken, call_of: Callable[[AgentId], CallId | None]
    ) -> list[Change]:
        """Make every seat what the snapshot says."""
        seen_seats = {(seen.agent, seen.queue) for seen in fact.agents}
        changes: list[Change] = []
        for seat in self.all:
            for queue in seat.queues:
                if (seat.agent, queue) not in seen_seats:
                    changes += self.sign_out(facts.AgentSignedOut(fact.at, seat.agent, queue))
        for seen in fact.agents:
            changes += self._see_one(seen, fact.at, call_of)
        return changes

    def _see_one(
        self, seen: facts.AgentSeen, at: datetime, call_of: Callable[[AgentId], CallId | None]
    ) -> list[Change]:
        changes = self.sign_in(
            facts.AgentSignedIn(at, seen.agent, seen.queue, seen.name, seen.paused, seen.reason)
        )
        changes += self.set_phone(seen.agent, seen.reachable, seen.busy)
        seat = self._agents[seen.agent]
        state = seat.state
        if seat.is_direct:
            # A queue that knows nothing of this call cannot say when it ends.
            is_of_queue = self.connect(seen.agent, seat.call, at) if seen.in_call else []
            return [*changes, *is_of_queue]
        if seen.in_call and state is not AgentState.TALKING:
            return [*changes, *self.connect(seen.agent, call_of(seen.agent), at)]
        if not seen.in_call and state is AgentState.TALKING:
            return [*changes, *self.complete(seen.agent, at)]
        if seen.rings and state in _MAY_RING and (call := call_of(seen.agent)):
            return [*changes, *self.offer(seen.agent, call, at)]
        if not seen.in_call and state is AgentState.RINGING:
            return [*changes, *self.rest(seen.agent, AgentEvent.OFFER_WITHDRAWN, at)]
        return changes

    def _wrap_up_of(self, seat: LiveAgent) -> timedelta:
        waits = [self.wrap_up.get(queue, DEFAULT_WRAP_UP) for queue in seat.queues]
        return max(waits, default=DEFAULT_WRAP_UP)

    def _change(self, agent: AgentId, change: Callable[[LiveAgent], LiveAgent]) -> list[Change]:
        seat = self._agents.get(agent)
        return [] if seat is None else self._put(seat, change(seat))

    def _put(self, before: LiveAgent | None, after: LiveAgent) -> list[Change]:
        if after.state is AgentState.LOGGED_OUT:
            self._agents.pop(after.agent, None)
            self._count(before, None)
        else:
            self._agents[after.agent] = after
            self._count(before, after)
        return [] if before == after else [AgentChanged(after)]

    def _count(self, before: LiveAgent | None, after: LiveAgent | None) -> None:
        old, new = before and before.call, after and after.call
        if old == new:
            return
        if old is not None:
            self._busy_with[old] -= 1
            if not self._busy_with[old]:
                del self._busy_with[old]
        if new is not None:
            self._busy_with[new] += 1
