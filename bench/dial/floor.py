"""A floor for the benchmark: scratch Postgres, a lab with many agents, one `callfloor serve`."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from ami_bridge.parameters import AmiAddress
from bench._lab import address_of, wide_lab
from bench._scratch import scratch_database
from bench.dial.usage import Usage, usage_of
from calls.campaign import Campaign, CampaignStatus
from calls.ids import AgentId, CampaignName, QueueName
from cli.demo_floor import postgres_target
from lab.ami import AmiSession
from lab.lab import Lab
from store.campaigns import CampaignStore
from store.database import Database
from store.postgres_keeper import die_with_parent

QUEUE = QueueName("callfloor")
RING_SECONDS = 15
_QUERIES = Path(__file__).parent
_READY_SECONDS = 90.0
_POLL_SECONDS = 0.1


@dataclass(slots=True)
class DialFloor:
    """The running floor. agents: how many robot phones answer by themselves."""

    lab: Lab
    url: str
    log: Path
    postgres: Path
    agents: int
    talk_tenths: int = 200

    @property
    def address(self) -> AmiAddress:
        """The PBX."""
        return address_of(self.lab)

    async def add_campaign(
        self, database: Database, name: str, numbers: Sequence[str], max_lines: int
    ) -> None:
        """Make a campaign with its list; it is stopped."""
        await CampaignStore(database).add(
            Campaign(
                campaign_id=0,
                name=CampaignName(name),
                status=CampaignStatus.STOPPED,
                mode="progressive",
                queue=QUEUE,
                trunk="carrier",
                caller_id="",
                calling_hours="always-1",
                rule_version="standard-1",
                amd="off",
                ring_seconds=RING_SECONDS,
                wrap_up_seconds=0,
                max_tries=1,
                max_tries_per_day=1,
                max_system_errors=1,
                max_lines=max_lines,
                retry_after={},
            )
        )
        await database.with_queries(_QUERIES).execute("bench_add_leads", name, list(numbers))

    async def run_list(self, database: Database, name: str, limit_seconds: float) -> None:
        """Dial a list to its end: every lead is over and every attempt has its record."""
        await CampaignStore(database).set_status(name, CampaignStatus.RUNNING)
        queries, done = database.with_queries(_QUERIES), False
        async with asyncio.timeout(limit_seconds):
            while not done:
                await asyncio.sleep(_POLL_SECONDS * 3)
                done = await self._is_over(queries, name)
        await CampaignStore(database).set_status(name, CampaignStatus.STOPPED)

    @staticmethod
    async def _is_over(queries: Database, name: str) -> bool:
        row = await queries.fetch_row("bench_progress", name)
        return row is not None and row["leads"] == row["leads_done"] <= row["recorded"]

    async def sign_in(self, database: Database) -> None:
        """Want every robot in the queue."""
        store = CampaignStore(database)
        for interface in self.lab.agent_interfaces():
            agent = AgentId(interface.removeprefix("PJSIP/"))
            await store.add_agent(agent, agent)
            await store.sign_in(agent, QUEUE)

    def postgres_usage(self) -> Usage:
        """What the database's processes have used."""
        [pid_file] = self.postgres.rglob("postmaster.pid")
        pid = pid_file.read_text("utf-8").splitlines()[0]
        return usage_of(int(pid))

    @asynccontextmanager
    async def service(self) -> AsyncIterator[int]:
        """Run `callfloor serve` until every agent sits in the queue; give its process id."""
        with self.log.open("ab") as log:
            # Not awaited: it must die with this thread, whatever happens.
            child = subprocess.Popen(  # noqa: ASYNC220
                [sys.executable, "-m", "cli.main", "serve"],
                env=self._environment(), stdout=log, stderr=log, preexec_fn=die_with_parent,
            )  # fmt: skip
        try:
            async with asyncio.timeout(_READY_SECONDS):
                # Another process changes it, so no event of ours tells.
                while await asyncio.to_thread(self._members) < self.agents:  # noqa: ASYNC110
                    await asyncio.sleep(_POLL_SECONDS * 5)
            yield child.pid
        finally:
            child.terminate()
            await asyncio.to_thread(child.wait)

    def _members(self) -> int:
        with AmiSession(self.lab.pbx, "callfloor-reader", events=False) as session:
            items = session.listing("QueueStatus", Queue=QUEUE)
        return sum(item.get("Event") == "QueueMember" for item in items)

    def _environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
        pbx = self.lab.pbx
        return kept | {
            "CALLFLOOR_DATABASE_URL": self.url,
            "CALLFLOOR_AMI_URL": f"ami://127.0.0.1:{pbx.ami_port}",
            "CALLFLOOR_AMI_READER_SECRET": pbx.logins["callfloor-reader"].secret,
            "CALLFLOOR_AMI_ACTOR_SECRET": pbx.logins["callfloor-actor"].secret,
            "CALLFLOOR_ASTERISK_CEL_LEDGER": str(pbx.cel_ledger),
            "CALLFLOOR_WEB_PORT": "0",
            "CALLFLOOR_DIALER_DRAIN_SECONDS": "5",
        }


@contextmanager
def dial_floor(agents: int, version: str) -> Iterator[DialFloor]:
    """Start Postgres and the lab."""
    with scratch_database() as scratch:
        target = postgres_target(scratch.url)
        with wide_lab(agents, version, target) as lab:
            log, postgres = scratch.folder / "service.log", scratch.folder / "postgres"
            yield DialFloor(lab, scratch.url, log, postgres, agents)
