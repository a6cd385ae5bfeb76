"""Calls that agents ask for, on the web side, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from calls.campaign import CampaignStatus, DialOrder, Mode
from calls.ids import AgentId, AttemptId, CampaignName, LeadId
from calls.refusal import Refusal
from store.callbacks import OpenCallback
from store.desk import LastAsked, ShownLead
from web.desk_ports import Dialable

SPRING = Dialable(
    CampaignName("spring"), CampaignStatus.RUNNING, Mode.MANUAL, DialOrder.AGENT_FIRST
)


@dataclass
class MemoryDialing:
    """Fits `web.desk_ports.DialingPort`. told: what each wish is answered with."""

    told: str | Refusal | None = "call-1"
    asked: list[tuple[object, ...]] = field(default_factory=list)
    there: list[Dialable] = field(default_factory=lambda: [SPRING])
    looks_at: ShownLead | None = None
    ended: LastAsked | None = None
    is_lawful: bool = True
    promises: list[OpenCallback] = field(default_factory=list)

    def campaigns(self, queue: str) -> Sequence[Dialable]:
        """Return those that were put there."""
        return self.there

    async def dial_lead(
        self, agent: AgentId, campaign: CampaignName, lead: LeadId, order: DialOrder | None
    ) -> str | Refusal:
        """Keep the wish."""
        self.asked.append(("lead", agent, campaign, lead, order))
        return self.told or ""

    async def dial_number(
        self, agent: AgentId, campaign: CampaignName, number: str, order: DialOrder | None
    ) -> str | Refusal:
        """Keep the wish."""
        self.asked.append(("number", agent, campaign, number, order))
        return self.told or ""

    async def decide(
        self, agent: AgentId, preview: AttemptId, *, dials: bool
    ) -> str | Refusal | None:
        """Keep the wish."""
        self.asked.append(("decide", agent, preview, dials))
        return self.told if dials else None

    async def cancel(self, attempt: AttemptId) -> None:
        """Keep the wish."""
        self.asked.append(("cancel", attempt))

    async def shown(self, agent: AgentId) -> ShownLead | None:
        """Return what was put there."""
        return self.looks_at

    async def last(self, agent: AgentId) -> LastAsked | None:
        """Return what was put there."""
        return self.ended

    async def may_promise(self, campaign: CampaignName, time_zone: str, at: datetime) -> bool:
        """Return what was set."""
        return self.is_lawful

    async def callbacks(
        self, agent: AgentId | None, *, only_missed: bool = False
    ) -> list[OpenCallback]:
        """Return what was put there."""
        return [
            one
            for one in self.promises
            if agent in (None, one.agent_id) and (one.missed_at is not None or not only_missed)
        ]

    async def assign(
        self,
        campaigns: Sequence[str] | None,
        of: str | None,
        to: str | None,
        callbacks: Sequence[int] | None = None,
    ) -> int:
        """Keep the wish, and give the promises to the other agent."""
        self.asked.append(("assign", campaigns, of, to, callbacks))
        given = [replace(one, agent_id=to) for one in self.promises if one.agent_id == of]
        self.promises = given + [one for one in self.promises if one.agent_id != of]
        return len(given)
