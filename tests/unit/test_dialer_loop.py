"""The dialer's loop against ports in memory: what it promises when things go wrong."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from calls import facts
from calls.attempt import (
    LeadCandidate,
    LeadHistory,
    LeadOutcome,
    PlannedAttempt,
    Settlement,
    Verdict,
)
from calls.campaign import Campaign, CampaignStatus
from calls.commands import Command, PlaceCall
from calls.ids import AgentId, AttemptId, CallId, CampaignName, ChannelId, LeadId, QueueName
from calls.outcomes import NetworkResult
from calls.switch import ActionRefused, ActionUncertain, LinkDown
from dialer.live_floor import LiveFloor
from dialer.loop import Dialer
from dialer.rescuer import Rescuer
from dialer.settler import Settler
from store.errors import DatabaseUnreachable

T0 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
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


@dataclass
class ManualClock:
    """Time that moves only when the test says so; sleeping gives way once."""

    time: datetime = T0

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)


@dataclass
class FakeSwitch:
    """Remembers what it was told; `error` is raised by the next `place`."""

    placed: list[PlaceCall] = field(default_factory=list)
    error: Exception | None = None
    can_place: bool = True
    queue: asyncio.Queue[facts.Fact] = field(default_factory=asyncio.Queue)

    async def place(self, command: PlaceCall) -> None:
        self.placed.append(command)
        if self.error is not None:
            raise self.error

    async def send(self, command: Command) -> None:
        raise AssertionError(f"not expected: {command}")

    async def facts(self) -> AsyncIterator[facts.Fact]:
        while True:
            yield await self.queue.get()


@dataclass
class FakeAttempts:
    """Leads and attempts in memory. `away`: Postgres does not answer."""

    leads: list[LeadCandidate] = field(default_factory=list)
    open: dict[AttemptId, PlannedAttempt] = field(default_factory=dict)
    settled: list[Settlement] = field(default_factory=list)
    outcomes: list[LeadOutcome] = field(default_factory=list)
    away: bool = False
    loses_answer: bool = False

    def _check(self) -> None:
        if self.away:
            raise DatabaseUnreachable("away")

    async def promote(self, campaign: Campaign, now: datetime) -> None:
        self._check()

    async def zones(self, campaign: Campaign) -> list[str]:
        self._check()
        return sorted({lead.time_zone for lead in self.leads})

    async def plan(
        self,
        campaign: Campaign,
        zones: Sequence[str],
        lines: int,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
    ) -> list[PlannedAttempt]:
        self._check()
        planned = []
        for lead in [lead for lead in self.leads if lead.time_zone in zones][:lines]:
            self.leads.remove(lead)
            if judge(lead).allowed:
                planned.append(plan_of(lead.lead, now))
        self.open |= {one.attempt: one for one in planned}
        if self.loses_answer:
            raise DatabaseUnreachable("the answer to the commit was lost")
        return planned

    async def open_attempts(self) -> list[PlannedAttempt]:
        self._check()
        return list(self.open.values())

    async def mark_cancelled(self, attempt: AttemptId, now: datetime) -> None:
        self._check()

    async def settle(
        self, end: Settlement, now: datetime, decide: Callable[[LeadHistory], LeadOutcome]
    ) -> bool:
        self._check()
        if end.attempt not in self.open:
            return False
        outcome = decide(LeadHistory(tries=0, in_a_row=1))
        del self.open[end.attempt]
        self.settled.append(end)
        self.outcomes.append(outcome)
        return True


@dataclass
class FakeWishes:
    wanted: list[Campaign] = field(default_factory=lambda: [CAMPAIGN])

    async def campaigns(self) -> list[Campaign]:
        return self.wanted

    async def seats(self) -> Sequence[object]:
        return []


@dataclass
class FakeRecords:
    known: list[Settlement] = field(default_factory=list)
    traces: set[AttemptId] = field(default_factory=set)

    async def settlements(self, attempts: Collection[AttemptId]) -> list[Settlement]:
        return [end for end in self.known if end.attempt in attempts]

    async def touched(self, attempts: Collection[AttemptId]) -> frozenset[AttemptId]:
        return frozenset(self.traces & set(attempts))


def plan_of(lead: int, now: datetime = T0) -> PlannedAttempt:
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


def lead(number: int, zone: str = "Asia/Shanghai") -> LeadCandidate:
    return LeadCandidate(LeadId(number), f"+8613910000{number:03d}", zone, 0, (), False, None, None)


class World:
    """A dialer, its rescuer, and everything around them in memory."""

    def __init__(self, leads: int = 5, agents: int = 2) -> None:
        self.clock = ManualClock()
        self.switch = FakeSwitch()
        self.attempts = FakeAttempts([lead(n) for n in range(1, leads + 1)])
        self.records = FakeRecords()
        self.wishes = FakeWishes()
        self.live = LiveFloor()
        self.settler = Settler(self.attempts, self.clock)
        self.dialer = Dialer(
            self.switch,
            self.attempts,
            self.wishes,  # type: ignore[arg-type] # seats() is not used here
            self.live,
            self.settler,
            self.clock,
        )
        self.rescuer = Rescuer(self.dialer.state, self.live, self.records, self.settler, self.clock)
        self.agents = agents

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


async def test_each_free_agent_gets_one_line_and_no_more() -> None:
    world = World(leads=5, agents=2)
    world.snapshot()

    await world.tick()
    await world.tick()

    assert len(world.switch.placed) == 2
    assert world.dialer.state.paces[CAMPAIGN.name].because == (
        "each of 2 free agents has a line on the way"
    )


async def test_the_attempt_is_saved_before_its_originate() -> None:
    world = World()
    world.snapshot()

    await world.tick()

    assert {command.attempt for command in world.switch.placed} <= set(world.attempts.open)


async def test_nothing_is_dialled_while_the_floor_is_not_known() -> None:
    world = World()
    await world.tick()
    assert world.switch.placed == []

    world.snapshot()
    world.live.apply(facts.LinkLost(world.clock.now(), "gone"))
    await world.tick()

    assert world.switch.placed == []
    assert "not known" in world.dialer.state.paces[CAMPAIGN.name].because


@pytest.mark.parametrize("status", [CampaignStatus.PAUSED, CampaignStatus.STOPPED])
async def test_a_campaign_that_does_not_run_dials_nothing(status: CampaignStatus) -> None:
    world = World()
    world.wishes.wanted = [replace(CAMPAIGN, status=status)]
    world.snapshot()

    await world.tick()

    assert world.switch.placed == []


async def test_a_lead_without_a_time_zone_is_never_dialled() -> None:
    world = World()
    world.attempts.leads = [lead(1, zone="")]
    world.snapshot()

    await world.tick()

    assert world.switch.placed == []


@pytest.mark.parametrize("error", [ActionRefused("Originate", "no"), LinkDown("down")])
async def test_an_originate_that_surely_failed_costs_no_try(error: Exception) -> None:
    world = World(leads=1)
    world.switch.error = error
    world.snapshot()

    await world.tick()
    await world.settle()

    [end] = world.attempts.settled
    assert (end.by, end.result) == ("never_sent", NetworkResult.SYSTEM_ERROR)
    assert not world.attempts.outcomes[0].uses_up_try


@pytest.mark.parametrize("error", [ActionRefused("Originate", "no"), LinkDown("down")])
async def test_a_refusal_does_not_burn_the_list(error: Exception) -> None:
    world = World(leads=5, agents=1)
    world.switch.error = error
    world.snapshot()

    for _ in range(10):
        await world.tick()
        await world.settle()

    assert len(world.switch.placed) == 1
    world.clock.time += timedelta(seconds=10)
    await world.tick()
    assert len(world.switch.placed) == 2


async def test_nothing_is_planned_while_no_call_can_be_placed() -> None:
    world = World(leads=5)
    world.switch.can_place = False
    world.snapshot()

    await world.tick()

    assert (world.switch.placed, world.attempts.open) == ([], {})
    assert "no link" in world.dialer.state.paces[CAMPAIGN.name].because


async def test_a_call_that_was_seen_is_never_taken_for_unsent() -> None:
    """Talked for minutes, a blip of the link, and no record: it must not be dialled again."""
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.open = {planned.attempt: planned}
    world.snapshot()
    await world.tick()
    channel = ChannelId(planned.attempt)
    world.live.apply(facts.ChannelStarted(T0, channel, CallId(channel), "carrier", "1"))
    world.live.apply(facts.ChannelAnswered(T0, channel))
    world.clock.time += timedelta(minutes=5)
    world.live.apply(facts.LinkLost(world.clock.now(), "blip"))
    world.snapshot(facts.ChannelSeen(channel, CallId(channel), "carrier", "1", 6, None, 300.0))
    world.live.apply(facts.ChannelEnded(world.clock.now(), channel, 16))

    await world.rescuer.look()
    assert planned.attempt in world.dialer.state.open

    world.clock.time += timedelta(minutes=6)
    await world.rescuer.look()
    await world.settle()

    [end] = world.attempts.settled
    assert (end.by, end.result) == ("floor", NetworkResult.ANSWERED)


async def test_a_call_that_came_back_while_the_records_were_asked_goes_on() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.open = {planned.attempt: planned}
    world.snapshot()
    await world.tick()
    world.clock.time += timedelta(minutes=5)
    channel = ChannelId(planned.attempt)

    async def settlements(attempts: Collection[AttemptId]) -> list[Settlement]:
        world.live.apply(facts.ChannelStarted(T0, channel, CallId(channel), "carrier", "1"))
        return []

    world.records.settlements = settlements  # type: ignore[method-assign] # the race itself
    await world.rescuer.look()

    assert planned.attempt in world.dialer.state.open
    assert world.attempts.settled == []


async def test_an_end_that_cannot_be_saved_does_not_hold_up_the_others() -> None:
    world = World(leads=0)
    bad, good = plan_of(7), plan_of(8)
    world.attempts.open = {bad.attempt: bad, good.attempt: good}
    world.settler.campaigns = {CAMPAIGN.name: CAMPAIGN}
    world.settler.put(
        CampaignName("gone"), Settlement(bad.attempt, "floor", NetworkResult.BUSY, T0)
    )
    world.settler.put(CAMPAIGN.name, Settlement(good.attempt, "floor", NetworkResult.BUSY, T0))

    await world.settle()

    assert [end.attempt for end in world.attempts.settled] == [good.attempt]
    assert world.settler.has_dropped


async def test_an_uncertain_originate_is_neither_repeated_nor_given_up() -> None:
    world = World(leads=1)
    world.switch.error = ActionUncertain("no answer")
    world.snapshot()

    await world.tick()
    for _ in range(20):
        await world.tick()

    assert len(world.switch.placed) == 1
    assert world.attempts.settled == []


async def test_a_finished_call_is_settled_by_what_was_seen() -> None:
    world = World(leads=1)
    world.snapshot()
    await world.tick()
    channel = ChannelId(world.switch.placed[0].attempt)
    world.live.apply(
        facts.ChannelStarted(world.clock.now(), channel, CallId(channel), "carrier", "1")
    )
    world.live.apply(facts.ChannelEnded(world.clock.now(), channel, 17))
    await world.settle()

    [end] = world.attempts.settled
    assert (end.by, end.result, end.cause) == ("floor", NetworkResult.BUSY, 17)
    assert world.dialer.state.open == {}


async def test_after_a_crash_open_attempts_are_adopted_not_dialled_again() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.open = {planned.attempt: planned}
    channel = ChannelId(planned.attempt)
    world.snapshot(
        facts.ChannelSeen(channel, CallId(channel), "carrier", planned.number, 5, None, 3.0)
    )

    await world.tick()

    [call] = world.live.floor.calls
    assert (call.campaign, call.attempt) == (CAMPAIGN.name, planned.attempt)
    assert world.switch.placed == []


async def test_a_call_that_ended_unseen_is_settled_from_the_records() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.open = {planned.attempt: planned}
    world.records.known = [
        Settlement(planned.attempt, "records", NetworkResult.REJECTED, T0, cause=21)
    ]
    world.snapshot()
    await world.tick()

    await world.rescuer.look()
    assert world.attempts.settled == []  # too young: Asterisk may just be about to show it

    world.clock.time += timedelta(seconds=11)
    await world.rescuer.look()
    await world.settle()

    assert [end.by for end in world.attempts.settled] == ["records"]
    assert world.live.floor.calls == ()


async def test_an_attempt_without_any_trace_was_never_sent() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.open = {planned.attempt: planned}
    world.snapshot()
    await world.tick()

    world.clock.time += timedelta(seconds=30 + 20 - 1)
    await world.rescuer.look()
    assert world.dialer.state.open != {}

    world.clock.time += timedelta(seconds=1)
    await world.rescuer.look()
    await world.settle()

    assert [end.by for end in world.attempts.settled] == ["never_sent"]


async def test_an_attempt_with_a_trace_waits_for_its_record() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.open = {planned.attempt: planned}
    world.records.traces = {planned.attempt}
    world.snapshot()
    await world.tick()

    world.clock.time += timedelta(hours=1)
    await world.rescuer.look()

    assert world.dialer.state.open != {}


async def test_while_postgres_is_away_an_end_is_kept_until_it_is_saved() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.open = {planned.attempt: planned}
    world.attempts.away = True
    world.settler.campaigns = {CAMPAIGN.name: CAMPAIGN}
    world.settler.put(
        CAMPAIGN.name, Settlement(planned.attempt, "floor", NetworkResult.BUSY, T0, cause=17)
    )
    saving = asyncio.create_task(world.settler.run())
    for _ in range(5):
        await asyncio.sleep(0)
    assert world.settler.waiting == {planned.attempt}

    world.attempts.away = False
    await world.settler.drain()
    saving.cancel()

    assert [end.attempt for end in world.attempts.settled] == [planned.attempt]


async def test_a_commit_whose_answer_was_lost_is_found_again() -> None:
    world = World(leads=1)
    world.snapshot()
    world.attempts.loses_answer = True
    ticking = asyncio.create_task(world.dialer.tick_for_ever())
    for _ in range(10):
        await asyncio.sleep(0)
    ticking.cancel()

    assert set(world.dialer.state.open) == set(world.attempts.open)
    assert world.switch.placed == []


async def test_a_stopping_dialer_dials_nothing_and_waits_for_its_calls() -> None:
    world = World(leads=5)
    world.snapshot()
    await world.tick()
    placed = len(world.switch.placed)

    assert not await world.dialer.stop(3.0)
    await world.tick()

    assert len(world.switch.placed) == placed
