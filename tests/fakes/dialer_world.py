"""A dialer, its settler and its rescuer, and everything around them in memory."""

import asyncio
from datetime import datetime

from calls import facts
from calls.attempt import PlannedAttempt
from calls.campaign import Campaign, CampaignStatus
from calls.ids import AgentId, AttemptId, CampaignName, LeadId, QueueName
from dialer.calling_profiles import find_profile
from dialer.law import NO_HOLIDAYS_KNOWN
from dialer.live_floor import LiveFloor
from dialer.loop import Dialer
from dialer.manual import ManualDialer
from dialer.own_calls import OwnCalls
from dialer.pace_journals import PaceJournals
from dialer.rescuer import Rescuer
from dialer.rule_book import RuleBook
from dialer.settler import Settler
from tests.fakes.clock import T0, ManualClock
from tests.fakes.memory_asked import MemoryAskedCalls, MemoryCallbacks
from tests.fakes.memory_attempts import MemoryAttempts
from tests.fakes.memory_records import MemoryRecords
from tests.fakes.memory_switch import MemorySwitch
from tests.fakes.memory_wishes import MemoryWishes

QUEUE = QueueName("callfloor")
CAMPAIGN = Campaign(
    campaign_id=1,
    name=CampaignName("demo"),
    status=CampaignStatus.RUNNING,
    mode="progressive",
    queue=QUEUE,
    trunk="carrier",
    caller_id="",
    calling_hours="always-1",
    rule_version="standard-1",
    amd="off",
    ring_seconds=20,
    wrap_up_seconds=2,
    max_tries=2,
    max_tries_per_day=2,
    max_system_errors=10,
    max_lines=10,
    retry_after={},
)


def plan_of(lead: int, now: datetime = T0) -> PlannedAttempt:
    """An attempt as an earlier run may have saved it."""
    return PlannedAttempt(
        attempt=AttemptId(f"00000000-0000-4000-8000-{lead:012d}"),
        lead=LeadId(lead),
        campaign=CAMPAIGN.name,
        queue=QUEUE,
        number=f"+8613910000{lead:03d}",
        trunk="carrier",
        caller_id="",
        ring_seconds=20,
        planned_at=now,
    )


_NO_JOURNALS = PaceJournals(None)


class World:
    """The dialer under test. leads: ready ones. agents: those that a snapshot shows."""

    def __init__(
        self, leads: int = 5, agents: int = 2, journals: PaceJournals = _NO_JOURNALS
    ) -> None:
        self.clock = ManualClock()
        self.switch = MemorySwitch()
        self.attempts = MemoryAttempts()
        for number in range(1, leads + 1):
            self.add_lead(number)
        self.records = MemoryRecords()
        self.wishes = MemoryWishes([CAMPAIGN])
        self.live = LiveFloor()
        self.settler = Settler(self.attempts, self.clock)
        self.dialer = Dialer(
            self.switch, self.attempts, self.wishes, self.live, self.settler, self.clock,
            journals=journals,
        )  # fmt: skip
        self.rescuer = Rescuer(self.dialer.state, self.live, self.records, self.settler, self.clock)
        self.agents = agents
        self.callbacks = MemoryCallbacks(self.attempts)
        self.asked = MemoryAskedCalls(self.attempts, self.callbacks)
        self.pauses: list[tuple[str, str | None]] = []

        self.manual, self.own = self.with_own_calls()
        self.dialer.helpers = None  # until a test wants it

    def with_own_calls(self) -> tuple[ManualDialer, OwnCalls]:
        """Let agents ask for calls, too."""
        rule_book = RuleBook(self.attempts, lambda zones, now: NO_HOLIDAYS_KNOWN, find_profile)
        manual = ManualDialer(
            self.dialer, self.asked, rule_book, self.switch, self.live, self.clock
        )
        own = OwnCalls(
            self.dialer, manual, self.asked, self.callbacks, self.attempts, rule_book, self,
            self.live, self.clock,
        )  # fmt: skip
        return manual, own

    async def pause(self, agent: AgentId, reason: str | None) -> None:
        """Keep the wish that a seat be paused."""
        self.pauses.append((agent, reason))

    def add_lead(self, number: int, zone: str = "Asia/Shanghai") -> None:
        self.attempts.add_lead(CAMPAIGN.name, f"+8613910000{number:03d}", zone)

    def snapshot(self, *channels: facts.ChannelSeen, started_at: datetime = T0) -> None:
        seats = tuple(
            facts.AgentSeen(AgentId(f"agent-{n}"), QUEUE, "", False, "", False, True)
            for n in range(self.agents)
        )
        self.live.apply(facts.SnapshotTaken(self.clock.now(), started_at, channels, seats))

    async def tick(self) -> None:
        await self.dialer.tick()
        await asyncio.sleep(0)
        await asyncio.sleep(0)

    async def settle(self) -> None:
        saving = asyncio.create_task(self.settler.run())
        await self.settler.drain()
        saving.cancel()
