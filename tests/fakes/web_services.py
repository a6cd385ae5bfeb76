"""The web side's ports in memory. The floor is the real one; only its facts are made up."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from aiohttp import ClientSession, CookieJar
from argon2 import PasswordHasher

from calls import facts
from calls.campaign import CampaignStatus
from calls.commands import Command
from calls.floor import Floor
from calls.ids import AgentId, AttemptId, CallId, CampaignName, ChannelId, QueueName
from reports.definitions import AGENT_DAY, Definition
from store.accounts import (
    Account,
    Credentials,
    ListedAccount,
    LoginTaken,
    OpenSession,
    Role,
    SecondFactor,
)
from store.audit import Act, AuditLine
from store.campaigns import UnknownAgent
from store.desk import Callback, LeadCard, Targets, WrapUp
from store.organisations import Owners
from store.phones import Phone
from store.pictures import CallLine, CampaignSum, HourCell, PictureWish, TalkBin
from web.app import serving
from web.floor_feed import FloorFeed
from web.ports import (
    AgentDay,
    CampaignCounters,
    FloorView,
    HealthItem,
    WebServices,
    WhyRow,
)
from web.security import CSRF_HEADER
from web.settings import WebSettings

QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"
PASSWORD_HASH = QUICK_HASHER.hash(PASSWORD)
QUEUE = QueueName("callfloor")
HEADERS = {CSRF_HEADER: "1"}


class MemoryAccounts:
    """Accounts and sessions; every role has an account named after it."""

    def __init__(self) -> None:
        self.accounts = {
            role.value: Account(
                role.value, role, AgentId("agent-1001") if role is Role.AGENT else None
            )
            for role in Role
        }
        self.sessions_by_token: dict[bytes, str] = {}
        self.secrets: dict[str, str] = {}
        self.pending: dict[str, str] = {}
        self.steps: dict[str, int] = {}
        self.failure: Exception | None = None
        self.slow: asyncio.Event | None = None  # a look at a session waits for it
        self.asked = asyncio.Event()

    async def credentials(self, login: str) -> Credentials | None:
        """Return the account with the one password of all."""
        self._fail_if_asked()
        account = self.accounts.get(login)
        if account is None:
            return None
        return Credentials(account, PASSWORD_HASH, self.secrets.get(login))

    async def open_session(
        self, token_hash: bytes, login: str, seconds: float, address: str = "", browser: str = ""
    ) -> None:
        """Keep the session."""
        self.sessions_by_token[token_hash] = login

    async def add(self, account: Account, password_hash: str) -> None:
        """Keep the account."""
        if account.login in self.accounts:
            raise LoginTaken(f"there is an account {account.login} already")
        self.accounts[account.login] = account

    async def list(self) -> "list[ListedAccount]":
        """Return all."""
        return [ListedAccount(one, EPOCH, 0) for one in self.accounts.values()]

    async def set_password(self, login: str, password_hash: str) -> None:
        """End its sessions; the password stays that of all."""
        await self.close_sessions(login)

    async def sessions(self, login: str) -> Sequence[OpenSession]:
        """Return those of the login."""
        return [
            OpenSession(token_hash[:12].hex(), EPOCH, EPOCH, "127.0.0.1", "test")
            for token_hash, of in self.sessions_by_token.items()
            if of == login
        ]

    async def close_session_by_id(self, login: str, session_id: str) -> bool:
        """Forget it."""
        found = [
            token_hash
            for token_hash, of in self.sessions_by_token.items()
            if of == login and token_hash[:12].hex() == session_id
        ]
        for token_hash in found:
            del self.sessions_by_token[token_hash]
        return bool(found)

    async def close_sessions(self, login: str) -> int:
        """Forget all of the login."""
        found = [token for token, of in self.sessions_by_token.items() if of == login]
        for token in found:
            del self.sessions_by_token[token]
        return len(found)

    async def second_factor(self, login: str) -> SecondFactor:
        """Return what was proposed and adopted."""
        return SecondFactor(self.secrets.get(login), self.pending.get(login))

    async def propose_second_factor(self, login: str, secret: str) -> bool:
        """Keep it, unless one is in use."""
        if login in self.secrets:
            return False
        self.pending[login] = secret
        return True

    async def adopt_second_factor(self, login: str, secret: str) -> bool:
        """Use it if it is still pending."""
        if self.pending.get(login) != secret:
            return False
        self.secrets[login] = self.pending.pop(login)
        return True

    async def drop_second_factor(self, login: str) -> None:
        """Forget it."""
        self.secrets.pop(login, None)

    async def use_step(self, login: str, step: int) -> bool:
        """Remember the newest."""
        if step <= self.steps.get(login, 0):
            return False
        self.steps[login] = step
        return True

    async def session(self, token_hash: bytes) -> Account | None:
        """Return whose it is."""
        self._fail_if_asked()
        if self.slow is not None:
            self.asked.set()
            await self.slow.wait()
        login = self.sessions_by_token.get(token_hash)
        return None if login is None else self.accounts[login]

    async def close_session(self, token_hash: bytes) -> None:
        """Forget the session."""
        self.sessions_by_token.pop(token_hash, None)

    def _fail_if_asked(self) -> None:
        if self.failure is not None:
            raise self.failure


class MemoryAudit:
    """Lines in a list."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.statuses: dict[int, int] = {}
        self.failure: Exception | None = None

    async def begin(self, act: Act) -> int:
        """Keep it."""
        if self.failure is not None:
            raise self.failure
        self.acts.append(act)
        return len(self.acts)

    async def finish(self, audit_id: int, status: int) -> None:
        """Keep what came of it."""
        self.statuses[audit_id] = int(status)

    async def list(self, organisation: str, before: int, limit: int) -> "list[AuditLine]":
        """Return the newest."""
        return [
            AuditLine(
                n, EPOCH, a.login, a.role, a.address, a.action, a.subject, self.statuses.get(n)
            )
            for n, a in reversed(list(enumerate(self.acts, 1)))
            if a.organisation == organisation and n < before
        ][:limit]


