"""Calls that nobody saw begin or end: adopted, settled from the records, never dialled again."""

from collections.abc import Collection
from datetime import timedelta

from calls import facts
from calls.attempt import Settlement
from calls.ids import AttemptId, CallId, ChannelId
from calls.outcomes import NetworkResult
from tests.fakes.clock import T0
from tests.fakes.dialer_world import CAMPAIGN, World, plan_of


async def test_a_call_that_was_seen_is_never_taken_for_unsent() -> None:
    """Talked for minutes, a blip of the link, and no record: it must not be dialled again."""
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.adopt(planned)
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


async def test_a_call_that_asterisk_says_it_refused_is_unsent_only_if_nothing_is_recorded() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.adopt(planned)
    world.snapshot()
    await world.tick()
    refused = facts.OriginateResolved(T0, planned.attempt, succeeded=False, reason=0)
    world.live.apply(refused)
    assert planned.attempt in world.dialer.state.open

    world.clock.time = planned.planned_at + timedelta(seconds=11)
    world.records.traces = {planned.attempt}
    await world.rescuer.look()
    assert planned.attempt in world.dialer.state.open

    world.records.traces = set()
    await world.rescuer.look()
    await world.settle()
    [end] = world.attempts.settled
    assert end.by == "never_sent"


async def test_a_call_that_came_back_while_the_records_were_asked_goes_on() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.adopt(planned)
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


async def test_after_a_crash_open_attempts_are_adopted_not_dialled_again() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.adopt(planned)
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
    world.attempts.adopt(planned)
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
    world.attempts.adopt(planned)
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
    world.attempts.adopt(planned)
    world.records.traces = {planned.attempt}
    world.snapshot()
    await world.tick()

    world.clock.time += timedelta(hours=1)
    await world.rescuer.look()

    assert world.dialer.state.open != {}
