"""The web part of the running service: fits the pages' ports to the parts that exist."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog
from prometheus_client import CollectorRegistry

from ami_bridge.parameters import AmiAddress
from ami_bridge.switch import AsteriskSwitch
from calls.campaign import CampaignStatus
from calls.ids import CampaignName
from calls.live import Change
from cli.asterisks import MAIN, LinkCollector, WatchedAsterisk
from cli.phone_book import PhoneBook
from cli.reports_port import ReportsPort
from cli.why_port import WhyPort
from config.settings import Settings
from dialer.live_floor import LiveFloor
from dialer.loop import Dialer
from store.accounts import AccountStore
from store.audit import AuditStore
from store.campaigns import CampaignStore, UnknownCampaign
from store.counters import CampaignCount, count_campaigns
from store.database import Database
from store.desk import DeskStore
from store.errors import StoreError
from store.organisations import OrganisationStore
from store.phones import PhoneStore
from store.pictures import PictureStore
from web.app import serving
from web.floor_feed import FloorFeed
from web.ports import CampaignCounters, DialingPort, FloorView, HealthItem, WebServices
from web.settings import WebSettings

log = structlog.get_logger("cli.web")


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the pages stand on."""

    settings: Settings
    database: Database
    live: LiveFloor
    dialer: Dialer
    campaigns: CampaignStore
    switch: AsteriskSwitch
    ami_address: AmiAddress
    dialing: DialingPort
    watched: Sequence[WatchedAsterisk] = ()


def day_start(now: datetime, zone: ZoneInfo) -> datetime:
    """Return when the organisation's day began."""
    return datetime.combine(now.astimezone(zone).date(), time(), zone).astimezone(UTC)


class CampaignsPort:
    """Fits `web.ports.Campaigns`: counters from the records, pace from the dialer."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts
        self._zone = ZoneInfo(parts.settings.asterisk_time_zone)

    async def counters(self) -> Sequence[CampaignCounters]:
        """Return every campaign, by name."""
        since = day_start(datetime.now(UTC), self._zone)
        counts = await count_campaigns(self._parts.database, since)
        return [self._with_pace(count) for count in counts]

    def _with_pace(self, count: CampaignCount) -> CampaignCounters:
        pace = self._parts.dialer.state.paces.get(count.name)
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
        )

    async def set_status(
        self, name: CampaignName, status: CampaignStatus, *, by: str
    ) -> CampaignCounters | None:
        """Start, pause or stop."""
        try:
            await self._parts.campaigns.set_status(name, status)
        except UnknownCampaign:
            return None
        log.info("campaign.status_set", campaign=name, status=status.value, by=by)
        return next((c for c in await self.counters() if c.name == name), None)


class HealthPort:
    """Fits `web.ports.Health`."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    async def check(self) -> Sequence[HealthItem]:
        """Return Postgres, the AMI link and the floor."""
        link = self._parts.switch.health
        is_linked = link.connected
        is_known = self._parts.live.floor.is_known
        return [
            await self._database(),
            HealthItem(
                "asterisk", is_linked, "" if is_linked else f"{link.problem} (callfloor doctor)"
            ),
            HealthItem("floor", is_known, "" if is_known else "not known until a snapshot"),
            *(other.health() for other in self._parts.watched),
        ]

    async def _database(self) -> HealthItem:
        try:
            await self._parts.campaigns.campaigns()
        except StoreError as error:
            return HealthItem("database", False, str(error))
        return HealthItem("database", True)


def _floor_feed(live: LiveFloor) -> FloorFeed:
    def view() -> FloorView:
        floor = live.floor
        because = "" if floor.is_known else live.lost_because or "no snapshot of Asterisk yet"
        return FloorView(datetime.now(UTC), because, floor.calls, floor.agents)

    feed = FloorFeed(view)

    def publish(change: Change) -> None:
        feed.publish([change])

    live.listen(publish)
    return feed


class SeatsPort:
    """Fits `web.ports.SeatsPort`: the wishes that the roster carries out."""

    def __init__(self, database: Database, campaigns: CampaignStore) -> None:
        self._database = database
        self.sign_in = campaigns.sign_in
        self.sign_out = campaigns.sign_out
        self.pause = campaigns.pause

    async def queues(self, organisation: str) -> Sequence[str]:
        """Return the queues of the organisation's campaigns, the running ones first."""
        rows = await self._database.fetch("organisation_queues", organisation)
        return [row["queue"] for row in rows]


def _phone_book(parts: WebParts) -> PhoneBook:
    settings = parts.settings
    named = settings.asterisk_phones_file
    return PhoneBook(
        PhoneStore(parts.database),
        Path(named) if named else None,
        parts.ami_address,
        settings.ami_keeper,
        settings.ami_keeper_secret.get_secret_value(),
    )


class WebNotServed(RuntimeError):
    """The pages cannot be served; the message names address and reason."""


@asynccontextmanager
async def web_serving(parts: WebParts) -> AsyncIterator[str]:
    """Serve the pages until the block ends; gives their address. Raises WebNotServed."""
    services = WebServices(
        accounts=AccountStore(parts.database),
        floor=_floor_feed(parts.live),
        campaigns=CampaignsPort(parts),
        reports=ReportsPort(parts.database, parts.settings.asterisk_time_zone),
        health=HealthPort(parts),
        audit=AuditStore(parts.database),
        owners=OrganisationStore(parts.database),
        seats=SeatsPort(parts.database, parts.campaigns),
        desk=DeskStore(parts.database),
        phones=_phone_book(parts),
        switch=parts.switch,
        pictures=PictureStore(parts.database),
        why=WhyPort(parts.settings, parts.database),
        dialing=parts.dialing,
    )
    settings = WebSettings(
        host=parts.settings.web_host,
        port=parts.settings.web_port,
        behind_proxy=parts.settings.web_behind_proxy,
        sip_url=parts.settings.web_sip_url,
    )
    registry = CollectorRegistry()
    links = {other.name: other.switch for other in parts.watched}
    registry.register(LinkCollector({MAIN: parts.switch, **links}))
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(
                serving(services, settings, registry=registry)
            )
        except OSError as error:
            where = f"{settings.host}:{settings.port}"
            reason = error.strerror or str(error)
            raise WebNotServed(f"cannot serve pages on {where}: {reason} (web.port)") from error
        yield address
