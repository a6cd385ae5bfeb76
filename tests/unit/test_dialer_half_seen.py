"""A call that the floor saw only in part is not forgotten when we restart."""

from dataclasses import replace
from datetime import timedelta

from calls import facts
from calls.ids import CallId, ChannelId
from calls.outcomes import NetworkResult
from dialer.rounds import go_round
from store.errors import DatabaseUnreachable
from tests.fakes.clock import ManualClock
from tests.fakes.dialer_world import World, plan_of


def talked_with_a_gap(world: World, channel: ChannelId) -> None:
    """The customer answered, the link was lost, and then the call ended."""
    now = world.clock.now()
    world.live.apply(facts.ChannelStarted(now, channel, CallId(channel), "carrier", "1"))
    world.live.apply(facts.ChannelAnswered(now, channel))
    world.live.apply(facts.LinkLost(now, "blip"))
    world.snapshot(facts.ChannelSeen(channel, CallId(channel), "carrier", "1", 6, None, 300.0))
    world.live.apply(facts.ChannelEnded(world.clock.now(), channel, 16))


async def test_what_was_seen_in_part_survives_our_own_restart() -> None:
    first = World(leads=0)
    planned = plan_of(7)
    first.attempts.adopt(planned)
    first.snapshot()
    await first.tick()
    talked_with_a_gap(first, ChannelId(planned.attempt))
    await first.settle()

    second = World(leads=0)
    second.attempts = first.attempts
    second.dialer._attempts = first.attempts
    second.settler._attempts = first.attempts
    second.snapshot()
    await second.tick()
    second.clock.time += timedelta(minutes=5)
    await second.rescuer.look()
    await second.settle()
    assert first.attempts.settled == [], "nothing proves that it was never sent"

    second.clock.time += timedelta(minutes=6)
    await second.rescuer.look()
    await second.settle()
    [end] = first.attempts.settled
    assert (end.by, end.result) == ("floor", NetworkResult.ANSWERED)


async def test_the_records_say_more_than_what_was_seen_in_part() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.adopt(planned)
    world.snapshot()
    await world.tick()
    talked_with_a_gap(world, ChannelId(planned.attempt))
    [seen] = world.dialer.state.half_seen.values()
    world.records.known = [replace(seen, by="records", result=NetworkResult.FORWARDED)]

    world.clock.time += timedelta(seconds=11)
    await world.rescuer.look()
    await world.settle()

    [end] = world.attempts.settled
    assert (end.by, end.result) == ("records", NetworkResult.FORWARDED)


async def test_a_part_whose_work_fails_for_want_of_postgres_goes_on() -> None:
    tried: list[str] = []

    async def work() -> None:
        tried.append("work")
        if len(tried) == 1:
            raise DatabaseUnreachable("away")
        if len(tried) > 3:
            raise KeyError("the end of this test")

    try:
        await go_round("test", work, 1.0, ManualClock(), lambda: tried.append("away"))
    except KeyError:
        assert tried == ["work", "away", "work", "work"]
