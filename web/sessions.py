"""Sessions: a random token in a cookie, its sha256 in the database."""

import hashlib
import secrets

from aiohttp import web

from store.accounts import Account
from web.keys import SERVICES, SETTINGS
from web.security import client_address, is_secure

_BROWSER_CHARACTERS = 200
_COOKIE = "callfloor_session"
_SECURE_COOKIE = f"__Host-{_COOKIE}"


def new_token() -> str:
    """Return 256 bits that nobody can guess."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    """Return what may be saved of a token: a stolen database opens no session."""
    return hashlib.sha256(token.encode()).digest()


def session_id_of(request: web.Request) -> str:
    """Return the id by which this session is listed, empty if there is none."""
    token = token_of(request)
    return hash_token(token)[:12].hex() if token else ""


def _cookie_name(request: web.Request) -> str:
    # Browsers take a __Host- cookie over TLS only, and no other host can plant one.
    return _SECURE_COOKIE if is_secure(request, request.app[SETTINGS]) else _COOKIE


def token_of(request: web.Request) -> str | None:
    """Return the token that the browser sent."""
    return request.cookies.get(_cookie_name(request))


async def account_of(request: web.Request) -> Account | None:
    """Return who is signed in, None if nobody is (any more)."""
    token = token_of(request)
    if not token:
        return None
    return await request.app[SERVICES].accounts.session(hash_token(token))


async def open_session(request: web.Request, response: web.Response, login: str) -> None:
    """Sign this browser in; the session that it had before is revoked."""
    await revoke_session(request)
    token = new_token()
    settings = request.app[SETTINGS]
    await request.app[SERVICES].accounts.open_session(
        hash_token(token),
        login,
        settings.session_seconds,
        client_address(request, settings),
        request.headers.get("User-Agent", "")[:_BROWSER_CHARACTERS],
    )
    response.set_cookie(
        _cookie_name(request),
        token,
        path="/",
        max_age=int(settings.session_seconds),
        httponly=True,
        samesite="Strict",
        secure=is_secure(request, settings),
    )


async def revoke_session(request: web.Request) -> None:
    """Forget the session that the browser sent, if any."""
    if token := token_of(request):
        await request.app[SERVICES].accounts.close_session(hash_token(token))


def drop_cookie(request: web.Request, response: web.Response) -> None:
    """Tell the browser to forget its token."""
    response.del_cookie(
        _cookie_name(request),
        path="/",
        httponly=True,
        samesite="Strict",
        secure=is_secure(request, request.app[SETTINGS]),
    )
