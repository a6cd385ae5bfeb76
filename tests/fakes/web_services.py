"""The web side's ports in memory. The floor is the real one; only its facts are made up."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from aiohttp import ClientSession, CookieJar

from calls import facts
from calls.floor import Floor
from calls.ids import AgentId, AttemptId, CallId, CampaignName, ChannelId, QueueName
from tests.fakes.web_accounts import (
    EPOCH,
    PASSWORD,
    QUICK_HASHER,
    MemoryAccounts,
    MemoryAudit,
    MemoryOwners,
)
from tests.fakes.web_calls import MemoryCallList
from tests.fakes.web_desks import ActSwitch, MemoryDesk, MemoryPhones, MemoryScripts, MemorySeats
from tests.fakes.web_dialing import MemoryDialing
from tests.fakes.web_figures import (
    MemoryCampaigns,
    MemoryLines,
    MemoryPictures,
    MemoryRecordings,
    MemoryReports,
    MemoryWhy,
)
from web.app import serving
from web.floor_feed import FloorFeed
from web.ports import FloorView, HealthItem, WebServices
from web.security import CSRF_HEADER
from web.settings import WebSettings

QUEUE = QueueName("callfloor")
HEADERS = {CSRF_HEADER: "1"}


class ScriptedFloor(FloorFeed):
    """A real floor that tests feed with facts."""

    def __init__(self) -> None:
        self.floor = Floor()
        self.unknown_because = "no snapshot of Asterisk yet"
        super().__init__(self._view_now)

    def apply(self, *given: facts.Fact) -> None:
        """Let the facts happen, one after the other."""
        for fact in given:
            if isinstance(fact, facts.LinkLost):
                self.unknown_because = fact.reason
            self.publish(self.floor.apply(fact))

    def know(self, at: datetime | None = None) -> None:
        """Say by an empty snapshot that nobody and nothing else is there."""
        self.apply(facts.SnapshotTaken(at or now(), EPOCH, (), ()))

    def sign_in(self, agent: str, name: str, at: datetime | None = None) -> None:
        """Seat an agent."""
        self.apply(facts.AgentSignedIn(at or now(), AgentId(agent), QUEUE, name, False, ""))

    def plan(self, call: str, number: str, campaign: str, at: datetime | None = None) -> None:
        """Plan an attempt and let its channel appear."""
        when = at or now()
        self.apply(
            facts.AttemptPlanned(when, AttemptId(call), CampaignName(campaign), QUEUE, number),
            facts.ChannelStarted(when, ChannelId(call), CallId(call), "carrier", number),
        )

    def _view_now(self) -> FloorView:
        because = "" if self.floor.is_known else self.unknown_because
        return FloorView(now(), because, self.floor.calls, self.floor.agents)


def now() -> datetime:
    """Return the time of day."""
    return datetime.now(UTC)


class MemoryHealth:
    """Healthy until told otherwise."""

    def __init__(self) -> None:
        self.items = [HealthItem("database", True), HealthItem("asterisk", True)]

    async def check(self) -> Sequence[HealthItem]:
        """Return what was set."""
        return self.items


@dataclass
class Ports:
    """All ports of a test, to be set up and looked at."""

    accounts: MemoryAccounts = field(default_factory=MemoryAccounts)
    floor: ScriptedFloor = field(default_factory=ScriptedFloor)
    campaigns: MemoryCampaigns = field(default_factory=MemoryCampaigns)
    reports: MemoryReports = field(default_factory=MemoryReports)
    health: MemoryHealth = field(default_factory=MemoryHealth)
    audit: MemoryAudit = field(default_factory=MemoryAudit)
    owners: MemoryOwners = field(default_factory=MemoryOwners)
    seats: MemorySeats = field(default_factory=MemorySeats)
    desk: MemoryDesk = field(default_factory=MemoryDesk)
    phones: MemoryPhones = field(default_factory=MemoryPhones)
    switch: ActSwitch = field(default_factory=ActSwitch)
    pictures: MemoryPictures = field(default_factory=MemoryPictures)
    why: MemoryWhy = field(default_factory=MemoryWhy)
    dialing: MemoryDialing = field(default_factory=MemoryDialing)
    lines: MemoryLines = field(default_factory=MemoryLines)
    recordings: MemoryRecordings = field(default_factory=MemoryRecordings)
    call_list: MemoryCallList = field(default_factory=MemoryCallList)
    scripts: MemoryScripts = field(default_factory=MemoryScripts)

    @property
    def services(self) -> WebServices:
        """The same as the application takes them."""
        return WebServices(
            self.accounts,
            self.floor,
            self.campaigns,
            self.reports,
            self.health,
            self.audit,
            self.owners,
            self.seats,
            self.desk,
            self.phones,
            self.switch,
            self.pictures,
            self.why,
            self.dialing,
            self.lines,
            self.recordings,
            self.call_list,
            self.scripts,
        )


QUICK = WebSettings(
    port=0,
    live_push_seconds=0.02,
    live_tick_seconds=0.1,
    live_send_seconds=0.3,
    campaigns_poll_seconds=0.05,
    session_recheck_seconds=0.05,
)


@asynccontextmanager
async def served(
    services: WebServices, settings: WebSettings = QUICK
) -> AsyncIterator[ClientSession]:
    """Serve on a free port and give a browser-like client whose addresses are relative to it."""
    async with serving(services, settings, hasher=QUICK_HASHER) as address, client(address) as http:
        yield http


@asynccontextmanager
async def client(address: str) -> AsyncIterator[ClientSession]:
    """Give a client with cookies of its own."""
    async with ClientSession(address, cookie_jar=CookieJar(unsafe=True)) as http:
        yield http


async def sign_in(http: ClientSession, login: str, password: str = PASSWORD) -> int:
    """Sign in; return the status."""
    body = {"login": login, "password": password}
    async with http.post("/api/v1/sign-in", json=body, headers=HEADERS) as response:
        return response.status


async def get_json(http: ClientSession, path: str, status: int = 200) -> Any:
    """Get a JSON answer of this status."""
    async with http.get(path) as response:
        assert response.status == status, await response.text()
        return await response.json()


async def post_json(http: ClientSession, path: str, body: object, status: int = 200) -> Any:
    """Post JSON as our pages do, for an answer of this status."""
    async with http.post(path, json=body, headers=HEADERS) as response:
        assert response.status == status, await response.text()
        return await response.json()
