"""What ended since a pacer last looked: dials, talks, wrap-ups. Fed by changes of the floor."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime

from calls.agent_state import AgentState
from calls.call_state import CallState
from calls.ids import AgentId, CallId, CampaignName, QueueName
from calls.live import AgentChanged, CallChanged, Change, LiveAgent, LiveCall
from dialer.pacing import DialResult

_RANG_OUT_CAUSES = frozenset({None, 0, 16, 19, 102, 127})
"""Q.850 causes of a phone that rang and was not taken; with others the network said why."""


@dataclass(slots=True)
class Ended:
    """What one campaign's pacer has not heard of yet. Durations are seconds."""

    dial_results: list[DialResult] = field(default_factory=list)
    talks: list[float] = field(default_factory=list)
    wraps: list[float] = field(default_factory=list)


class PacingObserver:
    """Collects for each campaign; each campaign of a queue hears of all its wrap-ups.

    detecting: campaigns whose answered calls count only once machine detection has spoken.
    """

    def __init__(self) -> None:
        self.detecting: Collection[CampaignName] = ()
        self.queues: dict[CampaignName, QueueName] = {}
        self._ended: defaultdict[CampaignName, Ended] = defaultdict(Ended)
        self._told: set[CallId] = set()
        self._wrapping: dict[AgentId, datetime] = {}

    def take(self, campaign: CampaignName) -> Ended:
        """Return what ended since the last call, and forget it."""
        return self._ended.pop(campaign, Ended())

    def on_change(self, change: Change) -> None:
        """Take in one change of the floor."""
        if isinstance(change, CallChanged) and change.call.campaign is not None:
            self._follow_call(change.call, change.call.campaign)
        elif isinstance(change, AgentChanged):
            self._follow_agent(change.agent)

    def _follow_call(self, call: LiveCall, campaign: CampaignName) -> None:
        has_ended = call.state is CallState.ENDED
        result = _dial_result(call, has_ended, campaign in self.detecting)
        if result is not None and call.call not in self._told:
            self._told.add(call.call)
            self._ended[campaign].dial_results.append(result)
        if has_ended:
            self._told.discard(call.call)
            if call.talk:
                self._ended[campaign].talks.append(call.talk.total_seconds())

    def _follow_agent(self, agent: LiveAgent) -> None:
        if agent.state is AgentState.WRAP_UP:
            self._wrapping.setdefault(agent.agent, agent.since)
            return
        began = self._wrapping.pop(agent.agent, None)
        if began is None:
            return
        for campaign, queue in self.queues.items():
            if queue in agent.queues:
                self._ended[campaign].wraps.append((agent.since - began).total_seconds())


def _dial_result(call: LiveCall, has_ended: bool, is_detecting: bool) -> DialResult | None:
    """Return how the dial ended, None while it has not, or where a gap hides it."""
    if call.has_gap or call.dialled_at is None:
        return None
    if call.answered_at is not None:
        rang = (call.answered_at - call.dialled_at).total_seconds()
        if call.amd == "machine":
            return DialResult("machine", rang)
        is_certain = not is_detecting or call.amd is not None or call.connected_at is not None
        return DialResult("answer", rang) if is_certain or has_ended else None
    if not has_ended or call.ended_at is None:
        return None
    rang_out = call.ringing_at is not None and call.cause in _RANG_OUT_CAUSES
    seconds = (call.ended_at - call.dialled_at).total_seconds()
    return DialResult("noanswer" if rang_out else "fail", seconds)
