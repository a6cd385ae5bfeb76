"""Passwords: argon2 in a worker thread, few at once."""

import asyncio

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from web.limits import PASSWORD_HASHES_AT_ONCE, PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH


class PasswordUnfit(ValueError):
    """The password is too short or too long to be taken."""


def hash_password(password: str, hasher: PasswordHasher | None = None) -> str:
    """Return what to save instead of the password; raises PasswordUnfit. Takes about 50 ms."""
    if not PASSWORD_MIN_LENGTH <= len(password) <= PASSWORD_MAX_LENGTH:
        raise PasswordUnfit(
            f"a password has {PASSWORD_MIN_LENGTH} to {PASSWORD_MAX_LENGTH} characters, "
            f"this one has {len(password)}"
        )
    return (hasher or PasswordHasher()).hash(password)


class Passwords:
    """Checks passwords without holding up the event loop."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._few = asyncio.Semaphore(PASSWORD_HASHES_AT_ONCE)
        # An unknown login takes as long as a known one, so that its absence cannot be measured.
        self._nobody = self._hasher.hash("nobody has this password")

    async def is_right(self, password: str, password_hash: str | None) -> bool:
        """Whether the password is the hashed one; None: there is no such login, so never."""
        async with self._few:
            fits = await asyncio.to_thread(self._verify, password, password_hash or self._nobody)
        return fits and password_hash is not None

    def _verify(self, password: str, password_hash: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False
