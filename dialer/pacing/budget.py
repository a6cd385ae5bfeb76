"""How many abandoned calls the cap still bears, by the legal window and by our own count."""

from dialer.pacing.view import PacingView

HORIZON_SECONDS = 1800.0
"""No run is taken to end sooner: what will have been earned by then pays back a call lost now."""
HORIZON_SHARE = 0.6
"""Of the answers that a pace like that so far would bring until then; it may slacken."""
SETTLING_SECONDS = 60.0
"""Added to the time so far, since a first answer after seconds tells of no pace yet."""


class Budget:
    """max_abandonment x answered - abandoned: the worse of the window and what this pacer saw.

    The window may have begun before this pacer (a restart) or be shorter than its life (a rolling
    window). So both are kept, and neither may be overdrawn. Our own count goes on from what the
    window held at first: that much the law has seen already. Nothing is lent: a call may be lost
    only once the answers so far bear it, so that a run can end at any moment.
    """

    def __init__(self, max_abandonment: float) -> None:
        self._share = max_abandonment
        self._own_answered = 0
        self._own_abandoned = 0
        self._window: tuple[int, int] | None = None
        self._began_seconds = 0.0
        self._answered_before = 0

    def learn(self, view: PacingView) -> None:
        """Count what happened since the last view.

        A window that rolls may lose old calls while it gains new ones; only a net gain shows.
        """
        answers = sum(dial.result == "answer" for dial in view.dial_results)
        if self._window is None:
            self._own_answered = max(0, view.answered_in_window - answers)
            self._own_abandoned = view.abandoned_in_window
            self._began_seconds = view.now_seconds
            self._answered_before = self._own_answered
        else:
            self._own_abandoned += max(0, view.abandoned_in_window - self._window[1])
        self._own_answered += answers
        self._window = (view.answered_in_window, view.abandoned_in_window)

    def left(self, view: PacingView) -> float:
        """Calls that may still be lost; below 0 the cap is broken. Waiting calls count as lost."""
        window = self._share * view.answered_in_window - view.abandoned_in_window
        own = self._share * self._own_answered - self._own_abandoned
        return min(window, own) - view.waiting_calls

    def earned(self, view: PacingView) -> float:
        """Calls that could have been lost so far had none been."""
        return self._share * min(view.answered_in_window, self._own_answered)

    def outlook(self, view: PacingView) -> float:
        """Calls that may be lost once half an hour has passed, were answers to come more slowly
        than so far; after that, just those that are left.
        """
        passed = view.now_seconds - self._began_seconds
        if not 0 <= passed < HORIZON_SECONDS:
            return self.left(view)
        pace = (self._own_answered - self._answered_before) / (passed + SETTLING_SECONDS)
        coming = HORIZON_SHARE * pace * (HORIZON_SECONDS - passed)
        return self.left(view) + self._share * coming
