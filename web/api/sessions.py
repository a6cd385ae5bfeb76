"""Signing in and out."""

import time
from http import HTTPStatus

import structlog
from aiohttp import web

from store.accounts import Account
from web.api.answers import answer, read_body
from web.errors import CodeNeeded, TooManyTries, WrongCode, WrongPassword
from web.guard import act_of
from web.keys import ACCOUNT, PASSWORDS, SERVICES, SETTINGS, SIGN_IN_LIMIT
from web.permissions import routes_of
from web.schemas import Me, Nothing, Session, SignIn
from web.second_factor import is_right_code
from web.security import client_address
from web.sessions import account_of, drop_cookie, open_session, revoke_session

_log = structlog.get_logger(__name__)


def _me(account: Account) -> Me:
    return Me(account.login, account.role, account.agent, routes_of(account.role))


async def sign_in(request: web.Request) -> web.Response:
    """Check login and password and set the session cookie."""
    wanted = await read_body(request, SignIn)
    login = wanted.login.strip().lower()
    address = client_address(request, request.app[SETTINGS])
    limit = request.app[SIGN_IN_LIMIT]
    if wait := limit.begin(login, address, time.monotonic()):
        _log.warning("sign_in_limited", address=address)
        raise TooManyTries(retry_after=wait)
    account = await _check(request, login, wanted)
    limit.forgive(login, address)
    response = answer(_me(account))
    await _note(request, account)
    await open_session(request, response, account.login)
    _log.info("signed_in", login=account.login, role=account.role.value, address=address)
    return response


async def _check(request: web.Request, login: str, wanted: SignIn) -> Account:
    accounts = request.app[SERVICES].accounts
    found = await accounts.credentials(login)
    password_hash = None if found is None else found.password_hash
    is_right = await request.app[PASSWORDS].is_right(wanted.password, password_hash)
    if found is None or not is_right:
        raise WrongPassword
    if found.totp_secret is not None:
        if wanted.code is None:
            raise CodeNeeded
        if not await is_right_code(accounts, login, found.totp_secret, wanted.code, time.time()):
            raise WrongCode
    return found.account


async def _note(request: web.Request, account: Account) -> None:
    audit = request.app[SERVICES].audit
    audit_id = await audit.begin(act_of(request, account, "sign_in"))
    await audit.finish(audit_id, HTTPStatus.OK)


async def sign_out(request: web.Request) -> web.Response:
    """Revoke the session."""
    await read_body(request, Nothing)
    await revoke_session(request)
    response = answer(Nothing())
    drop_cookie(request, response)
    return response


async def me(request: web.Request) -> web.Response:
    """Tell who is signed in and what that role may use."""
    return answer(_me(request[ACCOUNT]))


async def session(request: web.Request) -> web.Response:
    """Tell who is signed in, if anybody is; a page asks this before it knows."""
    account = await account_of(request)
    return answer(Session(None if account is None else _me(account)))
