"""The shell of the dialer: facts in, decisions by pure functions, actions out.

One writer: only this loop applies facts to the floor. The attempt is saved in Postgres before its
Originate; whatever dies in between, `dialer.rescue` settles it from Asterisk's records.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

import structlog

from calls.attempt import LeadCandidate, PlannedAttempt, Settlement, Verdict
from calls.call_state import CallState
from calls.campaign import Campaign, CampaignStatus, DialOrder, Mode
from calls.commands import PlaceAskedCall, PlaceCall
from calls.facts import AttemptPlanned, AttemptRefused, ClockTicked, SnapshotTaken
from calls.ids import AgentId, AttemptId, CampaignName
from calls.live import CallChanged, Change, LiveAgent
from calls.pace_reason import CampaignPace, PaceCode
from calls.switch import SwitchError
from config import failpoints
from config.timeouts import DIALER_TICK_SECONDS, ORIGINATE_REFUSED_SECONDS
from dialer.caller_id_desk import CallerIdDesk, NoPools
from dialer.calling_profiles import Profile, find_profile
from dialer.campaign_rules import lawful, rules_of
from dialer.law import NO_HOLIDAYS_KNOWN, HolidayCalendar, callable_zones
from dialer.live_floor import LiveFloor
from dialer.pace_desk import PaceDesk
from dialer.pace_journals import PaceJournals
from dialer.ports import Abandonments, Attempts, Clock, Switch, Wishes
from dialer.rounds import go_round
from dialer.settlement import judge_lead, settle_as_seen, settle_seen_call
from dialer.settler import Settler
from dialer.sharing import Shares, dialling_order

log = structlog.get_logger("dialer.loop")
WANTS_AGENTS = frozenset(
    {PaceCode.DIALLING, PaceCode.SERVED, PaceCode.NO_FREE_AGENT, PaceCode.OTHERS_FIRST}
)
"""What a campaign's last pace said if it would dial for one more free agent."""


Holidays = Callable[[Sequence[str], datetime], HolidayCalendar]
"""Gives the public holidays around a moment for lead time zones; what it lacks is unknown."""

_NO_JOURNALS = PaceJournals(None)


def _every_trunk(trunk: str) -> bool:
    return True


def _no_holidays(zones: Sequence[str], now: datetime) -> HolidayCalendar:
    return NO_HOLIDAYS_KNOWN


class Helpers(Protocol):
    """Who serves the calls that agents ask for, in the dialer's turn."""

    async def look(self) -> None:
        """Do what is due: callbacks, previews whose time is over."""

    async def show(self, campaign: Campaign, agents: Sequence[LiveAgent]) -> None:
        """Give each of these free agents a lead of the campaign to look at."""

    def withheld(self) -> Mapping[AgentId, str]:
        """Return the agents whom nothing else may ring now, and why."""


@dataclass(slots=True)
class DialerState:
    """What the loop remembers between ticks; all of it can be rebuilt.

    elsewhere: campaigns that another Asterisk dials. open: attempts whose end is not saved.
    paces: the last decision of each campaign, for people.
    half_seen: open attempts whose call ended on the floor with a gap: the records must say how.
    refused_until: campaigns that Asterisk refused a call of, and until when they rest.
    """

    campaigns: Mapping[CampaignName, Campaign] = field(default_factory=dict)
    elsewhere: frozenset[CampaignName] = frozenset()
    open: dict[AttemptId, PlannedAttempt] = field(default_factory=dict)
    paces: dict[CampaignName, CampaignPace] = field(default_factory=dict)
    half_seen: dict[AttemptId, Settlement] = field(default_factory=dict)
    refused_until: dict[CampaignName, datetime] = field(default_factory=dict)
    is_stopping: bool = False
    are_attempts_known: bool = False


