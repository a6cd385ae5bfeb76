"""Two lanes over one set of leads in memory, on any two Asterisks."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress

from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.switch import AsteriskSwitch
from calls.campaign import Campaign
from calls.ids import AgentId
from cli.lanes import Lane, Lanes, Shared
from dialer.caller_id_desk import CallerIdDesk, NoPools
from dialer.calling_profiles import find_profile
from dialer.law import NO_HOLIDAYS_KNOWN
from dialer.live_floor import LiveFloor
from dialer.pace_journals import PaceJournals
from dialer.ports import Clock
from dialer.rule_book import RuleBook
from tests.fakes.memory_asked import MemoryAskedCalls, MemoryCallbacks
from tests.fakes.memory_attempts import MemoryAttempts
from tests.fakes.memory_records import MemoryRecords
from tests.fakes.memory_wishes import MemoryWishes
from tests.fakes.started_switch import eventually


class _Nobody:
    """No seat is ever paused: these tests show no leads."""

    async def pause(self, agent: AgentId, reason: str | None) -> None:
        raise AssertionError(agent)


class TwoLanes:
    """`main` dials the first campaign's trunk and whatever is not the second's; `north` that."""

    def __init__(
        self,
        addresses: tuple[AmiAddress, AmiAddress],
        campaigns: tuple[Campaign, Campaign],
        clock: Clock,
        timeouts: AmiTimeouts | None = None,
    ) -> None:
        self.attempts, self.wishes = MemoryAttempts(), MemoryWishes(list(campaigns))
        callbacks = MemoryCallbacks(self.attempts)
        shared = Shared(
            attempts=self.attempts,
            wishes=self.wishes,
            pauses=_Nobody(),
            asked=MemoryAskedCalls(self.attempts, callbacks),
            callbacks=callbacks,
            records=MemoryRecords(),
            abandonments=None,
            clock=clock,
            holidays=lambda zones, now: NO_HOLIDAYS_KNOWN,
            find_pack=find_profile,
            journals=PaceJournals(None),
            rule_book=RuleBook(self.attempts, lambda zones, now: NO_HOLIDAYS_KNOWN, find_profile),
            caller_ids=CallerIdDesk(NoPools(), clock.now),
        )
        there = campaigns[1].trunk
        switches = [
            AsteriskSwitch(address, name=name, timeouts=timeouts)
            for address, name in zip(addresses, ("main", "north"), strict=True)
        ]
        self.main = Lane(switches[0], LiveFloor(), shared, lambda trunk: trunk != there)
        self.north = Lane(switches[1], LiveFloor(), shared, frozenset({there}).__contains__)
        self.lanes = Lanes([self.main, self.north])

    def add_leads(self, campaign: Campaign, numbers: Sequence[str]) -> None:
        for number in numbers:
            self.attempts.add_lead(campaign.name, number, "Asia/Shanghai")

    async def tick(self) -> None:
        for lane in self.lanes.all:
            await lane.dialer.tick()


@asynccontextmanager
async def running(lane: Lane) -> AsyncIterator[None]:
    """Link the lane and let it follow the facts; nothing else of it runs by itself."""
    await lane.switch.start()
    following = asyncio.create_task(lane.dialer.follow())
    await eventually(lambda: lane.live.floor.is_known)
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await lane.switch.close()