class MemoryOwners:
    """Everything belongs to the main organisation until told otherwise."""

    def __init__(self) -> None:
        self.now = Owners()

    async def owners(self) -> Owners:
        """Return what was set."""
        return self.now


class MemorySeats:
    """Wishes in a list."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str | None]] = []
        self.known = True

    async def queues(self, organisation: str) -> Sequence[str]:
        """Return one."""
        return ["callfloor"]

    async def sign_in(self, agent: AgentId, queue: QueueName) -> None:
        """Keep the wish."""
        self.asked.append(("sign_in", agent, queue))

    async def sign_out(self, agent: AgentId) -> None:
        """Keep the wish."""
        self.asked.append(("sign_out", agent, None))

    async def pause(self, agent: AgentId, reason: str | None) -> None:
        """Keep the wish."""
        if not self.known:
            raise UnknownAgent(f"agent {agent} is not signed in")
        self.asked.append(("pause", agent, reason))


class MemoryDesk:
    """Leads and results in memory."""

    def __init__(self) -> None:
        self.cards: dict[str, LeadCard] = {}
        self.saved: list[WrapUp] = []
        self.unsaved: str | None = None
        self.agents: dict[str, str] = {}
        self.unsettled = 0  # how often a look finds the attempt still open

    async def lead_card(self, call_id: str) -> LeadCard | None:
        """Return the card that was put there."""
        return self.cards.get(call_id)

    async def last_unsaved_call(self, agent: str, since: datetime) -> str | None:
        """Return what was set."""
        return self.unsaved

    async def agent_of_call(self, call_id: str) -> str | None:
        """Return what was set."""
        return self.agents.get(call_id)

    async def save(self, wrap_up: WrapUp) -> bool:
        """Keep it once it is settled."""
        if self.unsettled:
            self.unsettled -= 1
            return False
        self.saved.append(wrap_up)
        return True

    async def callbacks(self, agent: str) -> Sequence[Callback]:
        """Return those that were saved."""
        return [
            Callback(one.call_id, one.callback_at, "Acme", "Wang", "+8613912341234", one.note, True)
            for one in self.saved
            if one.callback_at is not None
        ]

    async def targets(self, organisation: str) -> Targets:
        """Return the same for all."""
        return Targets(200, 20, 7200)


class MemoryPhones:
    """Accounts that Asterisk would know."""

    def __init__(self) -> None:
        self.phones: dict[str, Phone] = {}
        self.failure: Exception | None = None

    async def add(self, endpoint: str, name: str, organisation: str) -> Phone:
        """Make one."""
        if self.failure is not None:
            raise self.failure
        return self.phones.setdefault(endpoint, Phone(endpoint, name, "s" * 32))

    async def find(self, endpoint: str) -> Phone | None:
        """Return it."""
        return self.phones.get(endpoint)


class ActSwitch:
    """Keeps what was to be done."""

    def __init__(self) -> None:
        self.sent: list[Command] = []
        self.failure: Exception | None = None

    async def send(self, command: Command) -> None:
        """Keep it."""
        if self.failure is not None:
            raise self.failure
        self.sent.append(command)


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


EPOCH = datetime(2026, 9, 1, tzinfo=UTC)


def now() -> datetime:
    """Return the time of day."""
    return datetime.now(UTC)


class MemoryCampaigns:
    """Two campaigns that change when told to."""

    def __init__(self) -> None:
        self.by_name = {
            "spring": counters("spring", CampaignStatus.RUNNING),
            "autumn": counters("autumn", CampaignStatus.STOPPED),
        }
        self.asked: list[tuple[str, CampaignStatus, str]] = []

    async def counters(self) -> Sequence[CampaignCounters]:
        """Return both."""
        return list(self.by_name.values())

    async def set_status(
        self, name: CampaignName, status: CampaignStatus, *, by: str
    ) -> CampaignCounters | None:
        """Remember who asked, and do it."""
        self.asked.append((name, status, by))
        if name not in self.by_name:
            return None
        self.by_name[name] = replace(self.by_name[name], status=status)
        return self.by_name[name]


def counters(name: str, status: CampaignStatus) -> CampaignCounters:
    """Make a campaign's counters."""
    return CampaignCounters(
        name=CampaignName(name),
        status=status,
        attempts=100,
        answered=40,
        valid=30,
        effective=8,
        abandoned=1,
        leads_left=560,
        pace=3,
        because="3 agents are ready",
    )


