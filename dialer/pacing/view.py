"""The words between a pacer and whoever drives it, and the check of what comes in."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

RESULTS = ("answer", "machine", "fail", "noanswer")
"""How a dial can end. Only `answer` is a person, and only that can be abandoned."""


@dataclass(frozen=True, slots=True)
class DialResult:
    """One dial that ended. result: one of `RESULTS`. ring_seconds: from dialling to that end."""

    result: str
    ring_seconds: float


@dataclass(frozen=True, slots=True)
class PacingView:
    """What a pacer may look at. Sequences hold elapsed seconds of what is going on now.

    dial_results, finished_talks, finished_wraps: what ended since the last call.
    waiting_calls: answered by a person, and no agent yet.
    answered_in_window, abandoned_in_window: counts of the legal window, abandoned within answered.
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
        """Return how many lines to dial now. Raises ValueError naming the field that is odd."""


_COUNTS = ("idle_agents", "waiting_calls", "answered_in_window", "abandoned_in_window")
_DURATIONS = (
    "talking_seconds",
    "wrapping_seconds",
    "ringing_seconds",
    "finished_talks",
    "finished_wraps",
)


def check_view(view: PacingView) -> None:
    """Refuse what cannot be: ValueError, one line naming the field, its value and the remedy."""
    if not math.isfinite(view.now_seconds):
        raise ValueError(f"now_seconds is {view.now_seconds}; it must be a finite number")
    for name in _COUNTS:
        count = getattr(view, name)
        if not count >= 0 or count != int(count):
            raise ValueError(f"{name} is {count}; it must be a whole number, 0 or more")
    for name in _DURATIONS:
        _check_durations(name, getattr(view, name))
    for dial in view.dial_results:
        if dial.result not in RESULTS:
            known = ", ".join(RESULTS)
            raise ValueError(f"dial_results has result {dial.result!r}; there are: {known}")
    _check_durations("dial_results ring_seconds", [dial.ring_seconds for dial in view.dial_results])


def _check_durations(name: str, seconds: Sequence[float]) -> None:
    """One pass in C for the good case; the sum is NaN or infinite when a member is."""
    if not len(seconds) or (min(seconds) >= 0 and sum(seconds) < math.inf):
        return
    for one in seconds:
        if not 0 <= one < math.inf:
            raise ValueError(f"{name} holds {one}; seconds must be finite, 0 or more")
