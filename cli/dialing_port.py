"""Fits `web.desk_ports.DialingPort`: joins the dialer's manual calls, previews and callbacks."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from calls.campaign import CampaignStatus, DialOrder, Mode
from calls.ids import AgentId, AttemptId, CampaignName, LeadId
from calls.refusal import Refusal
from cli.lanes import Lanes
from crm.phones import DEFAULT_REGION, PhoneProblem, parse_phone
from dialer.manual import Ask
from dialer.rule_book import RuleBook
from store.asked_calls import AskedCallStore
from store.attempts import AttemptStore
from store.callbacks import CallbackStore, OpenCallback
from store.desk import DeskStore, LastAsked, ShownLead
from web.desk_ports import Dialable

SHOWN_FOR = timedelta(minutes=10)
"""So long an agent is shown how the last call of its own asking ended."""


class DialingPort:
    """What an agent's page asks of the dialer that its campaign, or its preview, belongs to."""

    def __init__(
        self,
        lanes: Lanes,
        calls: AskedCallStore,
        callbacks: CallbackStore,
        attempts: AttemptStore,
        desk: DeskStore,
        rule_book: RuleBook,
    ) -> None:
        self._rule_book = rule_book
        self._lanes = lanes
        self._calls = calls
        self._callbacks = callbacks
        self._attempts = attempts
        self._desk = desk
        self.assign = callbacks.assign

    def campaigns(self, queue: str) -> Sequence[Dialable]:
        """Return the running campaigns of a queue."""
        return [
            Dialable(one.name, one.status, Mode(one.mode), one.dial_order)
            for lane in self._lanes.all
            for one in lane.dialer.state.campaigns.values()
            if one.queue == queue and one.status is CampaignStatus.RUNNING
        ]

    async def dial_lead(
        self, agent: AgentId, campaign: CampaignName, lead: LeadId, order: DialOrder | None
    ) -> str | Refusal:
        """Call a lead."""
        told = await self._lanes.of(campaign).manual.dial(Ask(agent, campaign, lead, order))
        return told if isinstance(told, Refusal) else told.attempt

    async def dial_number(
        self, agent: AgentId, campaign: CampaignName, number: str, order: DialOrder | None
    ) -> str | Refusal:
        """Call a typed number; it becomes a lead that the agent owns, unless it is one."""
        known = self._lanes.of(campaign).dialer.state.campaigns.get(campaign)
        if known is None:
            return Refusal.of_seat("no_campaign")
        phone = await asyncio.to_thread(parse_phone, number, DEFAULT_REGION)
        if isinstance(phone, PhoneProblem):
            return Refusal("number/unreadable", f"the number {phone.reason}")
        lead = await self._calls.lead_of(known, phone.e164)
        lead = lead or await self._calls.add_typed(known, phone.e164, phone.time_zone, agent)
        lead = lead or await self._calls.lead_of(known, phone.e164)
        return await self.dial_lead(agent, campaign, lead or LeadId(0), order)

    async def decide(
        self, agent: AgentId, preview: AttemptId, *, dials: bool
    ) -> str | Refusal | None:
        """Dial or skip what the agent looks at."""
        looking = (lane for lane in self._lanes.all if agent in lane.own_calls.previews)
        lane = next(looking, self._lanes.all[0])
        return await lane.own_calls.decide(agent, preview, dials=dials)

    async def cancel(self, attempt: AttemptId) -> None:
        """Save that it is us who end this call."""
        await self._attempts.mark_cancelled(attempt, datetime.now(UTC))

    async def shown(self, agent: AgentId) -> ShownLead | None:
        """Return what the agent looks at."""
        return await self._desk.shown_lead(agent)

    async def last(self, agent: AgentId) -> LastAsked | None:
        """Return how the agent's newest own call ended, while that is news."""
        return await self._desk.last_asked(agent, datetime.now(UTC) - SHOWN_FOR)

    async def may_promise(self, campaign: CampaignName, time_zone: str, at: datetime) -> bool:
        """Whether the law lets the customer be called then, by the clock."""
        known = self._lanes.of(campaign).dialer.state.campaigns.get(campaign)
        return known is None or await self._rule_book.may_promise(known, time_zone, at)

    async def callbacks(
        self, agent: AgentId | None, *, only_missed: bool = False
    ) -> list[OpenCallback]:
        """Return open promises, of one agent or of all."""
        return await self._callbacks.open(agent, only_missed=only_missed)
