"""Who uses the embedded server: a shared lock each, so that no death can miscount them."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OPEN: set[int] = set()
"""Lock files of this process. A child that it forks is no user: it must not hold them too."""


class ServerUsers:
    """The lock files of one server's folder, as one of its users holds them.

    users.lock: shared by every user, exclusive while the server is being stopped.
    starting.lock: held while somebody looks whether the server runs, and starts it.
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / "users.lock"
        self._starting = folder / "starting.lock"
        self._held: int | None = None

    @property
    def is_inside(self) -> bool:
        """Whether we are among the users."""
        return self._held is not None

    def enter(self) -> None:
        """Become a user; waits while a server without users is being stopped."""
        if self._held is None:
            self._held = _open(self.file)
            fcntl.flock(self._held, fcntl.LOCK_SH)

    @contextmanager
    def starting(self) -> Iterator[None]:
        """Be the only one who starts the server."""
        held = _open(self._starting)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            _close(held)

    @contextmanager
    def leaving(self) -> Iterator[bool]:
        """Be no user any more; gives True to the last one, whom nobody can join until it is done.

        When the server's keeper was quicker than the last user, this waits until it has stopped it.
        """
        if self._held is None:
            yield False
            return
        held, self._held = self._held, None
        try:
            is_last = _try(held, fcntl.LOCK_EX)
            if not is_last:
                fcntl.flock(held, fcntl.LOCK_SH)
            yield is_last
        finally:
            _close(held)


def _open(file: Path) -> int:
    held = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    _OPEN.add(held)
    return held


def _close(held: int) -> None:
    _OPEN.discard(held)
    os.close(held)


def _close_all() -> None:
    while _OPEN:
        os.close(_OPEN.pop())


os.register_at_fork(after_in_child=_close_all)


def _try(held: int, kind: int) -> bool:
    try:
        fcntl.flock(held, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
