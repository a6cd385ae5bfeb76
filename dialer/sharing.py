"""Which free agents each campaign may dial for: by priority, and equally among equals. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from math import ceil

from calls.agent_state import AgentState
from calls.call_state import IN_FLIGHT, CallState
from calls.campaign import Campaign
from calls.floor import Floor
from calls.ids import AgentId, CampaignName, QueueName
from calls.live import LiveAgent, LiveCall
from config.timeouts import PLANNED_LINE_SECONDS

_PLANNED_LINE = timedelta(seconds=PLANNED_LINE_SECONDS)


def calls_ringing_agents(agents: Iterable[LiveAgent]) -> frozenset[str]:
    """Return the calls that ring an agent now: they need no further one."""
    return frozenset(a.call for a in agents if a.state is AgentState.RINGING and a.call)


def calls_on_the_way(floor: Floor, campaign: CampaignName, now: datetime) -> list[LiveCall]:
    """Return the campaign's calls that may still need an agent.

    One that was planned, and of which Asterisk shows no channel for seconds, needs none: its
    Originate was never sent, or `dialer.rescue` will tell. One that an agent asked for has it.
    """
    ringing = calls_ringing_agents(floor.agents)
    return [
        call
        for call in floor.calls
        if call.campaign == campaign
        and call.asked_by is None
        and call.state in IN_FLIGHT
        and call.call not in ringing
        and not (call.state is CallState.PLANNED and now > call.since + _PLANNED_LINE)
    ]


class AgentPool:
    """The free agents of one moment; whoever is taken is free for nobody else."""

    def __init__(self, agents: Iterable[LiveAgent]) -> None:
        # Who serves the fewest queues goes first, so that the versatile stay for the others.
        self._free = sorted(agents, key=lambda agent: (len(agent.queues), agent.agent))

    @classmethod
    def of(cls, floor: Floor, withheld: Collection[AgentId] = ()) -> "AgentPool":
        """The free agents, less the withheld and those whom callers from outside will take."""
        pool = cls(
            agent
            for agent in floor.agents
            if agent.agent not in withheld and any(agent.is_ready_for(q) for q in agent.queues)
        )
        ringing = calls_ringing_agents(floor.agents)
        for call in floor.calls:
            if _needs_agent_for_nobody_of_ours(call) and call.call not in ringing:
                pool.take(call.queue or QueueName(""), 1)
        return pool

    def available(self, queue: QueueName) -> int:
        """Count the free agents of the queue."""
        return sum(queue in agent.queues for agent in self._free)

    def take(self, queue: QueueName, count: int) -> list[LiveAgent]:
        """Take up to `count` agents of the queue out, and return them."""
        taken = [agent for agent in self._free if queue in agent.queues][: max(0, count)]
        self._free = [agent for agent in self._free if agent not in taken]
        return taken

    def give_back(self, agents: Iterable[LiveAgent]) -> None:
        """Put agents back that were taken."""
        self._free = sorted([*self._free, *agents], key=lambda a: (len(a.queues), a.agent))


def _needs_agent_for_nobody_of_ours(call: LiveCall) -> bool:
    return call.campaign is None and call.queue is not None and call.state in IN_FLIGHT


def dialling_order(campaigns: Iterable[Campaign], turn: int) -> list[Campaign]:
    """Return the campaigns by priority; among equals the first place goes round with `turn`."""
    named = sorted(campaigns, key=lambda campaign: campaign.name)
    by_priority: dict[int, list[Campaign]] = {}
    for campaign in named:
        by_priority.setdefault(campaign.priority, []).append(campaign)
    ordered: list[Campaign] = []
    for priority in sorted(by_priority, reverse=True):
        equals = by_priority[priority]
        start = turn % len(equals)
        ordered += equals[start:] + equals[:start]
    return ordered


def fair_share(available: int, held: int, rivals: int) -> int:
    """Return how many of the available agents a campaign may count on.

    held: those that its lines on the way may take. rivals: equals that come after it and want some.
    """
    return max(min(held, available), ceil(available / (1 + rivals)))


class Shares:
    """Goes through the campaigns of one tick in order and gives each its free agents.

    claims: how many agents each campaign's lines on the way were meant for, by the last tick; a
    campaign that is not in it (after a restart) is taken to need one for each line. withheld: those
    who are busy with a call of their own asking, or are about to be.
    """

    def __init__(
        self,
        floor: Floor,
        ordered: Sequence[Campaign],
        claims: Mapping[CampaignName, int],
        now: datetime,
        withheld: Collection[AgentId] = (),
    ) -> None:
        self._floor = floor
        self._now = now
        self._pool = AgentPool.of(floor, withheld)
        self._held: dict[CampaignName, list[LiveAgent]] = {}
        for campaign in ordered:
            lines = len(calls_on_the_way(floor, campaign.name, now))
            claim = min(lines, claims.get(campaign.name, lines))
            self._held[campaign.name] = self._pool.take(campaign.queue, claim)

    def offer(self, campaign: Campaign, rivals: int) -> int:
        """Return the free agents that this campaign may dial for, its lines on the way included."""
        held = self._held.pop(campaign.name, [])
        self._pool.give_back(held)
        return fair_share(self._pool.available(campaign.queue), len(held), rivals)

    def lend(self, campaign: Campaign, count: int) -> list[LiveAgent]:
        """Take up to `count` agents out for good: they are free for nobody else in this tick."""
        return self._pool.take(campaign.queue, count)

    def settle(self, campaign: Campaign, offered: int) -> int:
        """Keep for the campaign the agents that its lines now need; return how many."""
        lines = len(calls_on_the_way(self._floor, campaign.name, self._now))
        claim = min(offered, lines)
        self._held[campaign.name] = self._pool.take(campaign.queue, claim)
        return len(self._held[campaign.name])
