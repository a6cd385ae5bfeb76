"""Calls that agents ask for: judged like the dialer's own, saved before they are sent.

All of it happens in the dialer's turn, so nothing else plans or dials meanwhile.
"""

from dataclasses import dataclass
from functools import partial

import structlog

from calls.attempt import PlannedAttempt
from calls.campaign import Campaign, DialOrder
from calls.commands import PauseAgent
from calls.ids import AgentId, AttemptId, CampaignName, LeadId
from calls.refusal import Refusal
from calls.switch import SwitchError
from dialer.asked_ports import AskedCalls
from dialer.asking import DIALLING, as_refusal, refusal_of_seat
from dialer.live_floor import LiveFloor
from dialer.loop import Dialer
from dialer.ports import Clock, Switch
from dialer.rule_book import RuleBook
from dialer.why import Answer, LeadStanding, why_lead
from store.lead_looks import LeadLook

log = structlog.get_logger("dialer.manual")


@dataclass(frozen=True, slots=True)
class Ask:
    """An agent wants to call a lead. order: None: as the campaign says.

    preview: the agent looks at this lead, which is leased to it by this id.
    """

    agent: AgentId
    campaign: CampaignName
    lead: LeadId
    order: DialOrder | None = None
    preview: AttemptId | None = None


class ManualDialer:
    """Makes the calls that agents ask for."""

    def __init__(
        self,
        dialer: Dialer,
        calls: AskedCalls,
        rule_book: RuleBook,
        switch: Switch,
        live: LiveFloor,
        clock: Clock,
    ) -> None:
        self._dialer = dialer
        self._calls = calls
        self._rule_book = rule_book
        self._switch = switch
        self._live = live
        self._clock = clock
        self.asking: set[AgentId] = set()

    def dialling(self) -> dict[AgentId, str]:
        """Return the agents who have, or are about to have, a call of their own asking."""
        asked = (planned.asked_by for planned in self._dialer.state.open.values())
        agents = {agent for agent in asked if agent is not None}
        return dict.fromkeys(agents | self.asking, DIALLING)

    async def dial(self, ask: Ask) -> PlannedAttempt | Refusal:
        """Place the call, or say why not; may raise DatabaseUnreachable."""
        async with self._dialer.turn:
            return await self.dial_in_turn(ask)

    async def dial_in_turn(self, ask: Ask) -> PlannedAttempt | Refusal:
        """Do the same for somebody who has the dialer's turn."""
        campaign = self._dialer.state.campaigns.get(ask.campaign)
        if campaign is None:
            return Refusal.of_seat("no_campaign")
        if self._dialer.state.is_stopping or not self._switch.can_place:
            return Refusal.of_seat("stopping" if self._dialer.state.is_stopping else "no_link")
        held = refusal_of_seat(ask.agent, campaign, self._live.floor, self.dialling())
        if held is not None:
            return held
        self.asking.add(ask.agent)
        try:
            return await self._withhold_and_plan(ask, campaign)
        finally:
            self.asking.discard(ask.agent)

    async def _withhold_and_plan(self, ask: Ask, campaign: Campaign) -> PlannedAttempt | Refusal:
        """Let the queue leave the agent alone first, so that no other call comes in between."""
        try:
            await self.withhold(ask.agent, DIALLING)
        except SwitchError as error:
            log.warning("agent.not_withheld", agent=ask.agent, problem=str(error))
            return Refusal.of_seat("no_link")
        busy = refusal_of_seat(ask.agent, campaign, self._live.floor, {})
        if busy is not None:
            return busy
        return await self._plan(ask, campaign)

    async def withhold(self, agent: AgentId, reason: str) -> None:
        """Let the queue leave the agent alone at once; raises SwitchError."""
        seat = self._live.floor.seats.get(agent)
        if seat is None or seat.wants_pause:
            return
        for queue in sorted(seat.queues):
            await self._switch.send(PauseAgent(agent, queue, True, reason))

    async def _plan(self, ask: Ask, campaign: Campaign) -> PlannedAttempt | Refusal:
        now = self._clock.now()
        wanted = self._rule_book.lawful(campaign)
        caller_ids = self._dialer.caller_ids
        await caller_ids.look()
        if caller_ids.lines(campaign, 1) == 0:
            return Refusal.of_seat("caller_ids_rest")
        lists = await self._rule_book.lists()

        def judge(look: LeadLook) -> Answer:
            """Judge by the very function of `callfloor why`."""
            moment = self._clock.now()
            rules = self._rule_book.rules(campaign, [look.candidate.time_zone], lists, moment)
            standing = LeadStanding(
                look.candidate, look.status, look.next_attempt_at, look.done_reason
            )
            return why_lead(standing, campaign, rules, moment)

        planned = await self._calls.plan(
            wanted, ask.lead, ask.agent, now, judge, ask.preview, partial(caller_ids.show, campaign)
        )
        if planned is None:
            return Refusal.of_seat("no_lead" if ask.preview is None else "not_shown")
        if isinstance(planned, Answer):
            log.info("call.refused", agent=ask.agent, lead=ask.lead, rule=planned.rule)
            return as_refusal(planned)
        return self._dialer.launch_asked(planned, ask.order or campaign.dial_order)
