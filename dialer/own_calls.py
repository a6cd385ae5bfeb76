"""The shell of previews and callbacks: looks in the dialer's turn and does what is due."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from calls.attempt import LeadCandidate, Verdict
from calls.campaign import Campaign
from calls.ids import AgentId, AttemptId
from calls.live import LiveAgent
from calls.preview import DueCallback, Preview
from calls.refusal import Refusal
from calls.switch import SwitchError
from config.timeouts import (
    CALLBACK_RESERVE_SECONDS,
    LEAD_LOOK_AGAIN_SECONDS,
    SKIPPED_LEAD_SECONDS,
)
from dialer.asked_ports import AskedCalls, Callbacks, SeatPauses
from dialer.asking import CALLBACK, PREVIEW
from dialer.callbacks import Call, caller_for, how_to_keep, is_missed, reserved
from dialer.law import callable_zones
from dialer.live_floor import LiveFloor
from dialer.loop import Dialer
from dialer.manual import Ask, ManualDialer
from dialer.ports import Attempts, Clock
from dialer.preview import MISSED_PREVIEW, Fate, fate_of
from dialer.rule_book import RuleBook
from dialer.settlement import judge_lead
from store.campaigns import UnknownAgent

log = structlog.get_logger("dialer.own_calls")


class OwnCalls:
    """Fits `dialer.loop.Helpers`. previews: what each agent looks at now, as last read."""

    def __init__(
        self,
        dialer: Dialer,
        manual: ManualDialer,
        calls: AskedCalls,
        callbacks: Callbacks,
        attempts: Attempts,
        rule_book: RuleBook,
        seats: SeatPauses,
        live: LiveFloor,
        clock: Clock,
    ) -> None:
        self._dialer = dialer
        self._manual = manual
        self._calls = calls
        self._callbacks = callbacks
        self._attempts = attempts
        self._rule_book = rule_book
        self._seats = seats
        self._live = live
        self._clock = clock
        self.previews: dict[AgentId, Preview] = {}
        self._due: list[DueCallback] = []
        self._later: dict[int, datetime] = {}
        self._away: set[AgentId] = set()
        dialer.helpers = self

    def withheld(self) -> Mapping[AgentId, str]:
        """Return the agents whom nothing else may ring now, and why."""
        campaigns = self._dialer.state.campaigns.values()
        return {
            **dict.fromkeys(reserved(self._due, campaigns), CALLBACK),
            **dict.fromkeys([*self.previews, *self._away], PREVIEW),
            **self._manual.dialling(),
        }

    async def look(self) -> None:
        """End previews whose time is over, and keep the promises that are due."""
        if not self._live.floor.is_known:
            return
        now = self._clock.now()
        seats = self._live.floor.seats
        self._away = {a for a in self._away if (seat := seats.get(a)) and not seat.wants_pause}
        elsewhere = self._dialer.state.elsewhere
        shown = await self._calls.previews()
        self.previews = {one.agent: one for one in shown if one.campaign not in elsewhere}
        for preview in tuple(self.previews.values()):
            await self._follow(preview, now)
        due = await self._callbacks.due(now + timedelta(seconds=CALLBACK_RESERVE_SECONDS))
        self._due = [one for one in due if one.campaign not in elsewhere]
        for callback in self._due:
            await self._keep(callback, now)
        await self._alarm(now)

    # --- previews ---

    async def show(self, campaign: Campaign, agents: Sequence[LiveAgent]) -> None:
        """Give each of these free agents a lead of the campaign to look at."""
        if not agents:
            return
        now = self._clock.now()
        ready_zones = await self._attempts.zones(campaign)
        lists = await self._rule_book.lists()
        rules = self._rule_book.rules(campaign, ready_zones, lists, now)
        zones = callable_zones(ready_zones, rules, now)

        def judge(candidate: LeadCandidate) -> Verdict:
            return judge_lead(candidate, rules, self._clock.now())

        for agent in agents:
            shown = await self._calls.show(campaign, zones, agent.agent, now, judge)
            if shown is None:
                return
            await self._begin(shown)

    async def _begin(self, shown: Preview) -> None:
        self.previews[shown.agent] = shown
        log.info("preview.shown", agent=shown.agent, lead=shown.lead)
        try:
            await self._manual.withhold(shown.agent, PREVIEW)
        except SwitchError as error:
            log.warning("agent.not_withheld", agent=shown.agent, problem=str(error))

    async def _follow(self, preview: Preview, now: datetime) -> None:
        campaign = self._dialer.state.campaigns.get(preview.campaign)
        fate = fate_of(preview, campaign, self._live.floor.seats.get(preview.agent), now)
        if fate is Fate.DIAL:
            await self.dial_preview(preview)
        elif fate is not Fate.KEEP:
            await self._give_back(preview, now)
        if fate is Fate.MISSED:
            await self._pause(preview.agent)

    async def _pause(self, agent: AgentId) -> None:
        """Want the agent paused; until the floor shows it, it gets no other lead either."""
        self._away.add(agent)
        try:
            await self._seats.pause(agent, MISSED_PREVIEW)
        except UnknownAgent:
            log.info("preview.agent_gone", agent=agent)

    async def _give_back(self, preview: Preview, at: datetime, *, is_skipped: bool = False) -> None:
        await self._calls.give_back(preview.preview, at, is_skipped=is_skipped)
        self.previews.pop(preview.agent, None)
        log.info("preview.returned", agent=preview.agent, lead=preview.lead, skipped=is_skipped)

    async def dial_preview(self, preview: Preview) -> AttemptId | Refusal:
        """Dial what the agent looks at, in the dialer's turn; refused by the law, it goes back."""
        ask = Ask(preview.agent, preview.campaign, preview.lead, preview=preview.preview)
        told = await self._manual.dial_in_turn(ask)
        if not isinstance(told, Refusal):
            self.previews.pop(preview.agent, None)
            return told.attempt
        if not told.rule.startswith("seat/"):
            again = self._clock.now() + timedelta(seconds=LEAD_LOOK_AGAIN_SECONDS)
            await self._give_back(preview, told.until or again)
        return told

    async def decide(
        self, agent: AgentId, preview: AttemptId, *, dials: bool
    ) -> AttemptId | Refusal | None:
        """Let the agent dial or skip what it looks at; None: skipped."""
        async with self._dialer.turn:
            shown = next((one for one in await self._calls.previews() if one.agent == agent), None)
            if shown is None or shown.preview != preview:
                return Refusal.of_seat("not_shown")
            return await (self.dial_preview(shown) if dials else self._skip(shown))

    async def _skip(self, preview: Preview) -> Refusal | None:
        campaign = self._dialer.state.campaigns.get(preview.campaign)
        if campaign is not None:
            skips = await self._calls.skips(preview.agent, campaign)
            if skips >= campaign.max_skips:
                return Refusal.of_seat("skip_limit")
        later = self._clock.now() + timedelta(seconds=SKIPPED_LEAD_SECONDS)
        await self._give_back(preview, later, is_skipped=True)
        return None

    # --- callbacks ---

    async def _keep(self, callback: DueCallback, now: datetime) -> None:
        campaign = self._dialer.state.campaigns.get(callback.campaign)
        how = how_to_keep(callback, campaign, now)
        if how is Call.WAIT or campaign is None or now < self._later.get(callback.callback, now):
            return
        taken = {*self.previews, *self._manual.dialling()}
        if callback.agent is None:
            taken |= reserved(self._due, self._dialer.state.campaigns.values())
        agent = caller_for(callback, campaign, self._live.floor.agents, taken)
        if agent is None:
            return
        if how is Call.SHOW:
            shown = await self._calls.show_lead(campaign, callback.lead, agent.agent, now)
            if shown is not None:
                await self._begin(shown)
            return
        told = await self._manual.dial_in_turn(Ask(agent.agent, campaign.name, callback.lead))
        if isinstance(told, Refusal):
            await self._put_off(callback, told, now)

    async def _put_off(self, callback: DueCallback, told: Refusal, now: datetime) -> None:
        """The law may forbid what was promised: then it is looked at again when that may change."""
        log.info("callback.refused", callback=callback.callback, rule=told.rule)
        if told.rule.startswith("seat/"):
            return
        again = now + timedelta(seconds=CALLBACK_RESERVE_SECONDS)
        self._later[callback.callback] = told.until or again
        if told.until is None and told.rule.startswith("list/"):
            await self._callbacks.close(callback.lead, told.rule.rpartition("/")[2])

    async def _alarm(self, now: datetime) -> None:
        missed = [callback for callback in self._due if is_missed(callback, now)]
        if missed:
            await self._callbacks.miss([callback.callback for callback in missed], now)
            log.warning("callback.missed", callbacks=[one.callback for one in missed])
        self._later = {one: at for one, at in self._later.items() if at > now}
