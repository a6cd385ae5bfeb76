"""How an attempt ended is saved once, whatever Postgres does meanwhile."""

import asyncio

from calls import facts
from calls.attempt import Settlement
from calls.ids import CallId, CampaignName, ChannelId
from calls.outcomes import NetworkResult
from tests.fakes.clock import T0
from tests.fakes.dialer_world import CAMPAIGN, World, plan_of


async def test_an_end_that_cannot_be_saved_does_not_hold_up_the_others() -> None:
    world = World(leads=0)
    bad, good = plan_of(7), plan_of(8)
    world.attempts.adopt(bad)
    world.attempts.adopt(good)
    world.settler.campaigns = {CAMPAIGN.name: CAMPAIGN}
    world.settler.put(
        CampaignName("gone"), Settlement(bad.attempt, "floor", NetworkResult.BUSY, T0)
    )
    world.settler.put(CAMPAIGN.name, Settlement(good.attempt, "floor", NetworkResult.BUSY, T0))

    await world.settle()

    assert [end.attempt for end in world.attempts.settled] == [good.attempt]
    assert world.settler.has_dropped


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


async def test_while_postgres_is_away_an_end_is_kept_until_it_is_saved() -> None:
    world = World(leads=0)
    planned = plan_of(7)
    world.attempts.adopt(planned)
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
