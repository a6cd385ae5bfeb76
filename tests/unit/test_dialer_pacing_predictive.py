"""Predictive pacing keeps its limits whatever it is shown, and the cap when it is played."""

import io
import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.pacing import DialResult, PacingView, new_pacer
from dialer.pacing.budget import HORIZON_SECONDS, Budget
from dialer.pacing.guard import (
    FEW,
    LAST,
    MANY,
    RISK_EXPONENT,
    Limits,
    are_safe,
    most_new_lines,
    stage,
)
from dialer.pacing.journal import JournalUnreadable, PacerOptions, RecordingPacer, replay
from dialer.pacing.learning import DurationLearner, LeavingLearner, RingLearner
from dialer.pacing.view import RESULTS
from dialer.simulation.engine import play
from dialer.simulation.ways import PacerWay, predictive
from dialer.simulation.world import World

SECONDS = st.floats(0, 10_000)
SEVERAL = st.lists(SECONDS, max_size=30)
RESULTS_SEEN = st.lists(st.builds(DialResult, st.sampled_from(RESULTS), SECONDS), max_size=20)
VIEWS = st.lists(
    st.builds(
        PacingView,
        now_seconds=st.floats(-1e6, 1e9),
        idle_agents=st.integers(0, 300),
        talking_seconds=SEVERAL,
        wrapping_seconds=SEVERAL,
        ringing_seconds=SEVERAL,
        waiting_calls=st.integers(0, 50),
        dial_results=RESULTS_SEEN,
        finished_talks=SEVERAL,
        finished_wraps=SEVERAL,
        answered_in_window=st.integers(0, 100_000),
        abandoned_in_window=st.integers(0, 5_000),
    ),
    min_size=1,
    max_size=12,
)


@pytest.mark.slow
@given(VIEWS, st.integers(0, 200), st.sampled_from([0.0, 0.01, 0.03, 1.0]))
@settings(max_examples=40, deadline=None)
def test_lines_keep_their_limits_and_the_same_views_give_the_same_paces(
    views: list[PacingView], max_lines: int, cap: float
) -> None:
    pacer = new_pacer("predictive", max_lines=max_lines, max_abandonment=cap)
    paces = [pacer.decide(view) for view in views]

    for view, pace in zip(views, paces, strict=True):
        on_the_way = len(view.ringing_seconds) + view.waiting_calls
        assert pace.lines >= 0
        assert pace.lines == 0 or pace.lines + on_the_way <= max_lines
        if not view.idle_agents and not view.talking_seconds and not view.wrapping_seconds:
            assert pace.lines == 0
    twin = new_pacer("predictive", max_lines=max_lines, max_abandonment=cap)
    assert [twin.decide(view) for view in views] == paces


@given(st.integers(0, 100), st.integers(0, 100))
def test_a_cap_of_nothing_is_progressive(idle: int, ringing: int) -> None:
    view = PacingView(0.0, idle, ringing_seconds=[20.0] * ringing, talking_seconds=[1.0])

    pace = new_pacer("predictive", max_abandonment=0.0).decide(view)

    assert pace.lines == max(0, idle - ringing)


def test_an_overdrawn_budget_is_nearly_progressive() -> None:
    view = PacingView(0.0, 4, answered_in_window=1000, abandoned_in_window=40)

    assert new_pacer("predictive").decide(view).lines == 4


def test_the_reason_names_the_inputs_of_the_decision() -> None:
    pace = new_pacer("predictive").decide(PacingView(0.0, 2, ringing_seconds=[3.0]))

    assert "2 agents free, 1 lines ring" in pace.because
    assert "more calls may be lost" in pace.because


def test_the_worse_of_window_and_own_count_is_honoured() -> None:
    budget = Budget(0.03)
    budget.learn(PacingView(0.0, 1))
    answers = [DialResult("answer", 5.0)] * 100
    budget.learn(PacingView(0.5, 1, dial_results=answers, answered_in_window=5000))
    after = PacingView(1.0, 1, answered_in_window=5000, abandoned_in_window=3, waiting_calls=1)
    budget.learn(after)

    assert budget.left(after) == pytest.approx(0.03 * 100 - 3 - 1)


def test_a_pacer_that_starts_again_goes_on_with_what_the_window_holds() -> None:
    budget = Budget(0.03)
    view = PacingView(0.0, 1, answered_in_window=1000, abandoned_in_window=12)
    budget.learn(view)

    assert budget.left(view) == pytest.approx(18)


