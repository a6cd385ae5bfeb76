"""Predictive: dial more lines than agents are free, as far as the legal budget allows."""

import math

from dialer.pacing.fixed import grant
from dialer.pacing.view import Pace, PacingView, check_view

PRIOR_ANSWERS = 4.0
PRIOR_DIALS = 10.0
"""Before anything was seen an answer is taken for likely (40 %), so that the start is careful."""


class PredictivePacer:
    """Overdials on free agents only, while the cap can bear one more abandoned call."""

    def __init__(self, max_abandonment: float, connect_seconds: float, max_lines: int) -> None:
        self._max_abandonment = max_abandonment
        self._connect_seconds = connect_seconds
        self._max_lines = max_lines
        self._answers = PRIOR_ANSWERS
        self._dials = PRIOR_DIALS

    def decide(self, view: PacingView) -> Pace:
        """Return the lines for now; learns from what ended since the last call."""
        check_view(view)
        self._learn(view)
        on_the_way = len(view.ringing_seconds) + view.waiting_calls
        wanted = max(0, self._goal(view) - on_the_way) if view.idle_agents else 0
        because = f"{view.idle_agents} agents free, {on_the_way} lines on the way"
        return grant(view, wanted, self._max_lines, because)

    def _learn(self, view: PacingView) -> None:
        self._dials += len(view.dial_results)
        self._answers += sum(dial.result == "answer" for dial in view.dial_results)

    def _goal(self, view: PacingView) -> int:
        """Lines for the free agents, by how many abandoned calls the budget still bears."""
        budget = self._max_abandonment * view.answered_in_window - view.abandoned_in_window
        if budget < 1:
            return view.idle_agents
        per_agent = min(1 + budget / 4, 0.6 * self._dials / self._answers)
        return max(view.idle_agents, math.floor(per_agent * view.idle_agents))
