"""One call list, one scripted Asterisk, and services that are killed while they dial it."""

import asyncio
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from calls.campaign import Campaign, CampaignStatus
from calls.ids import AgentId, CampaignName, QueueName
from calls.outcomes import NetworkResult
from config.failpoints import VARIABLE
from store.campaigns import CampaignStore
from store.database import Database
from tests.fakes.calling_asterisk import QUEUE, CallingAsterisk
from tests.fakes.scripted_asterisk import scripted_asterisk
from tests.sql import TEST_QUERIES

SECRET = "s3cret"  # noqa: S105 - of a scripted server on loopback
CAMPAIGN = Campaign(
    campaign_id=0,
    name=CampaignName("crash"),
    status=CampaignStatus.RUNNING,
    mode="progressive",
    queue=QueueName(QUEUE),
    trunk="carrier",
    caller_id="",
    calling_hours="always-1",
    rule_version="standard-1",
    amd="off",
    ring_seconds=1,
    wrap_up_seconds=0,
    max_tries=1,
    max_tries_per_day=1,
    max_system_errors=1000,
    max_lines=50,
    # A lead whose Originate was never sent is dialled again at once, not after five minutes.
    retry_after={NetworkResult.SYSTEM_ERROR: timedelta(seconds=1)},
)


@dataclass(frozen=True)
class Outcome:
    """What is true when the list is done; all but the first three should be 0."""

    leads: int
    attempts: int
    answered: int
    dialled_twice: int
    never_dialled: int
    leads_stuck: int
    attempts_open: int
    calls_without_record: int
    records_that_differ: int

    @property
    def faults(self) -> int:
        """How much is wrong."""
        return (
            self.dialled_twice + self.never_dialled + self.leads_stuck + self.attempts_open
            + self.calls_without_record + self.records_that_differ
        )  # fmt: skip


class CrashFloor:
    """Starts services and kills them; Asterisk and Postgres live on."""

    def __init__(self, url: str, database: Database, asterisk: CallingAsterisk, log: Path) -> None:
        self.database = database
        self.asterisk = asterisk
        self._url = url
        self._log = log
        self._services: list[asyncio.subprocess.Process] = []

    async def seed(self, leads: int) -> None:
        """Make campaign, leads and agents, and start."""
        store = CampaignStore(self.database)
        await store.add(CAMPAIGN)
        queries = self.database.with_queries(TEST_QUERIES)
        for number in range(leads):
            phone = f"+8613920{number // 10:05d}{number % 10}"
            await queries.execute("test_add_lead", CAMPAIGN.name, phone, "Asia/Shanghai")
        for agent in self.asterisk.agents:
            await store.add_agent(AgentId(agent), agent)
            await store.sign_in(AgentId(agent), QueueName(QUEUE))
        await store.set_status(CAMPAIGN.name, CampaignStatus.RUNNING)

    async def start_service(self, *options: str, failpoint: str = "") -> asyncio.subprocess.Process:
        """Start one `callfloor serve`."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
        ours = {
            "CALLFLOOR_DATABASE_URL": self._url,
            "CALLFLOOR_AMI_URL": f"ami://127.0.0.1:{self.asterisk.port}",
            "CALLFLOOR_AMI_READER_SECRET": SECRET,
            "CALLFLOOR_AMI_ACTOR_SECRET": SECRET,
            "CALLFLOOR_WEB_PORT": "0",
            "CALLFLOOR_DIALER_DRAIN_SECONDS": "5",
            VARIABLE: failpoint,
        }
        with self._log.open("ab") as log:
            service = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "cli.main", "serve", *options, env=kept | ours,
                stdout=log, stderr=log,
            )  # fmt: skip
        self._services.append(service)
        return service

    async def kill_all(self) -> None:
        """Leave no service behind."""
        for service in self._services:
            if service.returncode is None:
                service.kill()
            await service.wait()

    def log_tail(self) -> str:
        """Return the last lines that services logged."""
        return "\n".join(self._log.read_text("utf-8", "replace").splitlines()[-30:])

    async def leads_left(self) -> int:
        """Count the leads that are not done."""
        campaign = await CampaignStore(self.database).campaign(CAMPAIGN.name)
        return (await CampaignStore(self.database).leads_left(campaign.campaign_id)).open

    async def finish(self, limit_seconds: float = 120.0) -> None:
        """Let one service end the list in peace."""
        service = await self.start_service()
        try:
            async with asyncio.timeout(limit_seconds):
                # What changes it is another process, so no event of ours tells.
                while await self.leads_left() or await self._unrecorded():  # noqa: ASYNC110
                    await asyncio.sleep(0.2)
        finally:
            service.terminate()
            await service.wait()

    async def _unrecorded(self) -> int:
        await self.asterisk.finish()
        return len(self.asterisk.played) - len(await self._records())

    async def _records(self) -> dict[str, bool]:
        rows = await self.database.with_queries(TEST_QUERIES).fetch("test_call_answers")
        return {row["call_id"]: row["answered"] for row in rows}

    async def outcome(self) -> Outcome:
        """Count everything."""
        played = self.asterisk.played
        records = await self._records()
        queries = self.database.with_queries(TEST_QUERIES)
        leads: int = await queries.fetch_value("test_count_leads")
        times = Counter(call.number for call in played)
        differ = sum(records.get(c.attempt, c.was_answered) != c.was_answered for c in played)
        return Outcome(
            leads=leads,
            attempts=len(played),
            answered=sum(call.was_answered for call in played),
            dialled_twice=sum(count - 1 for count in times.values()),
            never_dialled=leads - len(times),
            leads_stuck=await self.leads_left(),
            attempts_open=await queries.fetch_value("test_count_open_attempts"),
            calls_without_record=sum(call.attempt not in records for call in played),
            records_that_differ=differ + len(records.keys() - {call.attempt for call in played}),
        )


@asynccontextmanager
async def crash_floor(url: str, log: Path, agents: int = 4) -> AsyncIterator[CrashFloor]:
    """Make a floor on a migrated, empty database."""
    database = await Database.open(url, max_connections=8)
    names = tuple(f"agent-{n}" for n in range(1001, 1001 + agents))
    script = CallingAsterisk(secret=SECRET, database=database, agents=names)
    async with scripted_asterisk(script):
        floor = CrashFloor(url, database, script, log)
        try:
            yield floor
        finally:
            await floor.kill_all()
            await script.finish()
            await database.close()
