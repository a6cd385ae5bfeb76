"""The modes that do not learn: people dial, one line per free agent, or a fixed ratio."""

import math

from dialer.pacing.view import Pace, PacingView, check_view


class PeopleDial:
    """Manual and preview: an agent starts each call, the dialer none."""

    def __init__(self, mode: str) -> None:
        self._because = f"in {mode} mode an agent starts each call"

    def decide(self, view: PacingView) -> Pace:
        """Return no lines, whatever goes on."""
        check_view(view)
        return Pace(0, self._because)


class FixedRatio:
    """A number of lines for each agent who is free, less those on the way.

    With ratio 1 this is progressive: nobody is ever abandoned. Above it, it is power dialling.
    """

    def __init__(self, ratio: float, max_lines: int) -> None:
        self._ratio = ratio
        self._max_lines = max_lines

    def decide(self, view: PacingView) -> Pace:
        """Return ratio x free agents, rounded down, less the lines on the way, within the limit."""
        check_view(view)
        on_the_way = len(view.ringing_seconds) + view.waiting_calls
        goal = math.floor(self._ratio * view.idle_agents + 1e-9)
        return grant(view, max(0, goal - on_the_way), self._max_lines, self._explain(view))

    def _explain(self, view: PacingView) -> str:
        on_the_way = len(view.ringing_seconds) + view.waiting_calls
        if not view.idle_agents:
            return "no agent is free"
        if math.floor(self._ratio * view.idle_agents + 1e-9) > on_the_way:
            return f"{view.idle_agents} agents free, {on_the_way} lines on the way"
        if self._ratio == 1:
            return f"each of {view.idle_agents} free agents has a line on the way"
        return f"{view.idle_agents} free agents have {on_the_way} lines on the way"


def grant(view: PacingView, wanted: int, max_lines: int, because: str) -> Pace:
    """Return the wanted lines within the line limit, and say so where that is what binds."""
    in_use = len(view.ringing_seconds) + view.waiting_calls + len(view.talking_seconds)
    lines = min(wanted, max(0, max_lines - in_use))
    if lines < wanted:
        return Pace(lines, f"all {max_lines} lines of the campaign are in use")
    return Pace(lines, because)
