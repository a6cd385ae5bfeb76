"""Ways of pacing that a simulation can play: ours, and constant lines per free agent."""

import math

from dialer.pacing import Pacer, PacingView, new_pacer
from dialer.simulation.engine import Floor, Score, play
from dialer.simulation.world import World


def look(floor: Floor) -> PacingView:
    """Return what a pacer sees of the floor."""
    now = floor.now
    return PacingView(
        now_seconds=now,
        idle_agents=floor.idle,
        talking_seconds=[now - since for since in floor.talking.values()],
        wrapping_seconds=[now - since for since in floor.wrapping.values()],
        ringing_seconds=[now - since for since in floor.ringing.values()],
        waiting_calls=len(floor.waiting),
        dial_results=tuple(floor.dial_results),
        finished_talks=tuple(floor.finished_talks),
        finished_wraps=tuple(floor.finished_wraps),
        answered_in_window=floor.answered,
        abandoned_in_window=floor.abandoned,
    )


class PacerWay:
    """A pacer behind the public view: what `new_pacer` gives, or anyone's."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer

    def lines(self, floor: Floor) -> int:
        """Return what the pacer decides."""
        return self._pacer.decide(look(floor)).lines


class ConstantLines:
    """So many lines for each free agent, rounded down, less what rings or waits.

    One line per agent is progressive dialling.
    """

    def __init__(self, lines_per_agent: float) -> None:
        self._lines_per_agent = lines_per_agent

    def lines(self, floor: Floor) -> int:
        """Return the lines that are missing."""
        if not floor.idle:
            return 0
        goal = math.floor(self._lines_per_agent * floor.idle + 1e-9)
        return max(0, goal - len(floor.ringing) - len(floor.waiting))


def predictive(world: World, max_abandonment: float = 0.03) -> PacerWay:
    """Return our predictive pacer, told how long callers wait and nothing else of the world."""
    return PacerWay(
        new_pacer(
            "predictive",
            max_abandonment=max_abandonment,
            connect_seconds=world.patience_seconds,
        )
    )


COARSE_STEP, FINE_STEP = 1.09, 1.015
ORACLE_MOST = 60.0
ORACLE_PATIENCE = 3


def hindsight_oracle(
    world: World, agents: int, seed: int, *, cap: float = 0.03
) -> tuple[float, Score]:
    """Return the best constant lines per agent of this very run, known only afterwards.

    Plays the same draws with a grid of constants, then with a finer grid around the best, and keeps
    the highest utilisation whose abandonment, of the whole run, is within the cap.
    """
    tried: dict[float, Score] = {}

    def best() -> float:
        allowed = [lines for lines, score in tried.items() if score.abandonment <= cap]
        return max(allowed, key=lambda lines: tried[lines].utilisation, default=1.0)

    lines, too_many = 1.0, 0
    while lines < ORACLE_MOST and too_many < ORACLE_PATIENCE:
        score = tried[lines] = play(world, agents, seed, ConstantLines(lines))
        too_many = too_many + 1 if score.abandonment > 1.5 * cap else 0
        lines *= COARSE_STEP
    lines, end = best() / COARSE_STEP, best() * COARSE_STEP
    while lines < end:
        if lines >= 1:
            tried[lines] = play(world, agents, seed, ConstantLines(lines))
        lines *= FINE_STEP
    return best(), tried[best()]
