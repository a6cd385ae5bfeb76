"""How many wrong passwords are borne. Pure: the clock is an argument."""

from collections import OrderedDict, deque

from config import timeouts
from web import limits

_Key = tuple[str, str]


class SignInLimit:
    """Counts recent tries per login, per address and per pair of them.

    A try counts from its beginning, so that many at once are not looked at for free.
    """

    def __init__(self, remembered: int = limits.SIGN_IN_REMEMBERED_KEYS) -> None:
        self._remembered = remembered
        self._tries: OrderedDict[_Key, deque[float]] = OrderedDict()

    def begin(self, login: str, address: str, now: float) -> float:
        """Note a try; return 0, or how many seconds to wait before one is looked at again."""
        allowances = _allowances(login, address)
        wait = max(self._wait(key, allowed, now) for key, allowed in allowances.items())
        if wait == 0:
            for key in allowances:
                self._tries.setdefault(key, deque()).append(now)
                self._tries.move_to_end(key)
            while len(self._tries) > self._remembered:
                self._tries.popitem(last=False)
        return wait

    def forgive(self, login: str, address: str) -> None:
        """The password was right: this try is taken back, and all of this login from here."""
        for key in _allowances(login, address):
            tries = self._tries.get(key)
            if tries:
                tries.pop()
        self._tries.pop((login, address), None)

    def _wait(self, key: _Key, allowed: int, now: float) -> float:
        tries = self._tries.get(key)
        if tries is None:
            return 0.0
        while tries and tries[0] <= now - timeouts.SIGN_IN_WINDOW_SECONDS:
            tries.popleft()
        if not tries:
            del self._tries[key]
            return 0.0
        if len(tries) < allowed:
            return 0.0
        return tries[-allowed] + timeouts.SIGN_IN_WINDOW_SECONDS - now


def _allowances(login: str, address: str) -> dict[_Key, int]:
    return {
        (login, address): limits.SIGN_IN_TRIES_PER_LOGIN_AND_ADDRESS,
        ("", address): limits.SIGN_IN_TRIES_PER_ADDRESS,
        (login, ""): limits.SIGN_IN_TRIES_PER_LOGIN,
    }