class MemoryReports:
    """Two agents' day."""

    def __init__(self) -> None:
        self.rows = [
            agent_day("agent-1001", "Li Wei", 10, 6, 5, 2, 700.25, 500.5),
            agent_day("agent-1002", "=cmd()", 20, 9, 7, 3, 1200.0, 900.0),
        ]

    async def agent_day(self, day: date, agent: AgentId | None) -> Sequence[AgentDay]:
        """Return the rows, or the one."""
        return [row for row in self.rows if agent in (None, row.agent)]

    zone = "Asia/Shanghai"

    def today(self) -> date:
        """Return the same day always."""
        return date(2026, 11, 22)

    def definitions(self) -> Sequence[Definition]:
        """Return the real ones."""
        return AGENT_DAY


def agent_day(
    agent: str,
    name: str,
    attempts: int,
    answered: int,
    valid: int,
    effective: int,
    talk: float,
    effective_talk: float,
) -> AgentDay:
    """Make a row; talk in seconds."""
    return AgentDay(
        AgentId(agent),
        name,
        attempts,
        answered,
        valid,
        effective,
        timedelta(seconds=talk),
        timedelta(seconds=effective_talk),
    )


class MemoryPictures:
    """A few figures, and one call with a nasty name."""

    def __init__(self) -> None:
        self.wishes: list[PictureWish] = []
        self.company = "=HYPERLINK(1)"

    async def hours(self, wish: PictureWish) -> Sequence[HourCell]:
        """Return one cell."""
        self.wishes.append(wish)
        return [HourCell(1, 9, 10, 4, 1)]

    async def talks(self, wish: PictureWish) -> Sequence[TalkBin]:
        """Return two bins."""
        return [TalkBin(0, 3), TalkBin(180, 1)]

    async def campaigns(self, wish: PictureWish) -> Sequence[CampaignSum]:
        """Return one campaign."""
        return [CampaignSum("spring", 10, 4, 3, 1, 400.5, 180.0)]

    async def calls(
        self,
        wish: PictureWish,
        limit: int,
        weekday: int | None = None,
        hour: int | None = None,
        effective: bool | None = None,
    ) -> Sequence[CallLine]:
        """Return the call."""
        self.wishes.append(wish)
        return [
            CallLine(
                call_id="0b7c1c1e-5d5e-4f8e-9a53-3a6b1f6d2c11",
                dialled_at=EPOCH,
                campaign="spring",
                agent="agent-1001",
                agent_name="Li Wei",
                company=self.company,
                contact="陈经理",
                number="+8613912341234",
                province="浙江",
                direction="outbound",
                network_result="answered",
                agent_disposition="interested",
                note="-1+1",
                ring_seconds=3.2,
                talk_seconds=200.5,
                valid=True,
                effective=True,
                hangup_by="agent",
            )
        ]


class MemoryWhy:
    """One answer."""

    async def campaign(self, name: str) -> Sequence[WhyRow]:
        """Return it for any campaign."""
        return [WhyRow(name, f"campaign {name}", "no", "campaign/paused", None, "it is paused")]

    async def lead(self, text: str) -> Sequence[WhyRow]:
        """Return it for any lead."""
        return [WhyRow("spring", f"lead {text} of spring", "no", "list/done", None, "it is over")]


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
