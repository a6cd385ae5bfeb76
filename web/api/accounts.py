"""Accounts, sessions, the second factor, and the audit log."""

import asyncio
import time

import structlog
from aiohttp import web

from calls.ids import AgentId
from store.accounts import Account, LoginRefused, LoginTaken, Role
from store.audit import NEWEST
from web.account_schemas import (
    AccountList,
    AccountView,
    AuditLineView,
    AuditList,
    AuditQuery,
    CodeGiven,
    NewAccount,
    NewPassword,
    OpenSessionView,
    SecondFactorOffer,
    SessionList,
)
from web.api.answers import answer, read_body, read_query
from web.desk_ports import PhonesNotPublished
from web.errors import (
    AsteriskAway,
    BadRequest,
    Conflict,
    NotFound,
    TooManyTries,
    WrongCode,
    WrongPassword,
)
from web.keys import ACCOUNT, PASSWORDS, SERVICES, SETTINGS, SIGN_IN_LIMIT, TENANCY
from web.passwords import hash_password
from web.schemas import Nothing
from web.second_factor import is_right_code, new_secret, provisioning_uri
from web.security import client_address
from web.sessions import session_id_of

_log = structlog.get_logger(__name__)


def _count_try(request: web.Request) -> None:
    """Guessing a password or code here is as limited as at the sign-in."""
    login = request[ACCOUNT].login
    address = client_address(request, request.app[SETTINGS])
    if wait := request.app[SIGN_IN_LIMIT].begin(login, address, time.monotonic()):
        raise TooManyTries(retry_after=wait)


def _forgive(request: web.Request) -> None:
    address = client_address(request, request.app[SETTINGS])
    request.app[SIGN_IN_LIMIT].forgive(request[ACCOUNT].login, address)


async def password(request: web.Request) -> web.Response:
    """Replace the own password; every session of the login ends."""
    wanted = await read_body(request, NewPassword)
    accounts, login = request.app[SERVICES].accounts, request[ACCOUNT].login
    _count_try(request)
    found = await accounts.credentials(login)
    if found is None or not await request.app[PASSWORDS].is_right(wanted.old, found.password_hash):
        raise WrongPassword
    _forgive(request)
    await accounts.set_password(login, await asyncio.to_thread(hash_password, wanted.new))
    return answer(Nothing())


async def sessions(request: web.Request) -> web.Response:
    """List the open sessions of the own login."""
    accounts, login = request.app[SERVICES].accounts, request[ACCOUNT].login
    own = session_id_of(request)
    views = [
        OpenSessionView(
            one.session_id,
            one.created_at,
            one.expires_at,
            one.address,
            one.browser,
            one.session_id == own,
        )
        for one in await accounts.sessions(login)
    ]
    factor = await accounts.second_factor(login)
    return answer(SessionList(views, factor.secret is not None))


async def session_revoke(request: web.Request) -> web.Response:
    """End one session of the own login."""
    await read_body(request, Nothing)
    accounts, login = request.app[SERVICES].accounts, request[ACCOUNT].login
    if not await accounts.close_session_by_id(login, request.match_info["session"]):
        raise NotFound("there is no such session")
    return answer(Nothing())


async def totp_begin(request: web.Request) -> web.Response:
    """Offer a secret for an authenticator app."""
    await read_body(request, Nothing)
    login, secret = request[ACCOUNT].login, new_secret()
    if not await request.app[SERVICES].accounts.propose_second_factor(login, secret):
        raise Conflict("a second factor is in use already: remove it first")
    return answer(SecondFactorOffer(secret, provisioning_uri(secret, login)))


async def totp_confirm(request: web.Request) -> web.Response:
    """Ask for codes from now on, if this first one is right."""
    given = await read_body(request, CodeGiven)
    accounts, login = request.app[SERVICES].accounts, request[ACCOUNT].login
    _count_try(request)
    pending = (await accounts.second_factor(login)).pending
    if pending is None:
        raise Conflict("no second factor was offered: begin first")
    if not await is_right_code(accounts, login, pending, given.code, time.time()):
        raise WrongCode
    _forgive(request)
    if not await accounts.adopt_second_factor(login, pending):
        raise Conflict("another secret was offered meanwhile: begin again")
    return answer(Nothing())


async def totp_remove(request: web.Request) -> web.Response:
    """Ask for the password alone again; needs a code."""
    given = await read_body(request, CodeGiven)
    accounts, login = request.app[SERVICES].accounts, request[ACCOUNT].login
    _count_try(request)
    secret = (await accounts.second_factor(login)).secret
    if secret is None:
        raise Conflict("no second factor is in use")
    if not await is_right_code(accounts, login, secret, given.code, time.time()):
        raise WrongCode
    _forgive(request)
    await accounts.drop_second_factor(login)
    return answer(Nothing())


async def accounts(request: web.Request) -> web.Response:
    """List the accounts of the organisation."""
    organisation = request[ACCOUNT].organisation
    found = await request.app[SERVICES].accounts.list()
    return answer(
        AccountList(
            [
                AccountView(
                    one.account.login,
                    one.account.role,
                    one.account.agent,
                    one.created_at,
                    one.sessions,
                    one.has_second_factor,
                )
                for one in found
                if one.account.organisation == organisation
            ]
        )
    )


async def account_add(request: web.Request) -> web.Response:
    """Add an account of the own organisation."""
    wanted = await read_body(request, NewAccount)
    if wanted.role is Role.AGENT and wanted.agent is None:
        raise BadRequest("an agent's account needs its seat: agent")
    account = Account(
        wanted.login,
        wanted.role,
        AgentId(wanted.agent) if wanted.agent else None,
        request[ACCOUNT].organisation,
    )
    password_hash = await asyncio.to_thread(hash_password, wanted.password)
    if account.agent is not None:
        await _make_phone(request, account, wanted.name)
    try:
        await request.app[SERVICES].accounts.add(account, password_hash)
    except LoginTaken as error:
        raise Conflict(str(error)) from error
    except LoginRefused as error:
        raise BadRequest(str(error)) from error
    _log.info("account_added", login=account.login, role=account.role.value)
    return answer(Nothing())


async def _make_phone(request: web.Request, account: Account, name: str) -> None:
    """Give the seat a phone that works before anybody can sign in there."""
    agent = account.agent or ""
    if not request.app[TENANCY].sees_agent(request[ACCOUNT], agent):
        raise Conflict(f"agent {agent} belongs to another organisation")
    try:
        await request.app[SERVICES].phones.add(agent, name or agent, account.organisation)
    except PhonesNotPublished as error:
        raise AsteriskAway(str(error)) from error


async def account_revoke(request: web.Request) -> web.Response:
    """End every session of a login of the own organisation."""
    await read_body(request, Nothing)
    login = request.match_info["login"]
    found = await request.app[SERVICES].accounts.credentials(login)
    if found is None or found.account.organisation != request[ACCOUNT].organisation:
        raise NotFound(f"there is no account {login}")
    await request.app[SERVICES].accounts.close_sessions(login)
    return answer(Nothing())


async def audit(request: web.Request) -> web.Response:
    """List who did what, newest first."""
    query = read_query(request, AuditQuery)
    lines = await request.app[SERVICES].audit.list(
        request[ACCOUNT].organisation, query.before or NEWEST, query.limit
    )
    return answer(
        AuditList(
            [
                AuditLineView(
                    line.audit_id,
                    line.at,
                    line.login,
                    line.role,
                    line.address,
                    line.action,
                    line.subject,
                    line.status,
                )
                for line in lines
            ]
        )
    )
