"""A real Chromium on the real application, a real Postgres, and a floor fed by the tests."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Generator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import gettempdir
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Playwright, async_playwright, expect
from psycopg import sql

from calls.ids import AgentId
from cli.reports_port import ReportsPort
from store.accounts import Account, AccountStore, Role
from store.audit import AuditStore
from store.call_list import CallListStore
from store.database import Database
from store.desk import DeskStore
from store.organisations import OrganisationStore
from store.pictures import PictureStore
from store.recordings import RecordingStore
from store.scripts import ScriptStore
from tests.fakes.web_accounts import PASSWORD_HASH, QUICK_HASHER
from tests.fakes.web_desks import ActSwitch, MemoryPhones, MemorySeats
from tests.fakes.web_dialing import MemoryDialing
from tests.fakes.web_figures import MemoryCampaigns, MemoryLines, MemoryWhy
from tests.fakes.web_services import MemoryHealth, ScriptedFloor
from web.app import serving
from web.ports import WebServices
from web.settings import WebSettings

ROOT = Path(__file__).parents[2]
# Two cores may run four whole floors at once: a page that is slow then is not wrong.
expect.set_options(timeout=20_000)
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
TIME_ZONE = "Asia/Shanghai"
WAIT_MS = 5000
FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def built_pages() -> None:
    """The pages as their sources are now."""
    done = subprocess.run([ROOT / "bin" / "build-pages"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="session")
def browser_database_url(postgres_url: str, template_url: str) -> Iterator[str]:
    """One migrated database for all tests here; `site` empties what they write."""
    name, template = "test_browser", urlsplit(template_url).path.lstrip("/")
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        copy = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)
        connection.execute(copy.format(sql.Identifier(name), sql.Identifier(template)))
        yield urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
        connection.execute(drop)


def chromium_path() -> str:
    """Where Chromium is; a failure, never a skip, where there is none."""
    named = os.environ.get("CALLFLOOR_TEST_CHROMIUM")
    found = named or shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "no Chromium here: install it, or deselect these tests by -m 'not browser'"
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def playwright() -> AsyncIterator[Playwright]:
    """What starts browsers."""
    async with async_playwright() as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(playwright: Playwright) -> AsyncIterator[Browser]:
    """One Chromium for all tests."""
    chromium = await playwright.chromium.launch(
        executable_path=chromium_path(), args=list(CHROMIUM_FLAGS)
    )
    yield chromium
    await chromium.close()


@dataclass
class Site:
    """The running application, and what it stands on."""

    database_url: str
    services: WebServices
    floor: ScriptedFloor
    campaigns: MemoryCampaigns
    settings: WebSettings = field(
        default_factory=lambda: WebSettings(port=0, session_recheck_seconds=0.5)
    )
    address: str = ""
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self) -> None:
        """Serve; after a stop, at the same address again."""
        running = serving(self.services, self.settings, hasher=QUICK_HASHER)
        self.address = await self._running.enter_async_context(running)
        self.settings = replace(self.settings, port=urlsplit(self.address).port or 0)

    async def stop(self) -> None:
        """Be gone."""
        await self._running.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def site(browser_database_url: str, built_pages: None) -> AsyncIterator[Site]:
    """The application with an account for a supervisor and for an agent."""
    database_url = browser_database_url
    with psycopg.connect(database_url) as connection:
        connection.execute("TRUNCATE account, web_session, agent, call, call_agent CASCADE")
        connection.execute("INSERT INTO agent (agent_id, name) VALUES ('agent-1001', 'Li Wei')")
    database = await Database.open(database_url, max_connections=3)
    accounts = AccountStore(database)
    await accounts.add(Account("supervisor", Role.SUPERVISOR), PASSWORD_HASH)
    await accounts.add(Account("li.wei", Role.AGENT, AgentId("agent-1001")), PASSWORD_HASH)
    floor, campaigns = ScriptedFloor(), MemoryCampaigns()
    floor.know()
    reports = ReportsPort(database, TIME_ZONE)
    services = WebServices(
        accounts,
        floor,
        campaigns,
        reports,
        MemoryHealth(),
        AuditStore(database),
        OrganisationStore(database),
        MemorySeats(),
        DeskStore(database),
        MemoryPhones(),
        ActSwitch(),
        PictureStore(database),
        MemoryWhy(),
        MemoryDialing(),
        MemoryLines(),
        RecordingStore(database),
        CallListStore(database),
        ScriptStore(database),
    )
    running = Site(database_url, services, floor, campaigns)
    await running.start()
    yield running
    await running.stop()
    await database.close()


@dataclass
class Console:
    """What a page complained of. expected: parts of complaints that a test provokes."""

    complaints: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Keep errors, warnings and uncaught exceptions."""
        page.on(
            "console",
            lambda line: (
                self.complaints.append(line.text) if line.type in ("error", "warning") else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def unexpected(self) -> list[str]:
        """Return what no test asked for."""
        return [c for c in self.complaints if not any(part in c for part in self.expected)]


@pytest.fixture
def console() -> Iterator[Console]:
    """The page's console; the test fails if it has to complain."""
    kept = Console()
    yield kept
    assert kept.unexpected() == []


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    """A fresh English browser profile."""
    opened = await browser.new_context(
        locale="en-US", timezone_id=TIME_ZONE, viewport={"width": 1440, "height": 900}
    )
    opened.set_default_timeout(WAIT_MS)
    yield opened
    await opened.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(
    context: BrowserContext, site: Site, console: Console, request: pytest.FixtureRequest
) -> AsyncIterator[Page]:
    """An open page at the sign-in; how it looked when its test failed is kept in a file."""
    strangers: list[str] = []
    opened = await context.new_page()
    console.watch(opened)
    opened.on(
        "request",
        lambda sent: None if sent.url.startswith(site.address) else strangers.append(sent.url),
    )
    await opened.goto(site.address)
    yield opened
    if request.node.stash.get(FAILED, False):
        path = Path(gettempdir()) / f"callfloor-{request.node.name}.png"
        await opened.screenshot(path=path)
        print(f"the page as it was: {path}")
    # Gone before the server goes, so that nothing tries to reconnect meanwhile.
    await opened.close()
    assert strangers == []  # no font, script or count of visits comes from elsewhere


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Let the page fixture know whether its test failed."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
