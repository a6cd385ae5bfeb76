"""The pages' view of campaigns and lines: counters from the records, pace from the dialer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import structlog

from calls.caller_ids import CallerIdPool, resting_until
from calls.campaign import Campaign, CampaignStatus, Mode
from calls.ids import CampaignName
from calls.pace_reason import CampaignPace
from cli.campaign_outlook import Outlooks
from dialer.calling_profiles import Profile
from store.caller_ids import CallerIdStore
from store.campaigns import CampaignChange, CampaignStore, UnknownCampaign
from store.counters import CampaignCount, count_campaigns
from store.database import Database
from store.lines import CallerIdSum, LineStore, TrunkSum
from web.ports import CampaignCounters, CampaignOutlook, CampaignSteering, SteeringRefused

log = structlog.get_logger("cli.web")


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the organisation's day began."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


class CampaignsPort:
    """Fits `web.ports.Campaigns`.

    pace: how a campaign is dialled now. time_zone: in which days begin; packs: the law's, by name.
    """

    def __init__(
        self,
        database: Database,
        campaigns: CampaignStore,
        pace: Callable[[CampaignName], CampaignPace | None],
        time_zone: str,
        packs: Mapping[str, Profile],
    ) -> None:
        self._database = database
        self._campaigns = campaigns
        self._pace = pace
        self._zone = ZoneInfo(time_zone)
        self._outlooks = Outlooks(database, packs)

    async def counters(self) -> Sequence[CampaignCounters]:
        """Return every campaign, by name."""
        counts = await count_campaigns(self._database, day_start(datetime.now(UTC), self._zone))
        campaigns = {one.name: one for one in await self._campaigns.campaigns()}
        left = {count.name: count.leads_left for count in counts}
        outlooks = await self._outlooks.of(campaigns.values(), left)
        return [
            self._with_pace(count, campaigns.get(count.name), outlooks.get(count.name))
            for count in counts
        ]

    def _with_pace(
        self, count: CampaignCount, campaign: Campaign | None, outlook: CampaignOutlook | None
    ) -> CampaignCounters:
        pace = self._pace(count.name)
        return CampaignCounters(
            name=count.name,
            status=count.status,
            attempts=count.attempts,
            answered=count.answered,
            valid=count.valid,
            effective=count.effective,
            abandoned=count.abandoned,
            leads_left=count.leads_left,
            pace=pace.lines if pace else None,
            because=pace.because if pace else "",
            reason=pace.reason if pace else None,
            steering=None if campaign is None else _steering(campaign),
            outlook=outlook,
        )

    async def set_status(
        self, name: CampaignName, status: CampaignStatus, *, by: str
    ) -> CampaignCounters | None:
        """Start, pause or stop."""
        try:
            await self._campaigns.set_status(name, status)
        except UnknownCampaign:
            return None
        log.info("campaign.status_set", campaign=name, status=status.value, by=by)
        return await self._one(name)

    async def change(
        self, name: CampaignName, change: CampaignChange, *, by: str
    ) -> CampaignCounters | None:
        """Change how it is dialled; mode power needs a ratio."""
        try:
            campaign = await self._campaigns.campaign(name)
            if change.mode is Mode.POWER and (change.ratio or campaign.ratio) is None:
                raise SteeringRefused("mode power needs a ratio, 1 to 10")
            await self._campaigns.change(name, change)
        except UnknownCampaign:
            return None
        log.info(
            "campaign.changed", campaign=name, by=by, mode=change.mode, ratio=change.ratio,
            max_lines=change.max_lines, priority=change.priority,
        )  # fmt: skip
        return await self._one(name)

    async def _one(self, name: CampaignName) -> CampaignCounters | None:
        return next((one for one in await self.counters() if one.name == name), None)


def _steering(campaign: Campaign) -> CampaignSteering:
    return CampaignSteering(
        campaign.mode, campaign.ratio, campaign.max_lines, campaign.priority, campaign.queue
    )


class LinesPort:
    """Fits `web.ports.Lines`."""

    def __init__(self, database: Database, time_zone: str) -> None:
        self._store = LineStore(database)
        self._pools = CallerIdStore(database)
        self._zone = ZoneInfo(time_zone)

    async def sums(self) -> tuple[Sequence[CallerIdSum], Sequence[TrunkSum]]:
        """Return each caller ID and trunk of today, by campaign."""
        now = datetime.now(UTC)
        sums = await self._store.caller_ids(now.astimezone(self._zone).date())
        caller_ids = with_pools(sums, await self._pools.pools(now), now)
        return caller_ids, await self._store.trunks(day_start(now, self._zone))


def with_pools(
    sums: Sequence[CallerIdSum], pools: Mapping[CampaignName, CallerIdPool], now: datetime
) -> Sequence[CallerIdSum]:
    """Say of each pool's number how many of its calls were short, and whether it rests."""
    known = {(one.campaign, one.name): one for one in sums}
    for campaign, pool in pools.items():
        for one in pool.numbers:
            before = known.get((campaign, one.number))
            known[campaign, one.number] = replace(
                before or CallerIdSum(campaign, one.number, 0, 0, 0, 0),
                short_share=one.short_share,
                resting_until=resting_until(one, pool, now),
            )
    return [known[key] for key in sorted(known)]
