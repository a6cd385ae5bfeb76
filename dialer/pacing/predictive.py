"""Predictive: dial more lines than agents are free, as far as the legal budget allows.

The rule, worked out in docs/pacing.md:

  goal = boldness x agents^growth    answers that may be on their way,
  lines = (goal - pending) / chance  rounded down,

where agents are the free ones plus a part of those about to end their wrap-up, pending the answers
to be expected from the lines that ring by how long each has rung, chance that of a new line.
Boldness follows the budget of abandoned calls; `dialer.pacing.guard` bounds the lines, so that more
answers than the budget bears are as good as impossible.
"""

import math
from dataclasses import dataclass

from dialer.pacing.budget import Budget
from dialer.pacing.fixed import grant
from dialer.pacing.guard import (
    Limits,
    Stage,
    answers_too_many,
    least_chance,
    most_new_lines,
    spare_calls,
    stage,
)
from dialer.pacing.learning import REFRESH_SECONDS, DurationLearner, LeavingLearner, RingLearner
from dialer.pacing.view import Pace, PacingView, check_view

SMALL_TEAM, LARGE_TEAM = 7.0, 50.0
"""Between these sizes the tuning below goes from the first value of each pair to the second."""
BOLDNESS = (0.25, 0.45)
GROWTH = (1.4, 1.1)
WRAP_SHARE = (0.3, 0.6)
SURPLUS_SCALE = (6.0, 13.0)
RESERVE_CALLS = 2.0
RESERVE_CALLS_PER_AGENT = 0.07
RESERVE_SHARE = 0.5
"""What the boldness tries to keep unspent, but no more than half of what was earned so far."""
MOST_BOLDER, MOST_SHIER = 1.0, -5.0
"""Limits of the exponent by which the budget moves the boldness."""
WRAP_AHEAD_SECONDS = 6.0
"""How near the end of wrap-up counts, besides the seconds that an answered caller may wait."""
WRAP_MEAN_BEFORE_SECONDS = 20.0
WRAPS_REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Tuning:
    """What depends on the size of the team; between 7 and 50 agents in proportion to its log."""

    boldness: float
    growth: float
    wrap_share: float
    surplus_scale: float
    reserve_calls: float


def tune(agents: int) -> Tuning:
    """Return the tuning for a team of so many agents."""
    size = max(SMALL_TEAM, min(LARGE_TEAM, float(agents)))
    share = math.log(size / SMALL_TEAM) / math.log(LARGE_TEAM / SMALL_TEAM)

    def between(ends: tuple[float, float]) -> float:
        return ends[0] + (ends[1] - ends[0]) * share

    return Tuning(
        boldness=between(BOLDNESS),
        growth=between(GROWTH),
        wrap_share=between(WRAP_SHARE),
        surplus_scale=between(SURPLUS_SCALE),
        reserve_calls=RESERVE_CALLS + RESERVE_CALLS_PER_AGENT * agents,
    )


