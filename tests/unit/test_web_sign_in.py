"""Signing in and out: passwords, sessions, cookies, limits."""

import hashlib
from dataclasses import replace

import pytest
from aiohttp import ClientSession

from config import timeouts
from store.errors import DatabaseUnreachable
from tests.fakes.web_accounts import PASSWORD, PASSWORD_HASH, QUICK_HASHER
from tests.fakes.web_services import QUICK, Ports, get_json, post_json, served, sign_in
from web import limits
from web.passwords import Passwords, PasswordUnfit, hash_password
from web.sign_in_limit import SignInLimit


async def test_signing_in_and_out() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        body = {"login": " Supervisor ", "password": PASSWORD}
        me = await post_json(http, "/api/v1/sign-in", body)
        assert (me["login"], me["role"]) == ("supervisor", "supervisor")
        assert "campaign_start" in me["may_use"]
        assert await get_json(http, "/api/v1/me") == me
        assert await get_json(http, "/api/v1/session") == {"me": me}
        await post_json(http, "/api/v1/sign-out", {})
        assert ports.accounts.sessions_by_token == {}
        body = await get_json(http, "/api/v1/me", 401)
        assert body["error_id"] == "not-signed-in"
        assert await get_json(http, "/api/v1/session") == {"me": None}


async def test_only_the_hash_of_the_token_is_saved() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "hr")
        (cookie,) = http.cookie_jar
        assert list(ports.accounts.sessions_by_token) == [
            hashlib.sha256(cookie.value.encode()).digest()
        ]
        assert len(cookie.value) >= 43  # 256 bits


async def test_the_cookie_is_kept_from_scripts_and_foreign_pages() -> None:
    async with served(Ports().services) as http:
        (cookie,) = await _cookies_after_sign_in(http, {})
        assert cookie.startswith("callfloor_session=")
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(cookie.split("; "))
        assert "Secure" not in cookie  # plain http on loopback: the browser would drop it


async def test_behind_tls_the_cookie_is_secure_and_bound_to_the_host() -> None:
    async with served(Ports().services, replace(QUICK, behind_proxy=True)) as http:
        (cookie,) = await _cookies_after_sign_in(http, {"X-Forwarded-Proto": "https"})
        assert cookie.startswith("__Host-callfloor_session=")
        assert "Secure" in cookie.split("; ")


async def _cookies_after_sign_in(http: ClientSession, headers: dict[str, str]) -> list[str]:
    body = {"login": "supervisor", "password": PASSWORD}
    headers = {**headers, "X-Callfloor": "1"}
    async with http.post("/api/v1/sign-in", json=body, headers=headers) as response:
        assert response.status == 200
        return response.headers.getall("Set-Cookie")


async def test_signing_in_again_revokes_the_session_before() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "hr")
        await sign_in(http, "leader")
        assert list(ports.accounts.sessions_by_token.values()) == ["leader"]


@pytest.mark.parametrize(("login", "password"), [("supervisor", "wrong"), ("nobody", PASSWORD)])
async def test_wrong_login_and_wrong_password_look_the_same(login: str, password: str) -> None:
    async with served(Ports().services) as http:
        body = {"login": login, "password": password}
        said = await post_json(http, "/api/v1/sign-in", body, 401)
        assert said == {
            "error_id": "wrong-password",
            "message": "Login or password is wrong.",
            "incident": None,
        }


async def test_a_revoked_session_is_over_at_once() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "hr")
        ports.accounts.sessions_by_token.clear()
        await get_json(http, "/api/v1/me", 401)


async def test_too_many_wrong_passwords_have_to_wait() -> None:
    async with served(Ports().services) as http:
        for _ in range(limits.SIGN_IN_TRIES_PER_LOGIN_AND_ADDRESS):
            assert await sign_in(http, "supervisor", "wrong") == 401
        body = {"login": "supervisor", "password": PASSWORD}
        async with http.post(
            "/api/v1/sign-in", json=body, headers={"X-Callfloor": "1"}
        ) as response:
            assert response.status == 429
            assert 290 <= int(response.headers["Retry-After"]) <= 300
            assert (await response.json())["error_id"] == "too-many-tries"
        assert await sign_in(http, "leader") == 200  # somebody else is not locked out


async def test_the_database_being_away_is_said_as_such() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        ports.accounts.failure = DatabaseUnreachable("no route")
        body = {"login": "hr", "password": PASSWORD}
        assert (await post_json(http, "/api/v1/sign-in", body, 503))["error_id"] == "database-away"


def test_the_limit_counts_tries_from_their_beginning() -> None:
    limit = SignInLimit()
    waits = [limit.begin("li", "10.0.0.1", 0.0) for _ in range(6)]
    assert waits == [0, 0, 0, 0, 0, 300]
    assert limit.begin("li", "10.0.0.1", 100.0) == 200
    assert limit.begin("li", "10.0.0.1", 300.0) == 0  # the window is over


def test_the_right_password_forgives_the_wrong_ones_before_it() -> None:
    limit = SignInLimit()
    for _ in range(4):
        limit.begin("li", "10.0.0.1", 0.0)
    limit.forgive("li", "10.0.0.1")
    assert [limit.begin("li", "10.0.0.1", 1.0) for _ in range(5)] == [0] * 5


def test_one_address_cannot_try_many_logins() -> None:
    limit = SignInLimit()
    waits = [limit.begin(f"guess{i}", "10.0.0.1", 0.0) for i in range(51)]
    assert waits[:50] == [0] * 50
    assert waits[50] == timeouts.SIGN_IN_WINDOW_SECONDS


def test_one_login_is_guarded_against_many_addresses() -> None:
    limit = SignInLimit()
    waits = [limit.begin("li", f"10.0.0.{i}", 0.0) for i in range(101)]
    assert waits[:100] == [0] * 100
    assert waits[100] > 0


def test_a_flood_of_made_up_logins_takes_bounded_memory() -> None:
    limit = SignInLimit(remembered=30)
    for i in range(1000):
        limit.begin(f"guess{i}", f"10.0.{i // 250}.{i % 250}", float(i))
    assert len(limit._tries) == 30


@pytest.mark.parametrize("password", ["", "123456789", "x" * 201])
def test_a_password_of_unfit_length_is_refused(password: str) -> None:
    with pytest.raises(PasswordUnfit, match="10 to 200 characters"):
        hash_password(password)


async def test_passwords_are_checked() -> None:
    passwords = Passwords(QUICK_HASHER)
    assert await passwords.is_right(PASSWORD, PASSWORD_HASH)
    assert not await passwords.is_right("other", PASSWORD_HASH)
    assert not await passwords.is_right("other", "no argon2 hash")
    assert not await passwords.is_right("nobody has this password", None)