def test_a_window_that_forgets_lost_calls_gives_no_budget_back() -> None:
    budget = Budget(0.03)
    budget.learn(PacingView(0.0, 1, answered_in_window=1000, abandoned_in_window=30))
    rolled = PacingView(0.5, 1, answered_in_window=900, abandoned_in_window=10)
    budget.learn(rolled)

    assert budget.left(rolled) == pytest.approx(0)


def answering(now: float, answered: int, abandoned: int = 0, came: int = 0) -> PacingView:
    dials = [DialResult("answer", 5.0)] * came
    return PacingView(
        now, 1, dial_results=dials, answered_in_window=answered, abandoned_in_window=abandoned
    )


def test_the_outlook_counts_on_part_of_the_answers_of_the_first_half_hour() -> None:
    budget = Budget(0.03)
    budget.learn(answering(0.0, 0))
    view = answering(540.0, 20, 1, came=20)
    budget.learn(view)

    assert budget.left(view) == pytest.approx(0.6 - 1)
    assert budget.outlook(view) == pytest.approx(0.6 - 1 + 0.03 * 0.6 * 20 / 600 * 1260)


def test_after_that_nothing_is_counted_on_that_is_not_earned() -> None:
    budget = Budget(0.03)
    budget.learn(answering(0.0, 0))
    view = answering(HORIZON_SECONDS, 80, 2, came=80)
    budget.learn(view)

    assert budget.outlook(view) == pytest.approx(budget.left(view))


def test_a_restart_takes_the_answers_before_it_for_no_pace_of_its_own() -> None:
    budget = Budget(0.03)
    budget.learn(answering(0.0, 5000, 150))
    view = answering(60.0, 5000, 150)
    budget.learn(view)

    assert budget.outlook(view) == pytest.approx(0.0)


def test_the_fewer_calls_may_be_lost_the_more_careful_is_every_limit() -> None:
    assert [stage(calls) for calls in (-2.0, 0.9, 1.0, 1.9, 2.0)] == [LAST, LAST, FEW, FEW, MANY]
    assert LAST.exponent > FEW.exponent > MANY.exponent
    assert LAST.boldest < FEW.boldest < MANY.boldest


@pytest.mark.parametrize("agents", [1, 2, 5])
def test_before_the_first_budget_is_earned_nobody_can_be_lost(agents: int) -> None:
    """Fewer than 34 answers bear no lost call: a small team gets a line for each free agent."""
    pacer = new_pacer("predictive")
    for tick in range(40):
        view = PacingView(tick / 2, agents, ringing_seconds=[tick / 2] * agents)
        assert pacer.decide(view).lines == 0


def test_a_run_of_answers_at_the_start_finds_a_large_team_careful() -> None:
    """A hundred agents and nothing known: were half of all lines answered, all find an agent."""
    pace = new_pacer("predictive").decide(PacingView(0.0, 100))

    assert 100 <= pace.lines <= 200


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_hundred_phones_that_are_all_taken_after_15_seconds_are_no_surprise(seed: int) -> None:
    """No answer for 12 s told nothing, since no line was old enough: 82 calls were lost at once."""
    world = World(
        answer=0.5, ring_mean=15, ring_shape="steady", ring_out_seconds=28, talk_mean=55, hours=0.25
    )

    score = play(world, 100, seed, predictive(world))

    assert score.abandonment <= 0.03


@given(st.integers(1, 60), st.floats(0.01, 0.95), st.integers(1, 30))
def test_what_the_guard_calls_safe_overruns_the_budget_once_in_55(
    lines: int, chance: float, most: int
) -> None:
    if are_safe(lines, lines * chance, most):
        tail = sum(
            math.comb(lines, k) * chance**k * (1 - chance) ** (lines - k)
            for k in range(most, lines + 1)
        )
        assert tail <= math.exp(-RISK_EXPONENT)
    assert are_safe(min(lines, most - 1), lines * chance, most)


@given(st.integers(0, 200), st.integers(0, 100), st.floats(0, 1), st.floats(0, 40))
def test_one_line_more_than_the_guard_grants_is_not_safe(
    wanted: int, ringing: int, chance: float, most: float
) -> None:
    granted = most_new_lines(wanted, Limits(ringing, ringing * chance, chance, most))

    assert 0 <= granted <= wanted
    if granted < wanted:
        one_more = ringing + granted + 1
        assert not are_safe(one_more, one_more * chance, most)


def test_agents_who_leave_after_their_wrap_up_are_noticed() -> None:
    leaving = LeavingLearner()
    for agents in (10, 10, 9, 10, 9, 10, 8):
        leaving.learn(agents, 5)

    assert 0.05 < leaving.share < 0.15


