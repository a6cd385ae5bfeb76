"""The door: nothing is handled that the table of permissions does not grant."""

import time
from contextlib import suppress

from aiohttp import web
from aiohttp.typedefs import Handler

from store.accounts import Account
from store.audit import Act
from store.errors import StoreError
from web.errors import ApiError, NotAllowed, NotSignedIn, TooManyRequests
from web.keys import ACCOUNT, REQUEST_LIMIT, SERVICES, SETTINGS, TENANCY
from web.permissions import RouteName, is_audited, may_use
from web.security import check_state_change, client_address, is_from_this_machine
from web.sessions import account_of, session_id_of

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FAILED = 500
_UNLIMITED = frozenset({RouteName.HEALTHZ, RouteName.READYZ, RouteName.ASSET})
"""What watchdogs and the browser's cache ask for costs next to nothing."""


@web.middleware
async def guard_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let through who may; everybody else gets NotSignedIn or NotAllowed."""
    if request.match_info.http_exception is not None:
        return await handler(request)  # no such address: nothing to guard
    name = request.match_info.route.name or ""
    _check_rate(request, name)
    # What is open to all needs no look at the database, so it works while that is away.
    if not may_use(name, None, from_this_machine=is_from_this_machine(request)):
        account = await account_of(request)
        if account is None:
            raise NotSignedIn
        if not may_use(name, account.role):
            await _note_refusal(request, account, name)
            raise NotAllowed
        request[ACCOUNT] = account
        await request.app[TENANCY].refresh()
    if request.method not in _SAFE_METHODS:
        check_state_change(request, request.app[SETTINGS])
    if is_audited(name, request.method) and ACCOUNT in request:
        return await _audited(request, handler, name)
    return await handler(request)


def _check_rate(request: web.Request, name: str) -> None:
    if name in _UNLIMITED:
        return
    # A made-up session is a new caller: only the address bounds those.
    address = client_address(request, request.app[SETTINGS])
    limit = request.app[REQUEST_LIMIT]
    now = time.monotonic()
    session = session_id_of(request)
    wait = limit.take(f"session {session}", now) if session else limit.take(f"at {address}", now)
    if wait:
        raise TooManyRequests(retry_after=wait)


def act_of(request: web.Request, account: Account, action: str, subject: str = "") -> Act:
    """Return what the audit log shall say of this request; never its body: it may hold secrets."""
    named = subject or " ".join(request.match_info.values())
    address = client_address(request, request.app[SETTINGS])
    query = f"?{request.query_string}" if request.query_string else ""
    return Act(
        account.login, account.role.value, account.organisation, address, action, named + query
    )


async def _audited(request: web.Request, handler: Handler, name: str) -> web.StreamResponse:
    """Do it only after it was written down; then write down what came of it."""
    audit = request.app[SERVICES].audit
    audit_id = await audit.begin(act_of(request, request[ACCOUNT], name))
    status = _FAILED
    try:
        response = await handler(request)
        status = response.status
        return response
    except ApiError as error:
        status = error.status
        raise
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        with suppress(StoreError):  # the act stays in the log, without its outcome
            await audit.finish(audit_id, status)


async def _note_refusal(request: web.Request, account: Account, name: str) -> None:
    """Who tries doors that are not theirs is worth a line."""
    with suppress(StoreError):
        audit = request.app[SERVICES].audit
        audit_id = await audit.begin(act_of(request, account, name))
        await audit.finish(audit_id, NotAllowed.status)
