"""The third login: reloads one module of Asterisk after its configuration was written, no more."""

import asyncio
from collections.abc import Sequence

from ami_bridge.actions import AmiAction
from ami_bridge.errors import ActionRefused, AmiError
from ami_bridge.parameters import AmiAddress, AmiTimeouts, Login
from ami_bridge.session import AmiSession
from calls.switch import SwitchError
from config.timeouts import PHONE_KNOWN_POLL_SECONDS, PHONE_KNOWN_SECONDS

SIP_MODULE = "res_pjsip.so"


class ReloadFailed(Exception):
    """Asterisk did not read its configuration again; the message says why, in one line."""


async def _wait_known(session: AmiSession, endpoints: Sequence[str]) -> None:
    """Asterisk answers a Reload before all of it is done."""
    try:
        async with asyncio.timeout(PHONE_KNOWN_SECONDS):
            for endpoint in endpoints:
                while not await _knows(session, endpoint):  # noqa: ASYNC110 # AMI has no event for it
                    await asyncio.sleep(PHONE_KNOWN_POLL_SECONDS)
    except TimeoutError:
        raise ReloadFailed("Asterisk read its file again and does not know the account") from None


async def _knows(session: AmiSession, endpoint: str) -> bool:
    try:
        await session.ask(AmiAction("PJSIPShowEndpoint", (("Endpoint", endpoint),)))
    except ActionRefused:
        return False
    return True


async def reload_phones(
    address: AmiAddress,
    user: str,
    secret: str,
    endpoints: Sequence[str] = (),
    timeouts: AmiTimeouts | None = None,
) -> None:
    """Let Asterisk read the SIP accounts again; calls in progress are untouched.

    Returns when it knows every one of `endpoints`. Raises ReloadFailed. The login lives for this
    one action: it is needed a few times a day.
    """
    session = AmiSession(address, Login(user, secret, "off"), timeouts=timeouts)
    try:
        await session.open()
        await session.ask(AmiAction("Reload", (("Module", SIP_MODULE),)))
        await _wait_known(session, endpoints)
    except (AmiError, SwitchError) as error:
        raise ReloadFailed(str(error)) from error
    finally:
        await session.close()
