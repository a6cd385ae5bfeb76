"""How many wrong passwords are borne. Pure: the clock is an argument."""

from collections import OrderedDict, deque

from web import limits


class SignInLimit:
    """Counts recent failures per login, per address and per pair of them."""

    def __init__(self, remembered: int = limits.SIGN_IN_REMEMBERED_KEYS) -> None:
        self._remembered = remembered
        self._failures: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def wait_seconds(self, login: str, address: str, now: float) -> float:
        """Return how long to wait before another try is looked at; 0: go on."""
        return max(
            self._wait(key, allowed, now) for key, allowed in _allowances(login, address).items()
        )

    def note_failure(self, login: str, address: str, now: float) -> None:
        """A password was wrong."""
        for key in _allowances(login, address):
            self._failures.setdefault(key, deque()).append(now)
            self._failures.move_to_end(key)
        while len(self._failures) > self._remembered:
            self._failures.popitem(last=False)

    def note_success(self, login: str, address: str) -> None:
        """The right person has come in: this pair's failures are forgiven."""
        self._failures.pop((login, address), None)

    def _wait(self, key: tuple[str, str], allowed: int, now: float) -> float:
        failures = self._failures.get(key)
        if failures is None:
            return 0.0
        while failures and failures[0] <= now - limits.SIGN_IN_WINDOW_SECONDS:
            failures.popleft()
        if not failures:
            del self._failures[key]
            return 0.0
        if len(failures) < allowed:
            return 0.0
        return failures[-allowed] + limits.SIGN_IN_WINDOW_SECONDS - now


def _allowances(login: str, address: str) -> dict[tuple[str, str], int]:
    return {
        (login, address): limits.SIGN_IN_TRIES_PER_LOGIN_AND_ADDRESS,
        ("", address): limits.SIGN_IN_TRIES_PER_ADDRESS,
        (login, ""): limits.SIGN_IN_TRIES_PER_LOGIN,
    }
