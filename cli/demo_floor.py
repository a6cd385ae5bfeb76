"""A whole call floor on one machine: Postgres, three Asterisks, robot agents, `callfloor serve`.

Used by `bin/demo` and by the tests of the main job. Everything is real; everything is a direct
child and dies with this process; everything lies in one folder that is removed at the end.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import IO, Self
from urllib.parse import unquote, urlsplit, urlunsplit

from calls.campaign import Campaign, CampaignStatus
from calls.ids import AgentId, CampaignName, QueueName
from calls.outcomes import OUTCOMES, NetworkResult
from cdr_ingest.ledger_copy import skip_ledger
from cli.demo_named import NamedDemo
from config.settings import PREFIX
from config.timeouts import (
    DEMO_SERVICE_POLL_SECONDS,
    DEMO_SERVICE_START_SECONDS,
    DEMO_WRAP_UP_SECONDS,
    LOCAL_PROBE_SECONDS,
)
from crm.lead_import import import_leads
from lab.home import obtain
from lab.lab import Lab, PgTarget
from lab.sample_list import AGENT_NAMES, AMD_CAMPAIGN, MAIN_CAMPAIGN, SampleLead, write_list
from store.accounts import Account, AccountStore, Role
from store.campaigns import CampaignStore
from store.database import Database
from store.embedded import EmbeddedPostgres, free_port
from store.migrate import drop_database, ensure_database, migrate
from store.postgres_keeper import die_with_parent
from web.passwords import hash_password

MAIN_QUEUE = QueueName("callfloor")
AMD_QUEUE = QueueName("callfloor-amd")
RETRY_AFTER = timedelta(seconds=2)
"""The demo does not wait hours for a second try."""
CALLER_ID = "+862155550100"
DATABASE_VARIABLE = f"{PREFIX}DATABASE_URL"
DEFAULT_POSTGRES_PORT = 5432


class DemoError(RuntimeError):
    """The demo cannot go on; the message is for people."""


@dataclass(frozen=True, slots=True)
class DemoPlan:
    """What to play. agents: robot agents, the last of whom sits in the queue with AMD.

    rule: the effective-call rule of its campaigns. drain_seconds: how long a stop lets calls run.
    container_first: docker or podman comes before a Debian tree that is there already.
    """

    leads: Sequence[SampleLead]
    agents: int = 8
    version: str = "22"
    rule: str = "demo-1"
    web_port: int = 0
    ring_seconds: int = 12
    drain_seconds: float = 30.0
    container_first: bool = False


class DemoFloor:
    """Start, steer and stop all of it. Make and use it in the main thread."""

    def __init__(self, plan: DemoPlan, named: NamedDemo | None = None) -> None:
        self.plan = plan
        self.named = named
        self.folder = Path(tempfile.mkdtemp(prefix="callfloor-demo-", dir="/var/tmp"))
        self.folder.chmod(0o755)
        self.postgres = EmbeddedPostgres(self.folder / "postgres", cache=_binaries())
        self._named_url = os.environ.get(DATABASE_VARIABLE, "")
        self._has_named_database = False
        self.supervisor_password = secrets.token_urlsafe(9)
        self.web_port = plan.web_port or free_port()
        self.log_path = self.folder / "service.log"
        self.lab: Lab | None = None
        self._ledger_start = 0
        self._log: IO[bytes] | None = None
        self._service: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pbx_lab(self) -> Lab:
        """The running lab."""
        if self.lab is None:
            raise DemoError("the lab is not started")
        return self.lab

    @property
    def url(self) -> str:
        """Where the pages are."""
        return f"http://127.0.0.1:{self.web_port}"

    @property
    def config_path(self) -> Path:
        """The service's settings file."""
        return self.folder / "callfloor.toml"

    @property
    def database_url(self) -> str:
        """The demo's own database: on the server that the environment names, else embedded."""
        if not self._named_url:
            return self.postgres.url
        named = urlsplit(self._named_url)
        return urlunsplit(named._replace(path=f"{named.path}_{self.folder.name[-8:].lower()}"))

    def start_world(self) -> None:
        """Start Postgres and the three Asterisks."""
        if not self._named_url:
            self.postgres.start()
        ensure_database(self.database_url)
        self._has_named_database = bool(self._named_url)
        migrate(self.database_url)
        target = postgres_target(self.database_url)
        home = obtain(self.plan.version, self.plan.container_first)
        beside = self.named.lab if self.named else None
        self.lab = Lab(self.plan.version, self.plan.agents, 0, target, home=home, named=beside)
        self.lab.start()
        self._write_config()

    @property
    def asterisk_version(self) -> str:
        """Major version of the Asterisk that dials."""
        return self.named.version if self.named else self.pbx_lab.tree.version

    @property
    def ledger(self) -> Path:
        """Its CSV of call events."""
        return self.named.ledger if self.named else self.pbx_lab.pbx.cel_ledger

    def ledger_since_start(self) -> Path:
        """Of a named Asterisk only what it wrote since the demo began: a copy of its tail."""
        if not self._ledger_start:
            return self.ledger
        tail = self.folder / self.ledger.name
        with self.ledger.open("rb") as whole:
            whole.seek(self._ledger_start)
            tail.write_bytes(whole.read())
        return tail

    def _ami_settings(self) -> str:
        if self.named:
            of = self.named.settings
            url, reader, actor = of.ami_url, of.ami_reader, of.ami_actor
            reader_secret = of.ami_reader_secret.get_secret_value()
            actor_secret = of.ami_actor_secret.get_secret_value()
        else:
            pbx = self.pbx_lab.pbx
            url, reader, actor = f"ami://127.0.0.1:{pbx.ami_port}", *list(pbx.logins)[:2]
            reader_secret, actor_secret = pbx.logins[reader].secret, pbx.logins[actor].secret
        given = {"url": url, "reader": reader, "reader_secret": reader_secret}
        given |= {"actor": actor, "actor_secret": actor_secret}
        if not self.named:
            given["keeper_secret"] = self.pbx_lab.pbx.logins["callfloor-keeper"].secret
        # JSON's strings are TOML's basic strings: a quote in a secret breaks nothing.
        return "".join(f"{key} = {json.dumps(value)}\n" for key, value in given.items())

    def _asterisk_settings(self) -> str:
        ledger = f"cel_ledger = {json.dumps(str(self.ledger))}\n"
        if self.named:
            return ledger  # its files are not ours: the pages make no phones there
        phones = self.pbx_lab.pbx.etc_dir / "pjsip_pages.conf"
        return f"{ledger}phones_file = {json.dumps(str(phones))}\n"

    def _sip_url(self) -> str:
        if self.named:
            return ""
        return f'sip_url = "ws://127.0.0.1:{self.pbx_lab.pbx.ports.http}/ws"\n'

    def _write_config(self) -> None:
        text = (
            f'[database]\nurl = "{self.database_url}"\n'
            f"[ami]\n{self._ami_settings()}"
            f"[asterisk]\n{self._asterisk_settings()}"
            f"[web]\nport = {self.web_port}\n"
            f"{self._sip_url()}"
            f"[dialer]\ndrain_seconds = {self.plan.drain_seconds}\n"
        )
        descriptor = os.open(self.config_path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)

    async def seed(self, database: Database) -> None:
        """Make campaigns, agents, accounts and the call lists."""
        if self.named:
            self._ledger_start = await skip_ledger(database, self.ledger)
        campaigns = CampaignStore(database)
        await campaigns.add(self._campaign(MAIN_CAMPAIGN, MAIN_QUEUE, amd="off"))
        await campaigns.add(self._campaign(AMD_CAMPAIGN, AMD_QUEUE, amd="hangup"))
        for number in range(self.plan.agents):
            agent = AgentId(f"agent-{1001 + number}")
            await campaigns.add_agent(agent, AGENT_NAMES[number % len(AGENT_NAMES)])
            is_last = number == self.plan.agents - 1
            await campaigns.sign_in(agent, AMD_QUEUE if is_last else MAIN_QUEUE)
        accounts = AccountStore(database)
        hashed = hash_password(self.supervisor_password)
        await accounts.add(Account("supervisor", Role.SUPERVISOR), hashed)
        await accounts.add(Account("agent", Role.AGENT, AgentId("agent-1001")), hashed)
        await accounts.add(Account("operations", Role.OPERATIONS), hashed)
        for name in (MAIN_CAMPAIGN, AMD_CAMPAIGN):
            path = self.folder / f"{name}.csv"
            if write_list(path, self.plan.leads, name):
                await import_leads(database, name, path)

    def _campaign(self, name: str, queue: QueueName, amd: str) -> Campaign:
        again = {r: RETRY_AFTER for r, row in OUTCOMES.items() if row.retry_after is not None}
        return Campaign(
            campaign_id=0,
            name=CampaignName(name),
            status=CampaignStatus.STOPPED,
            mode="progressive",
            queue=queue,
            trunk="carrier",
            caller_id=CALLER_ID,
            calling_hours="always-1",
            rule_version=self.plan.rule,
            amd=amd,
            ring_seconds=self.plan.ring_seconds,
            wrap_up_seconds=DEMO_WRAP_UP_SECONDS,
            max_tries=2,
            max_tries_per_day=10,
            max_system_errors=2,
            max_lines=50,
            retry_after={**again, NetworkResult.CANCELLED: RETRY_AFTER},
        )

    async def leave(self) -> None:
        """Take the robot agents out of a named Asterisk's queues."""
        if self.named is not None:
            self.stop_service()
            await self.named.leave(self.pbx_lab.agent_interfaces(), (MAIN_QUEUE, AMD_QUEUE))

    # --- the service ---

    def start_service(self) -> None:
        """Start `callfloor serve` and wait until its pages answer."""
        if self._log is None:
            self._log = self.log_path.open("ab")
        self._service = subprocess.Popen(
            [sys.executable, "-m", "cli.main", "--config", str(self.config_path), "serve"],
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            env=_without_settings(os.environ),
            preexec_fn=die_with_parent,
        )
        deadline = time.monotonic() + DEMO_SERVICE_START_SECONDS
        while not self._answers():
            if self._service.poll() is not None or time.monotonic() > deadline:
                raise DemoError(f"callfloor serve did not start:\n{self.log_tail()}")
            time.sleep(DEMO_SERVICE_POLL_SECONDS)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.web_port), LOCAL_PROBE_SECONDS).close()
        except OSError:
            return False
        return True

    @property
    def is_service_alive(self) -> bool:
        """Whether the service runs."""
        return self._service is not None and self._service.poll() is None

    def kill_service(self) -> None:
        """End the service as a crash would: SIGKILL."""
        self._signal_service(signal.SIGKILL)

    def stop_service(self) -> int:
        """Ask the service to finish; return its exit code."""
        return self._signal_service(signal.SIGTERM)

    def _signal_service(self, number: signal.Signals) -> int:
        if self._service is None:
            return 0
        self._service.send_signal(number)
        code = self._service.wait()
        self._service = None
        return code

    def log_tail(self, lines: int = 15) -> str:
        """The last lines of the service's log."""
        text = self.log_path.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def close(self) -> None:
        """Stop everything, drop the database of a named server, and remove the folder."""
        try:
            if self._service is not None:
                self.kill_service()
            if self._log is not None:
                self._log.close()
            if self.lab is not None:
                self.lab.stop()
            if self._has_named_database:
                drop_database(self.database_url)
        finally:
            self.postgres.stop()
            shutil.rmtree(self.folder, ignore_errors=True)


def postgres_target(url: str) -> PgTarget:
    """Return where Asterisk's cel_pgsql finds the database of this URL."""
    parts = urlsplit(url)
    return PgTarget(
        port=parts.port or DEFAULT_POSTGRES_PORT,
        database=parts.path.lstrip("/"),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        host=parts.hostname or "127.0.0.1",
    )


def _without_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """The service of the demo obeys the demo's file, not settings meant for another one."""
    return {name: value for name, value in environment.items() if not name.startswith(PREFIX)}


def _binaries() -> Path:
    """Where the embedded Postgres' binaries are kept between runs."""
    named = os.environ.get("CALLFLOOR_CACHE")
    if named:
        return Path(named) / "postgres"
    root = Path("/var/cache") if os.geteuid() == 0 else Path("~/.cache").expanduser()
    return root / "callfloor" / "postgres"
