"""What the dialer's loop dials, and when it dials nothing."""

from dataclasses import replace

import pytest

from calls import facts
from calls.campaign import CampaignStatus
from tests.fakes.dialer_world import CAMPAIGN, World


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
    world = World(leads=0)
    world.add_lead(1, zone="")
    world.snapshot()

    await world.tick()

    assert world.switch.placed == []


async def test_nothing_is_planned_while_no_call_can_be_placed() -> None:
    world = World(leads=5)
    world.switch.can_place = False
    world.snapshot()

    await world.tick()

    assert (world.switch.placed, world.attempts.open) == ([], {})
    assert "no link" in world.dialer.state.paces[CAMPAIGN.name].because


async def test_a_stopping_dialer_dials_nothing_and_waits_for_its_calls() -> None:
    world = World(leads=5)
    world.snapshot()
    await world.tick()
    placed = len(world.switch.placed)

    assert not await world.dialer.stop(3.0)
    await world.tick()

    assert len(world.switch.placed) == placed
