"""How many lines to dial now. Pure: (what is going on) -> (how many, and why)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

MODES = ("progressive",)


@dataclass(frozen=True, slots=True)
class DialResult:
    """One dial that ended. result: answer, machine, fail or noanswer. ring_seconds: how long."""

    result: str
    ring_seconds: float


@dataclass(frozen=True, slots=True)
class PacingView:
    """What a pacer may look at. Sequences hold elapsed seconds of what is going on now.

    dial_results, finished_talks, finished_wraps: what ended since the last call.
    answered_in_window, abandoned_in_window: counts of the legal window.
    """

    now_seconds: float
    idle_agents: int
    talking_seconds: Sequence[float] = ()
    wrapping_seconds: Sequence[float] = ()
    ringing_seconds: Sequence[float] = ()
    waiting_calls: int = 0
    dial_results: Sequence[DialResult] = ()
    finished_talks: Sequence[float] = ()
    finished_wraps: Sequence[float] = ()
    answered_in_window: int = 0
    abandoned_in_window: int = 0


@dataclass(frozen=True, slots=True)
class Pace:
    """lines: new lines to dial now. because: why, in words for a supervisor."""

    lines: int
    because: str


class Pacer(Protocol):
    """Decides at each tick; keeps what it learns inside."""

    def decide(self, view: PacingView) -> Pace:
        """Return how many lines to dial now."""


class ProgressivePacer:
    """One line for each agent who is free and has none on the way: nobody is ever abandoned."""

    def __init__(self, max_lines: int) -> None:
        self._max_lines = max_lines

    def decide(self, view: PacingView) -> Pace:
        """Return free agents less the lines on the way, within the line limit."""
        on_the_way = len(view.ringing_seconds) + view.waiting_calls
        in_use = on_the_way + len(view.talking_seconds)
        wanted = max(0, view.idle_agents - on_the_way)
        lines = min(wanted, max(0, self._max_lines - in_use))
        if lines < wanted:
            return Pace(lines, f"all {self._max_lines} lines of the campaign are in use")
        if not view.idle_agents:
            return Pace(0, "no agent is free")
        if not wanted:
            return Pace(0, f"each of {view.idle_agents} free agents has a line on the way")
        return Pace(lines, f"{view.idle_agents} agents free, {on_the_way} lines on the way")


def new_pacer(
    mode: str,
    *,
    max_abandonment: float = 0.03,
    connect_seconds: float = 2.0,
    max_lines: int = 10_000,
    ratio: float | None = None,
) -> Pacer:
    """Return a pacer for the mode; raises ValueError for a mode that is not built.

    max_abandonment, connect_seconds and ratio are for modes that dial ahead; progressive does not.
    """
    if mode not in MODES:
        raise ValueError(f"mode {mode!r} is not built; there are: {', '.join(MODES)}")
    return ProgressivePacer(max_lines)
