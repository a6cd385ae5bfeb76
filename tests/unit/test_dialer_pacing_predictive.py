"""Predictive pacing keeps its limits whatever it is shown, and the cap when it is played."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dialer.pacing import DialResult, PacingView, new_pacer
from dialer.pacing.budget import Budget
from dialer.pacing.journal import JournalUnreadable, PacerOptions, RecordingPacer, replay
from dialer.pacing.learning import DurationLearner, RingLearner
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
    answers = [DialResult("answer", 5.0)] * 100
    budget.learn(PacingView(0.0, 1, dial_results=answers, answered_in_window=5000))
    after = PacingView(0.5, 1, answered_in_window=5000, abandoned_in_window=3, waiting_calls=1)
    budget.learn(after)

    assert budget.left(after) == pytest.approx(0.03 * 100 - 3 - 1)


def test_a_long_ring_promises_less_when_people_answer_early() -> None:
    rings = RingLearner()
    for _ in range(40):
        rings.learn(0.5, [1.0] * 10, [DialResult("answer", 4.0)] * 3)
        for age in range(5, 25):
            rings.learn(0.5, [float(age)] * 14, [])
        rings.learn(0.5, [], [DialResult("noanswer", 25.0)] * 7)
    rings.refresh()

    assert rings.pending_answers([20.0]) < 0.3 * rings.pending_answers([1.0])


def test_answers_are_followed_down_within_a_hundred() -> None:
    rings = RingLearner()

    def see(answers: int, rounds: int) -> None:
        for _ in range(rounds):
            rings.learn(0.5, [2.0] * 10, [DialResult("answer", 5.0)] * answers)
            rings.learn(0.5, [6.0] * 8, [DialResult("noanswer", 8.0)] * (10 - answers))
            rings.refresh()

    see(5, 60)
    before = rings.dial_chance
    see(1, 60)

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
