"""The door: nothing is handled that the table of permissions does not grant."""

from aiohttp import web
from aiohttp.typedefs import Handler

from web.errors import NotAllowed, NotSignedIn
from web.keys import ACCOUNT, SETTINGS
from web.permissions import may_use
from web.security import check_state_change, is_from_this_machine
from web.sessions import account_of

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


@web.middleware
async def guard_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through who may; everybody else gets NotSignedIn or NotAllowed."""
    if request.match_info.http_exception is not None:
        return await handler(request)  # no such address: nothing to guard
    name = request.match_info.route.name or ""
    # What is open to all needs no look at the database, so it works while that is away.
    if not may_use(name, None, from_this_machine=is_from_this_machine(request)):
        account = await account_of(request)
        if account is None:
            raise NotSignedIn
        if not may_use(name, account.role):
            raise NotAllowed
        request[ACCOUNT] = account
    if request.method not in _SAFE_METHODS:
        check_state_change(request, request.app[SETTINGS])
    return await handler(request)
