"""The simulated floor agrees with what can be computed by hand, and with published figures."""

import pytest

from dialer.simulation.engine import Floor, Score, play
from dialer.simulation.rivals import RIVALS
from dialer.simulation.vicidial import Vicidial
from dialer.simulation.ways import ConstantLines, hindsight_oracle
from dialer.simulation.world import SHAPES, SHIFTS, STAFFING, Fate, World

CERTAIN = World(answer=1.0, fail=0.0, ring_mean=10, ring_shape="steady", talk_shape="steady")


def test_one_agent_whose_every_call_is_answered_works_talk_over_cycle() -> None:
    score = play(CERTAIN, 1, 1, ConstantLines(1))

    assert score.abandoned == 0
    assert score.utilisation == pytest.approx(140 / (140 + 10 + 0.25), abs=0.01)
    assert score.wait_seconds == pytest.approx(10.25, abs=0.5)


def test_progressive_in_the_reference_world_agrees_with_the_published_68_percent() -> None:
    scores = [play(World(), 20, seed, ConstantLines(1)) for seed in (1, 2)]

    assert all(score.utilisation == pytest.approx(0.68, abs=0.015) for score in scores)
    assert all(score.abandoned == 0 for score in scores)


def test_the_oracle_keeps_the_cap_and_beats_progressive() -> None:
    world = World(hours=1)
    lines, score = hindsight_oracle(world, 10, 1)

    assert lines > 1.5
    assert score.abandonment <= 0.03
    assert score.utilisation > play(world, 10, 1, ConstantLines(1)).utilisation + 0.08


def test_the_same_seed_gives_the_same_run_and_another_does_not() -> None:
    world = World(hours=0.3)
    first, again, other = (play(world, 5, seed, ConstantLines(2)) for seed in (1, 1, 2))

    assert first == again
    assert first != other


class _Flood:
    """Dials a hundred lines at once, once."""

    def lines(self, floor: Floor) -> int:
        return 100 if floor.now == 0 else 0


def test_whoever_finds_no_agent_in_time_is_abandoned() -> None:
    world = World(answer=1.0, fail=0.0, ring_mean=5, ring_shape="steady", hours=0.05)

    score = play(world, 10, 1, _Flood())

    assert score.answered == 100
    assert score.abandoned >= 80


@pytest.mark.parametrize("staffing", STAFFING)
@pytest.mark.parametrize("shift", SHIFTS)
def test_agents_are_neither_lost_nor_made(staffing: str, shift: str) -> None:
    world = World(staffing=staffing, shift=shift, hours=1, talk_mean=30)
    seen: list[int] = []

    class Watch:
        def lines(self, floor: Floor) -> int:
            seen.append(floor.idle + len(floor.talking) + len(floor.wrapping))
            return max(0, floor.idle - len(floor.ringing))

    play(world, 8, 1, Watch())

    assert max(seen) == 8
    assert min(seen) >= (8 if staffing == "all day" else 0)


@pytest.mark.parametrize("shape", SHAPES)
def test_durations_have_the_mean_they_were_given(shape: str) -> None:
    fate = Fate(World(talk_mean=100, talk_shape=shape), 1)

    assert sum(fate.talk() for _ in range(20_000)) / 20_000 == pytest.approx(100, rel=0.03)


@pytest.mark.parametrize("name", RIVALS)
def test_every_rival_plays(name: str) -> None:
    score: Score = play(World(hours=0.5), 5, 1, RIVALS[name]())

    assert score.answered > 10
    assert 0.4 < score.utilisation < 1


def test_a_vicidial_method_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="method 'SOFT' is not known"):
        Vicidial("SOFT", available_only=False)
