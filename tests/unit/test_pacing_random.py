"""Worlds drawn at random are possible, are told apart by their number, and are judged fairly."""

import pytest

from bench.pacing_random import Outcome, outcomes, random_world, verdict
from dialer.simulation.world import SHIFTS


@pytest.mark.parametrize("number", range(40))
def test_a_random_world_is_possible_all_day(number: int) -> None:
    world = random_world(number, 1.0)
    most = world.answer * max(SHIFTS[world.shift](hour / 24) for hour in range(25))

    assert 0.08 <= world.answer <= 0.6
    assert most + world.machine + world.fail <= 1.0
    assert world == random_world(number, 1.0)
    assert world != random_world(number + 1, 1.0)


def test_the_verdict_counts_runs_below_the_oracle_and_above_the_cap() -> None:
    (played,) = outcomes(4, 0.1, [3])
    swapped = Outcome(played.world, played.oracle, played.ours)

    told = verdict(4, 0.1, [played, swapped])

    assert "2 worlds: +0.00 points" in told or "2 worlds: -0.00 points" in told
    assert f"worst {-abs(played.points):+.1f}" in told
    assert f"above the cap in {played.over_cap + swapped.over_cap}," in told
