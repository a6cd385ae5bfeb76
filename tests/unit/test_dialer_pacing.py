"""Progressive pacing: one line for each free agent, and the reason in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialer.pacing import PacingView, new_pacer

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


def test_a_mode_that_is_not_built_is_refused() -> None:
    with pytest.raises(ValueError, match="mode 'predictive' is not built; there are: progressive"):
        new_pacer("predictive")
