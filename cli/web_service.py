"""The web part of the running service: fits the pages' ports to the parts that exist."""

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import CollectorRegistry
from prometheus_client.registry import Collector

from ami_bridge.parameters import AmiAddress
from ami_bridge.switch import AsteriskSwitch
from calls.live import Change
from cli.asterisks import MAIN, LinkCollector, WatchedAsterisk
from cli.campaigns_port import CampaignsPort, LinesPort
from cli.lanes import Lanes
from cli.phone_book import PhoneBook
from cli.reports_port import ReportsPort
from cli.why import law_packs
from cli.why_port import WhyPort
from config.settings import Settings
from dialer.live_floor import LiveFloor
from store.accounts import AccountStore
from store.audit import AuditStore
from store.call_list import CallListStore
from store.campaigns import CampaignStore
from store.database import Database
from store.desk import DeskStore
from store.errors import StoreError
from store.organisations import OrganisationStore
from store.phones import PhoneStore
from store.pictures import PictureStore
from store.recordings import RecordingStore
from store.scripts import ScriptStore
from web.app import serving
from web.desk_ports import DialingPort
from web.floor_feed import FloorFeed
from web.ports import FloorView, HealthItem, WebServices
from web.settings import WebSettings


@dataclass(frozen=True, slots=True)
class WebParts:
    """What the pages stand on."""

    settings: Settings
    database: Database
    lanes: Lanes
    campaigns: CampaignStore
    switch: AsteriskSwitch
    ami_address: AmiAddress
    dialing: DialingPort
    watched: Sequence[WatchedAsterisk] = ()
    figures: Sequence[Collector] = ()


class HealthPort:
    """Fits `web.ports.Health`."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    async def check(self) -> Sequence[HealthItem]:
        """Return Postgres, the AMI link and the floor."""
        link = self._parts.switch.health
        is_linked = link.connected
        is_known = self._parts.lanes.all[0].live.floor.is_known
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


def _floor_feed(lives: Sequence[LiveFloor]) -> FloorFeed:
    """Show the floors of all Asterisks as one; it is unknown as long as one of them is."""

    def view() -> FloorView:
        unknown = [one for one in lives if not one.floor.is_known]
        because = unknown[0].lost_because or "no snapshot of Asterisk yet" if unknown else ""
        return FloorView(
            datetime.now(UTC),
            because,
            tuple(call for one in lives for call in one.floor.calls),
            tuple(agent for one in lives for agent in one.floor.agents),
        )

    feed = FloorFeed(view)

    def publish(change: Change) -> None:
        feed.publish([change])

    for live in lives:
        live.listen(publish)
    return feed


class SeatsPort:
    """Fits `web.desk_ports.SeatsPort`: the wishes that the roster carries out."""

    def __init__(self, database: Database, campaigns: CampaignStore) -> None:
        self._database = database
        self.sign_in = campaigns.sign_in
        self.move = campaigns.move
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
    settings, packs = parts.settings, law_packs(parts.settings)
    services = WebServices(
        accounts=AccountStore(parts.database),
        floor=_floor_feed([lane.live for lane in parts.lanes.all]),
        campaigns=CampaignsPort(
            parts.database, parts.campaigns, parts.lanes.pace, settings.asterisk_time_zone, packs
        ),
        reports=ReportsPort(parts.database, settings.asterisk_time_zone),
        health=HealthPort(parts),
        audit=AuditStore(parts.database),
        owners=OrganisationStore(parts.database),
        seats=SeatsPort(parts.database, parts.campaigns),
        desk=DeskStore(parts.database),
        phones=_phone_book(parts),
        switch=parts.lanes,
        pictures=PictureStore(parts.database),
        why=WhyPort(settings, parts.database),
        dialing=parts.dialing,
        lines=LinesPort(parts.database, settings.asterisk_time_zone),
        recordings=RecordingStore(parts.database),
        call_list=CallListStore(parts.database),
        scripts=ScriptStore(parts.database),
    )
    served_at = WebSettings(
        host=settings.web_host,
        port=settings.web_port,
        behind_proxy=settings.web_behind_proxy,
        sip_url=settings.web_sip_url,
    )
    registry = CollectorRegistry()
    links = {other.name: other.switch for other in parts.watched}
    for figures in (LinkCollector({MAIN: parts.switch, **links}), *parts.figures):
        registry.register(figures)
    async with AsyncExitStack() as stack:
        try:
            address = await stack.enter_async_context(
                serving(services, served_at, registry=registry)
            )
        except OSError as error:
            where = f"{served_at.host}:{served_at.port}"
            reason = error.strerror or str(error)
            raise WebNotServed(f"cannot serve pages on {where}: {reason} (web.port)") from error
        yield address
