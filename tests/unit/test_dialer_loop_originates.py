"""What becomes of an attempt whose Originate is refused, uncertain or lost."""

import asyncio
from datetime import timedelta

import pytest

from calls.outcomes import NetworkResult
from calls.switch import ActionRefused, ActionUncertain, LinkDown
from tests.fakes.dialer_world import World


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


async def test_an_uncertain_originate_is_neither_repeated_nor_given_up() -> None:
    world = World(leads=1)
    world.switch.error = ActionUncertain("no answer")
    world.snapshot()

    await world.tick()
    for _ in range(20):
        await world.tick()

    assert len(world.switch.placed) == 1
    assert world.attempts.settled == []


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
