"""What each mode of pacing promises, and what every pacer refuses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.pacing import MODES, DialResult, PacingView, new_pacer

COUNTS = st.integers(0, 300)


@pytest.mark.parametrize(
    ("idle", "ringing", "waiting", "talking", "lines", "because"),
    [
        (0, 0, 0, 3, 0, "no agent is free"),
        (3, 0, 0, 0, 3, "3 agents free, 0 lines on the way"),
        (3, 2, 0, 0, 1, "3 agents free, 2 lines on the way"),
        (3, 1, 2, 0, 0, "each of 3 free agents has a line on the way"),
        (3, 5, 0, 0, 0, "each of 3 free agents has a line on the way"),
        (9, 0, 0, 8, 2, "all 10 lines of the campaign are in use"),
    ],
)
def test_one_line_for_each_free_agent(
    idle: int, ringing: int, waiting: int, talking: int, lines: int, because: str
) -> None:
    view = PacingView(
        0.0,
        idle,
        ringing_seconds=[1.0] * ringing,
        waiting_calls=waiting,
        talking_seconds=[9.0] * talking,
    )

    pace = new_pacer("progressive", max_lines=10).decide(view)

    assert (pace.lines, pace.because) == (lines, because)


@given(COUNTS, COUNTS, COUNTS, COUNTS)
def test_lines_never_exceed_agents_or_the_limit(
    idle: int, ringing: int, waiting: int, talking: int
) -> None:
    view = PacingView(
        0.0,
        idle,
        ringing_seconds=[1.0] * ringing,
        waiting_calls=waiting,
        talking_seconds=[9.0] * talking,
    )

    pace = new_pacer("progressive", max_lines=50).decide(view)

    assert 0 <= pace.lines <= max(0, idle - ringing - waiting)
    assert pace.lines == 0 or pace.lines + ringing + waiting + talking <= 50


def test_a_mode_that_is_not_known_is_refused() -> None:
    with pytest.raises(ValueError, match="mode 'clever' is not known; there are: manual, preview"):
        new_pacer("clever")


@pytest.mark.parametrize("mode", ["manual", "preview"])
def test_where_agents_start_the_calls_the_dialer_starts_none(mode: str) -> None:
    pace = new_pacer(mode).decide(PacingView(0.0, 9))

    assert (pace.lines, pace.because) == (0, f"in {mode} mode an agent starts each call")


@pytest.mark.parametrize(
    ("ratio", "idle", "ringing", "lines"),
    [
        (1.5, 1, 0, 1),
        (1.5, 2, 0, 3),
        (1.5, 2, 1, 2),
        (2.5, 4, 0, 10),
        (3, 0, 0, 0),
        (1.1, 10, 0, 11),
    ],
)
def test_power_dials_the_ratio_rounded_down(
    ratio: float, idle: int, ringing: int, lines: int
) -> None:
    view = PacingView(0.0, idle, ringing_seconds=[1.0] * ringing)

    assert new_pacer("power", ratio=ratio).decide(view).lines == lines


@pytest.mark.parametrize(
    ("mode", "options", "problem"),
    [
        ("power", {}, "mode 'power' needs a ratio"),
        ("power", {"ratio": 0.5}, "ratio is 0.5; it must be between 1 and 100"),
        ("predictive", {"max_abandonment": 1.5}, "max_abandonment is 1.5"),
        ("predictive", {"connect_seconds": float("nan")}, "connect_seconds is nan"),
        ("predictive", {"max_lines": -1}, "max_lines is -1"),
    ],
)
def test_an_option_that_cannot_be_is_refused(
    mode: str, options: dict[str, float], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        new_pacer(mode, **options)  # type: ignore[arg-type]  # the table mixes the options' types


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(
    ("odd", "problem"),
    [
        ({"now_seconds": float("nan")}, "now_seconds is nan"),
        ({"idle_agents": -1}, "idle_agents is -1; it must be a whole number, 0 or more"),
        ({"waiting_calls": float("nan")}, "waiting_calls is nan"),
        ({"abandoned_in_window": -2}, "abandoned_in_window is -2"),
        ({"ringing_seconds": [1.0, -0.5]}, "ringing_seconds holds -0.5"),
        ({"talking_seconds": [float("nan"), 1.0]}, "talking_seconds holds nan"),
        ({"finished_wraps": [float("inf")]}, "finished_wraps holds inf"),
        ({"dial_results": [DialResult("busy", 1.0)]}, "dial_results has result 'busy'"),
        ({"dial_results": [DialResult("fail", -1.0)]}, "dial_results ring_seconds holds -1.0"),
    ],
)
def test_a_view_that_cannot_be_is_refused(mode: str, odd: dict[str, object], problem: str) -> None:
    fields: dict[str, object] = {"now_seconds": 0.0, "idle_agents": 1, **odd}
    with pytest.raises(ValueError, match=problem):
        new_pacer(mode, ratio=2).decide(PacingView(**fields))  # type: ignore[arg-type]  # odd on purpose
