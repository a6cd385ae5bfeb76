"""What campaigns come to: abandonment in the law's window against its cap, and when lists end."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from calls.campaign import Campaign, CampaignStatus
from calls.ids import CampaignName
from config.timeouts import OUTLOOK_FRESH_SECONDS
from dialer.abandonment import window_starts, worst_of
from dialer.calling_profiles import Profile
from store.abandonment import AbandonmentStore
from store.database import Database
from store.lines import LineStore
from web.ports import CampaignOutlook

LOOK_BACK = timedelta(hours=1)
"""The list's end is projected from the leads that were finished in this time."""


def project_finish(now: datetime, leads_left: int, finished: int) -> datetime | None:
    """Return when a list ends if it goes on as in LOOK_BACK; None where nothing was finished."""
    if leads_left == 0 or finished == 0:
        return None
    return now + LOOK_BACK * (leads_left / finished)


class Outlooks:
    """Reads every campaign's outlook, at most once in OUTLOOK_FRESH_SECONDS."""

    def __init__(self, database: Database, packs: Mapping[str, Profile]) -> None:
        self._abandonments = AbandonmentStore(database)
        self._lines = LineStore(database)
        self._packs = packs
        self._read_at: datetime | None = None
        self._found: Mapping[CampaignName, CampaignOutlook] = {}

    async def of(
        self, campaigns: Iterable[Campaign], leads_left: Mapping[CampaignName, int]
    ) -> Mapping[CampaignName, CampaignOutlook]:
        """Return the outlook of each campaign whose law pack is known."""
        now = datetime.now(UTC)
        fresh = timedelta(seconds=OUTLOOK_FRESH_SECONDS)
        if self._read_at is None or now - self._read_at >= fresh:
            known = [one for one in campaigns if one.calling_hours in self._packs]
            self._found = await self._read(known, leads_left, now)
            self._read_at = now
        return self._found

    async def _read(
        self, campaigns: Sequence[Campaign], leads_left: Mapping[CampaignName, int], now: datetime
    ) -> Mapping[CampaignName, CampaignOutlook]:
        finished = await self._lines.leads_finished(now - LOOK_BACK)
        return {
            one.name: await self._one(one, leads_left.get(one.name, 0), finished, now)
            for one in campaigns
        }

    async def _one(
        self, campaign: Campaign, left: int, finished: Mapping[str, int], now: datetime
    ) -> CampaignOutlook:
        pack = self._packs[campaign.calling_hours]
        cap = min(campaign.max_abandonment, pack.max_abandonment)
        began = await self._abandonments.began_at(campaign)
        starts = window_starts(pack.abandonment_window, began, now)
        counts = await self._abandonments.count(campaign, starts, (), pack.connect_seconds)
        is_running = campaign.status is CampaignStatus.RUNNING
        done = finished.get(campaign.name, 0) if is_running else 0
        return CampaignOutlook(worst_of(counts, cap), cap, project_finish(now, left, done))
