"""Makes each campaign's view, keeps its pacer, and counts abandonment over the law's window."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import structlog

from calls.abandonment import AbandonmentCount
from calls.agent_state import AgentState
from calls.call_state import CallState
from calls.campaign import Campaign
from calls.ids import CampaignName
from calls.live import Change
from calls.pace_reason import CampaignPace, PaceCode
from config.timeouts import ABANDONMENT_REFRESH_SECONDS
from dialer.abandonment import (
    UnrecordedCalls,
    count_live,
    window_starts,
    worst_of,
)
from dialer.calling_profiles import Profile
from dialer.live_floor import LiveFloor
from dialer.observing import PacingObserver
from dialer.pace_journals import PaceJournals
from dialer.pace_reasons import explain_pace
from dialer.pacing import Pacer, PacingView
from dialer.pacing.journal import PacerOptions
from dialer.ports import Abandonments
from dialer.sharing import calls_on_the_way

log = structlog.get_logger("dialer.pace")

AGENT_DECIDES = frozenset({"manual", "preview"})
"""Modes in which nothing is dialled by itself."""
DIALS_AHEAD = frozenset({"power", "predictive"})
"""Modes that may dial more lines than there are free agents."""
_PacerKey = tuple[CampaignName, str, float | None, float, float, int]


@dataclass(slots=True)
class _Recorded:
    """The records' counts for each window, as last read, without the calls of the floor."""

    read_at: datetime
    starts: Sequence[datetime]
    counts: Sequence[AbandonmentCount]


class PaceDesk:
    """The dialer's pacing: one pacer for each campaign and setting, its memory kept."""

    def __init__(
        self, live: LiveFloor, abandonments: Abandonments | None, journals: PaceJournals
    ) -> None:
        self._live = live
        self._abandonments = abandonments
        self._journals = journals
        self._observer = PacingObserver()
        self._unrecorded = UnrecordedCalls()
        self._pacers: dict[_PacerKey, Pacer] = {}
        self._recorded: dict[CampaignName, _Recorded] = {}
        live.listen(self._on_change)

    def _on_change(self, change: Change) -> None:
        self._observer.on_change(change)
        self._unrecorded.on_change(change)

    def follow(self, campaigns: Sequence[Campaign]) -> None:
        """Know which campaigns there are, and which of them detect machines."""
        self._observer.queues = {campaign.name: campaign.queue for campaign in campaigns}
        self._observer.detecting = {c.name for c in campaigns if c.amd != "off"}

    async def read_abandonment(self, campaign: Campaign, pack: Profile, now: datetime) -> None:
        """Read the law's window anew if it is time; may raise DatabaseUnreachable."""
        if campaign.mode not in DIALS_AHEAD or self._abandonments is None:
            return
        last = self._recorded.get(campaign.name)
        if last and now < last.read_at + timedelta(seconds=ABANDONMENT_REFRESH_SECONDS):
            return
        began = await self._abandonments.began_at(campaign)
        starts = window_starts(pack.abandonment_window, began, now)
        ended = {call.call for call in self._unrecorded.of(campaign.name)}
        recorded = await self._abandonments.recorded(ended) if ended else frozenset()
        # Calls that the floor knows are counted there until the records hold their end.
        known = {call.call for call in self._live.floor.calls} | (ended - recorded)
        counts = await self._abandonments.count(campaign, starts, known, pack.connect_seconds)
        self._recorded[campaign.name] = _Recorded(now, starts, counts)
        self._unrecorded.forget(recorded)

    def decide(
        self, campaign: Campaign, pack: Profile, idle_agents: int, now: datetime
    ) -> CampaignPace:
        """Return how many lines the campaign may dial now, and why."""
        if campaign.mode in AGENT_DECIDES:
            return CampaignPace.held(PaceCode.AGENT_DECIDES, idle_agents)
        cap = min(campaign.max_abandonment, pack.max_abandonment)
        counted = self._counted(campaign, pack, cap, now)
        if counted is None:
            return CampaignPace.held(PaceCode.RECORDS_AWAY, idle_agents)
        view = self._view(campaign, idle_agents, counted, now)
        # A fixed ratio knows no cap: over it, one line for each agent, so that nobody is abandoned.
        is_over = campaign.mode == "power" and counted.budget(cap) < 0
        allowed = replace(campaign, mode="progressive") if is_over else campaign
        pace = self._pacer(allowed, pack, cap, now).decide(view)
        explained = explain_pace(pace, view, replace(campaign, max_abandonment=cap))
        if pace.lines:
            log.debug(
                "pace.decided", campaign=campaign.name, mode=campaign.mode, lines=pace.lines,
                because=pace.because, view=asdict(view),
            )  # fmt: skip
        return explained

    def _counted(
        self, campaign: Campaign, pack: Profile, cap: float, now: datetime
    ) -> AbandonmentCount | None:
        if campaign.mode not in DIALS_AHEAD:
            return AbandonmentCount()
        recorded = self._recorded.get(campaign.name)
        if recorded is None:
            return None
        mine = [call for call in self._live.floor.calls if call.campaign == campaign.name]
        calls = [*mine, *self._unrecorded.of(campaign.name)]
        live = count_live(calls, recorded.starts, pack.connect_seconds, now)
        sums = [kept + new for kept, new in zip(recorded.counts, live, strict=True)]
        return worst_of(sums, cap)

    def _pacer(self, campaign: Campaign, pack: Profile, cap: float, now: datetime) -> Pacer:
        key = (
            campaign.name, campaign.mode, campaign.ratio, cap, pack.connect_seconds,
            campaign.max_lines,
        )  # fmt: skip
        if key not in self._pacers:
            options = PacerOptions(
                campaign.mode,
                max_abandonment=cap,
                connect_seconds=pack.connect_seconds,
                max_lines=campaign.max_lines,
                ratio=campaign.ratio if campaign.mode == "power" else None,
            )
            self._pacers[key] = self._journals.make(campaign.name, options, now)
        return self._pacers[key]

    def _view(
        self, campaign: Campaign, idle_agents: int, counted: AbandonmentCount, now: datetime
    ) -> PacingView:
        floor = self._live.floor
        mine = [call for call in floor.calls if call.campaign == campaign.name]
        open_ones = calls_on_the_way(floor, campaign.name, now)
        waiting = [c for c in open_ones if c.state in (CallState.WAITING, CallState.UNKNOWN)]
        ended = self._observer.take(campaign.name)
        return PacingView(
            now_seconds=now.timestamp(),
            idle_agents=idle_agents,
            talking_seconds=[_age(c.since, now) for c in mine if c.state is CallState.TALKING],
            wrapping_seconds=[
                _age(agent.since, now)
                for agent in floor.agents
                if agent.state is AgentState.WRAP_UP and campaign.queue in agent.queues
            ],
            ringing_seconds=[
                _age(c.dialled_at or c.planned_at or c.since, now)
                for c in open_ones
                if c not in waiting
            ],
            waiting_calls=len(waiting),
            dial_results=ended.dial_results,
            finished_talks=ended.talks,
            finished_wraps=ended.wraps,
            answered_in_window=counted.answered,
            abandoned_in_window=counted.abandoned,
        )


def _age(since: datetime, now: datetime) -> float:
    return max(0.0, (now - since).total_seconds())