class PredictivePacer:
    """Learns rings, wrap-up and abandonment as it goes; see the module for the rule."""

    def __init__(self, max_abandonment: float, connect_seconds: float, max_lines: int) -> None:
        self._max_abandonment = max_abandonment
        self._ahead_seconds = WRAP_AHEAD_SECONDS + connect_seconds
        self._max_lines = max_lines
        self._budget = Budget(max_abandonment)
        self._rings = RingLearner()
        self._wraps = DurationLearner(WRAP_MEAN_BEFORE_SECONDS, WRAPS_REMEMBERED)
        self._leaving = LeavingLearner()
        self._talks = 0
        self._last_seconds: float | None = None
        self._refreshed_seconds = -math.inf
        self._tunings: dict[int, Tuning] = {}

    def decide(self, view: PacingView) -> Pace:
        """Return the lines for now; learns from what ended since the last call."""
        check_view(view)
        self._learn(view)
        agents = agents_in(view)
        if not agents:
            return Pace(0, "no agent is logged in")
        left = self._budget.left(view)
        pending = self._rings.pending_answers(view.ringing_seconds)
        wanted = self._wanted(view, agents, left, pending)
        return grant(view, wanted, self._max_lines, self._explain(view, left, pending))

    def _learn(self, view: PacingView) -> None:
        now = view.now_seconds
        step = 0.0 if self._last_seconds is None else now - self._last_seconds
        if self._last_seconds is None:
            self._talks = -len(view.talking_seconds)
        self._last_seconds = now
        self._talks += len(view.finished_talks)
        self._budget.learn(view)
        talks = self._talks + len(view.talking_seconds)
        self._rings.learn(step, view.ringing_seconds, view.dial_results, talks)
        self._wraps.learn(view.finished_wraps)
        self._leaving.learn(agents_in(view), len(view.finished_wraps))
        if not 0 <= now - self._refreshed_seconds < REFRESH_SECONDS:
            self._refreshed_seconds = now
            self._rings.refresh()
            self._wraps.refresh()

    def _wanted(self, view: PacingView, agents: int, left: float, pending: float) -> int:
        """Lines by the rule; never fewer than progressive dialling, which loses nobody."""
        on_the_way = len(view.ringing_seconds) + view.waiting_calls
        surely = max(0, view.idle_agents - on_the_way)
        if not self._max_abandonment:
            return surely
        ending = self._ending(view)
        care = stage(self._budget.outlook(view))
        goal = self._goal(view, agents, left, ending, care)
        careful = 1 + care.caution_share * (self._rings.caution - 1)
        new = math.floor((goal / careful - pending) / self._rings.dial_chance + 1e-9)
        limits = self._limits(view, left, ending, pending, care)
        return max(surely, most_new_lines(new, limits))

    def _ending(self, view: PacingView) -> float:
        """Agents whose wrap-up ends soon and who will then be free."""
        ending = self._wraps.endings_within(self._ahead_seconds, view.wrapping_seconds)
        return ending * (1 - self._leaving.share)

    def _goal(
        self, view: PacingView, agents: int, left: float, ending: float, care: Stage
    ) -> float:
        tuning = self._tuning(agents)
        free = view.idle_agents - view.waiting_calls + tuning.wrap_share * ending
        if free <= 0:
            return 0.0
        reserve = min(tuning.reserve_calls, RESERVE_SHARE * self._budget.earned(view))
        surplus = (left - reserve) / tuning.surplus_scale
        boldness = tuning.boldness * math.exp(max(MOST_SHIER, min(MOST_BOLDER, surplus)))
        return float(min(care.boldest, boldness) * free**tuning.growth)

    def _limits(
        self, view: PacingView, left: float, ending: float, pending: float, care: Stage
    ) -> Limits:
        """What the budget covers."""
        earned = self._budget.earned(view)
        caution = self._rings.caution
        return Limits(
            ringing=len(view.ringing_seconds),
            expected_answers=pending * caution,
            chance=self._rings.dial_chance * caution,
            too_many=answers_too_many(view.idle_agents, ending, left - spare_calls(earned)),
            least_chance=least_chance(earned),
            exponent=care.exponent,
        )

    def _tuning(self, agents: int) -> Tuning:
        tuning = self._tunings.get(agents)
        if tuning is None:
            tuning = self._tunings[agents] = tune(agents)
        return tuning

    def _explain(self, view: PacingView, left: float, pending: float) -> str:
        return (
            f"{view.idle_agents} agents free, {len(view.ringing_seconds)} lines ring with"
            f" {pending:.1f} answers to come, a new line is answered at"
            f" {100 * self._rings.dial_chance:.0f} %, {left:.1f} more calls may be lost"
        )


def agents_in(view: PacingView) -> int:
    """Return how many agents are logged in, by what they do."""
    return view.idle_agents + len(view.talking_seconds) + len(view.wrapping_seconds)
