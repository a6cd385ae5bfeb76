"""The third login: reloads one module of Asterisk after its configuration was written, no more."""

from ami_bridge.actions import AmiAction
from ami_bridge.errors import AmiError
from ami_bridge.parameters import AmiAddress, AmiTimeouts, Login
from ami_bridge.session import AmiSession
from calls.switch import SwitchError

SIP_MODULE = "res_pjsip.so"


class ReloadFailed(Exception):
    """Asterisk did not read its configuration again; the message says why, in one line."""


async def reload_phones(
    address: AmiAddress, user: str, secret: str, timeouts: AmiTimeouts | None = None
) -> None:
    """Let Asterisk read the SIP accounts again; calls in progress are untouched.

    Raises ReloadFailed. The login lives for this one action: it is needed a few times a day.
    """
    session = AmiSession(address, Login(user, secret, "off"), timeouts=timeouts)
    try:
        await session.open()
        await session.ask(AmiAction("Reload", (("Module", SIP_MODULE),)))
    except (AmiError, SwitchError) as error:
        raise ReloadFailed(str(error)) from error
    finally:
        await session.close()
