"""The second factor: time-based codes (RFC 6238), each of which works once."""

import pyotp

from config.timeouts import TOTP_STEP_SECONDS
from web.ports import Accounts

_ISSUER = "Callfloor"


def new_secret() -> str:
    """Return a fresh secret of 160 bits, base32."""
    return pyotp.random_base32()


def provisioning_uri(secret: str, login: str) -> str:
    """Return what an authenticator app reads as a QR code or by hand."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=_ISSUER)


def step_of(secret: str, code: str, now: float) -> int | None:
    """Return the time step that the code belongs to, None if it is wrong.

    The step before and the one after count, too: telephones' clocks are off by some seconds.
    """
    totp = pyotp.TOTP(secret)
    current = int(now) // TOTP_STEP_SECONDS
    for step in (current, current - 1, current + 1):
        if pyotp.utils.strings_equal(totp.at(step * TOTP_STEP_SECONDS), code):
            return step
    return None


async def is_right_code(accounts: Accounts, login: str, secret: str, code: str, now: float) -> bool:
    """Whether the code is right and was never used before; it is used up by this."""
    step = step_of(secret, code.strip(), now)
    return step is not None and await accounts.use_step(login, step)