class Dialer:
    """Dials the running campaigns of one Asterisk: those whose trunk it holds."""

    def __init__(
        self,
        switch: Switch,
        attempts: Attempts,
        wishes: Wishes,
        live: LiveFloor,
        settler: Settler,
        clock: Clock,
        holidays: Holidays = _no_holidays,
        abandonments: Abandonments | None = None,
        find_pack: Callable[[str], Profile | None] = find_profile,
        journals: PaceJournals = _NO_JOURNALS,
        holds: Callable[[str], bool] = _every_trunk,
        caller_ids: CallerIdDesk | None = None,
    ) -> None:
        self._holds = holds
        self.caller_ids = caller_ids or CallerIdDesk(NoPools(), clock.now)
        self.state = DialerState()
        self._switch = switch
        self._attempts = attempts
        self._wishes = wishes
        self._live = live
        self._settler = settler
        self._clock = clock
        self._holidays = holidays
        self._find_pack = find_pack
        self._desk = PaceDesk(live, abandonments, journals)
        self._claims: dict[CampaignName, int] = {}
        self._turn = 0
        self.turn = asyncio.Lock()
        self.helpers: Helpers | None = None
        self._placing: set[asyncio.Task[None]] = set()
        live.listen(self._on_change)

    # --- facts ---

    async def follow(self) -> None:
        """Apply every fact of the switch, for ever."""
        async for fact in self._switch.facts():
            self._live.apply(fact)
            if failpoints.is_armed():
                failpoints.reach(f"fact.{type(fact).__name__}")
            if isinstance(fact, SnapshotTaken):
                self._claim_open_attempts()

    def _on_change(self, change: Change) -> None:
        if isinstance(change, CallChanged) and change.call.state is CallState.ENDED:
            planned = self.state.open.get(change.call.attempt or AttemptId(""))
            if planned is None:
                return
            failpoints.reach("call.ended")
            end = settle_seen_call(change.call, planned)
            if end is not None:
                self._settler.put(planned.campaign, end)
                del self.state.open[planned.attempt]
            elif change.call.has_channel:
                seen = settle_as_seen(change.call, planned)
                self.state.half_seen[planned.attempt] = seen
                self._settler.put_half_seen(seen)

    def _claim_open_attempts(self) -> None:
        """After our own restart: tell the floor which of the calls that it sees are ours."""
        for planned in self.state.open.values():
            self._live.apply(self._as_fact(planned))

    @staticmethod
    def _as_fact(planned: PlannedAttempt) -> AttemptPlanned:
        return AttemptPlanned(
            planned.planned_at, planned.attempt, planned.campaign, planned.queue, planned.number,
            planned.asked_by,
        )  # fmt: skip

    # --- time ---

    async def tick_for_ever(self) -> None:
        """Look at everything every tick. Postgres away: nothing is dialled, all else runs."""
        await go_round("dialer", self.tick, DIALER_TICK_SECONDS, self._clock, self._doubt)

    def _doubt(self) -> None:
        """A commit whose answer was lost may have planned attempts: read them again."""
        self.state.are_attempts_known = False

    async def tick(self) -> None:
        """One look at everything; only one at a time."""
        async with self.turn:
            self._live.apply(ClockTicked(self._clock.now()))
            await self._read_wishes()
            await self._read_open_attempts()
            if not self.state.is_stopping:
                if self.helpers is not None:
                    await self.helpers.look()
                await self._dial_all()

    async def _read_wishes(self) -> None:
        every = await self._wishes.campaigns()
        campaigns = [one for one in every if self._holds(one.trunk)]
        self.state.elsewhere = frozenset(one.name for one in every if not self._holds(one.trunk))
        self.state.campaigns = {campaign.name: campaign for campaign in campaigns}
        self._settler.campaigns = self.state.campaigns
        self._desk.follow(campaigns)
        for campaign in campaigns:
            wrap_up = timedelta(seconds=campaign.wrap_up_seconds)
            self._live.floor.seats.wrap_up[campaign.queue] = wrap_up

    async def _read_open_attempts(self) -> None:
        """After a start, and after Postgres was away: the attempts that were left open."""
        if self.state.are_attempts_known and not self._settler.has_dropped:
            return
        self._settler.has_dropped = False
        for planned in await self._attempts.open_attempts():
            if planned.attempt not in self._settler.waiting and self._holds(planned.trunk):
                self.state.open.setdefault(planned.attempt, planned)
                if planned.half_seen is not None:
                    self.state.half_seen.setdefault(planned.attempt, planned.half_seen)
        self.state.are_attempts_known = True
        self._claim_open_attempts()

    # --- dialling ---

    async def _dial_all(self) -> None:
        """Go through the campaigns by priority; each gets its share of the free agents."""
        self._turn += 1
        ordered = dialling_order(self.state.campaigns.values(), self._turn)
        withheld = self.helpers.withheld() if self.helpers is not None else {}
        shares = Shares(self._live.floor, ordered, self._claims, self._clock.now(), withheld)
        for index, campaign in enumerate(ordered):
            offered = shares.offer(campaign, self._rivals(campaign, ordered[index + 1 :]))
            await self._dial(campaign, offered)
            if self._is_previewed(campaign) and self.helpers is not None:
                await self.helpers.show(campaign, shares.lend(campaign, offered))
            self._claims[campaign.name] = shares.settle(campaign, offered)

    def _is_previewed(self, campaign: Campaign) -> bool:
        """Whether its leads are to be shown to agents now."""
        return campaign.mode == Mode.PREVIEW and self._held(campaign, self._clock.now()) is None

    def _rivals(self, campaign: Campaign, later: Sequence[Campaign]) -> int:
        """Count the equals that come after it and had leads to dial when last looked at."""
        return sum(
            other.priority == campaign.priority
            and other.queue == campaign.queue
            and other.status is CampaignStatus.RUNNING
            and self._wants_agents(other)
            for other in later
        )

    def _wants_agents(self, campaign: Campaign) -> bool:
        pace = self.state.paces.get(campaign.name)
        return pace is None or pace.reason.code in WANTS_AGENTS

    async def _dial(self, campaign: Campaign, idle_agents: int) -> None:
        if campaign.status is CampaignStatus.RUNNING:
            await self._attempts.promote(campaign, self._clock.now())
        pace = await self.pace(campaign, idle_agents)
        self.state.paces[campaign.name] = pace
        if pace.lines <= 0:
            return
        await self.caller_ids.look()
        lines = self.caller_ids.lines(campaign, pace.lines)
        if lines == 0:
            self.state.paces[campaign.name] = CampaignPace.held(PaceCode.CALLER_IDS_REST)
            return
        ready_zones = await self._attempts.zones(campaign)
        now = self._clock.now()  # Postgres may have taken its time: the law looks at this moment
        pack = self._find_pack(campaign.calling_hours)
        lists = await self._attempts.lists_imported_at()
        rules = rules_of(campaign, pack, self._holidays(ready_zones, now), lists)
        zones = callable_zones(ready_zones, rules, now)
        if not zones:
            self.state.paces[campaign.name] = CampaignPace.held(PaceCode.NO_CALLABLE_LEAD)
            return

        def judge(candidate: LeadCandidate) -> Verdict:
            return judge_lead(candidate, rules, self._clock.now())

        dialled = campaign if pack is None else lawful(campaign, pack)
        show = partial(self.caller_ids.show, campaign)
        planned = await self._attempts.plan(dialled, zones, lines, now, judge, show)
        if not planned:
            self.state.paces[campaign.name] = CampaignPace.held(PaceCode.NO_CALLABLE_LEAD)
        for one in planned:
            self._launch(campaign, one)

    async def pace(self, campaign: Campaign, idle_agents: int) -> CampaignPace:
        """Return how many lines the campaign may dial now for these free agents, and why."""
        now = self._clock.now()
        held = self._held(campaign, now)
        pack = self._find_pack(campaign.calling_hours)
        if held is None and pack is not None:
            await self._desk.read_abandonment(campaign, pack, now)
            pace = self._desk.decide(campaign, pack, idle_agents, self._clock.now())
            ready = self._live.floor.ready_agents(campaign.queue)
            if pace.reason.code is PaceCode.NO_FREE_AGENT and ready:
                return CampaignPace.held(PaceCode.OTHERS_FIRST, ready)
            return pace
        return CampaignPace.held(held or PaceCode.LAW_UNKNOWN)

    def _held(self, campaign: Campaign, now: datetime) -> PaceCode | None:
        """Return what forbids any new line, whatever the agents do."""
        if campaign.status is not CampaignStatus.RUNNING:
            return PaceCode(campaign.status.value)
        if not self._live.floor.is_known:
            return PaceCode.FLOOR_UNKNOWN
        if not self._switch.can_place:
            return PaceCode.NO_LINK
        if now < self.state.refused_until.get(campaign.name, now):
            return PaceCode.REFUSED
        return None

    def _launch(self, campaign: Campaign, planned: PlannedAttempt) -> None:
        self.state.open[planned.attempt] = planned
        self._live.apply(self._as_fact(planned))
        task = asyncio.create_task(self._place(campaign, planned), name=f"place-{planned.attempt}")
        self._placing.add(task)
        task.add_done_callback(self._placing.discard)

    def launch_asked(self, planned: PlannedAttempt, order: DialOrder) -> PlannedAttempt:
        """Place a call that an agent asked for and that is saved; return it as it is placed."""
        asked = replace(planned, order=order)
        self._launch(self.state.campaigns[planned.campaign], asked)
        return asked

    async def _place(self, campaign: Campaign, planned: PlannedAttempt) -> None:
        command = _command(campaign, planned)
        try:
            failpoints.reach("originate.sending")
            await self._switch.place(command)
            failpoints.reach("originate.sent")
        except SwitchError as error:
            log.warning("call.not_placed", attempt=planned.attempt, problem=str(error))
            if not error.maybe_executed:
                rest = timedelta(seconds=ORIGINATE_REFUSED_SECONDS)
                self.state.refused_until[campaign.name] = self._clock.now() + rest
                refused = AttemptRefused(self._clock.now(), planned.attempt, str(error))
                self._live.apply(refused)

    # --- the end ---

    async def stop(self, limit_seconds: float) -> bool:
        """Dial no more; return True when every call of ours has ended, False after the limit.

        Calls that are left go on in Asterisk; the next run settles them from the records.
        """
        self.state.is_stopping = True
        async with self.turn:
            pass  # a tick that had begun has placed what it saved
        deadline = self._clock.now() + timedelta(seconds=limit_seconds)
        while self.state.open and self._clock.now() < deadline:
            await self._clock.sleep(DIALER_TICK_SECONDS)
        return not self.state.open


def _command(campaign: Campaign, planned: PlannedAttempt) -> PlaceCall | PlaceAskedCall:
    if planned.asked_by is None:
        return PlaceCall(
            attempt=planned.attempt,
            campaign=planned.campaign,
            queue=planned.queue,
            number=planned.number,
            trunk=planned.trunk,
            caller_id=planned.caller_id,
            ring_seconds=planned.ring_seconds,
            amd=campaign.amd,
        )
    return PlaceAskedCall(
        attempt=planned.attempt,
        campaign=planned.campaign,
        queue=planned.queue,
        agent=planned.asked_by,
        number=planned.number,
        trunk=planned.trunk,
        caller_id=planned.caller_id,
        ring_seconds=planned.ring_seconds,
        order=planned.order,
    )
