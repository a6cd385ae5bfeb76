"""How many abandoned calls the cap still bears, by the legal window and by our own count."""

from dialer.pacing.view import PacingView


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

    def learn(self, view: PacingView) -> None:
        """Count what happened since the last view.

        A window that rolls may lose old calls while it gains new ones; only a net gain shows.
        """
        answers = sum(dial.result == "answer" for dial in view.dial_results)
        if self._window is None:
            self._own_answered = max(0, view.answered_in_window - answers)
            self._own_abandoned = view.abandoned_in_window
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