def ring_ten(
    rings: RingLearner, answers: int, told: Callable[[float], float] = lambda rung: rung
) -> None:
    """Ten lines dialled at once: so many are answered after 6 s, the others ring for 20 s."""
    for tick in range(1, 42):
        age = tick / 2
        ended = [DialResult("answer", told(6.0))] * answers if age == 6.5 else []
        ended += [DialResult("noanswer", told(20.0))] * (10 - answers) if age == 20.5 else []
        left = 10 if age < 6.5 else 10 - answers if age < 20.5 else 0
        rings.learn(0.5, [age] * left, ended)
    rings.refresh()


@pytest.mark.parametrize("told", [lambda rung: rung, lambda rung: rung + 4, lambda rung: 0.0])
def test_ages_are_those_of_the_views_whatever_a_result_tells(
    told: Callable[[float], float],
) -> None:
    rings = RingLearner()
    for _ in range(40):
        ring_ten(rings, 3, told)

    assert rings.dial_chance == pytest.approx(0.3, abs=0.05)
    assert rings.pending_answers([10.0]) < 0.1


def test_few_answers_from_the_start_are_not_taken_for_even_fewer() -> None:
    """The shape and the level both follow the answers; together they must not overshoot."""
    rings = RingLearner()
    least = 1.0
    for _ in range(60):
        ring_ten(rings, 1)
        least = min(least, rings.dial_chance)

    assert 0.085 < least <= rings.dial_chance < 0.12


@pytest.mark.parametrize("given", [True, False])
def test_machines_count_half_where_agents_get_them(given: bool) -> None:
    """Three in ten are people, three machines: does a talk begin for each or for people only?"""
    rings, talks = RingLearner(), 0
    for _ in range(40):
        ended = [DialResult("answer", 6.0), DialResult("machine", 6.0)] * 3
        ended += [DialResult("noanswer", 6.0)] * 4
        for tick in range(1, 13):
            rings.learn(0.5, [tick / 2] * 10, [], talks)
        talks += 6 if given else 3
        rings.learn(0.5, [], ended, talks)
        rings.refresh()

    assert rings.dial_chance == pytest.approx(0.45 if given else 0.3, abs=0.06)


def test_a_long_ring_promises_less_when_people_answer_early() -> None:
    rings = RingLearner()
    for _ in range(40):
        ring_ten(rings, 3)

    assert rings.pending_answers([15.0]) < 0.3 * rings.pending_answers([1.0])


def test_answers_are_followed_down_within_a_hundred() -> None:
    rings = RingLearner()
    for _ in range(60):
        ring_ten(rings, 5)
    before = rings.dial_chance
    for _ in range(60):
        ring_ten(rings, 1)

    assert rings.dial_chance < 0.5 * before


def test_a_wrap_up_of_fixed_length_is_foreseen() -> None:
    wraps = DurationLearner(20.0, 200)
    wraps.learn([30.0] * 100)
    wraps.refresh()

    assert wraps.endings_within(8.0, [5.0]) < 0.05
    assert wraps.endings_within(8.0, [25.0]) > 0.95


@pytest.mark.parametrize("agents", [5, 12])
@pytest.mark.parametrize("seed", range(10))
def test_the_cap_holds_in_every_short_run(agents: int, seed: int) -> None:
    world = World(
        answer=0.3, shift="steps" if seed % 2 else "none", talk_mean=45, wrap_mean=8, hours=0.4
    )

    score = play(world, agents, seed, predictive(world))

    assert score.answered > 34
    assert score.abandoned <= 0.03 * score.answered


def test_a_replay_decides_the_same() -> None:
    journal = io.BytesIO()
    recorder = RecordingPacer(PacerOptions("predictive", max_lines=50), journal)
    play(World(hours=0.1, talk_mean=30), 6, 1, PacerWay(recorder))
    lines = journal.getvalue().splitlines()

    assert len(lines) == 1 + 720
    assert list(replay(lines)) == []


def test_a_replay_names_the_line_that_comes_out_otherwise() -> None:
    journal = io.BytesIO()
    recorder = RecordingPacer(PacerOptions("progressive"), journal)
    for idle in (1, 2, 3):
        recorder.decide(PacingView(0.0, idle))
    lines = journal.getvalue().replace(b'"lines":2', b'"lines":9').splitlines()

    assert [(one.line, one.was.lines, one.now.lines) for one in replay(lines)] == [(3, 9, 2)]


def test_a_damaged_journal_is_refused_by_line() -> None:
    with pytest.raises(JournalUnreadable, match="line 1 of the journal"):
        list(replay([]))
    with pytest.raises(JournalUnreadable, match="line 2 of the journal"):
        list(replay([b'{"mode":"progressive"}', b'{"view":{"now_seconds"']))
