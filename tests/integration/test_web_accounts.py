"""Accounts and sessions on a real Postgres, by the API and by the command line."""

import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from aiohttp import ClientSession

from calls.ids import AgentId
from store.accounts import (
    Account,
    AccountStore,
    LoginRefused,
    LoginTaken,
    NoSuchAccount,
    Role,
)
from store.database import Database
from tests.fakes.web_services import (
    PASSWORD,
    PASSWORD_HASH,
    QUICK,
    QUICK_HASHER,
    Ports,
    client,
    get_json,
    post_json,
    served,
    sign_in,
)
from web.sessions import hash_token

pytestmark = pytest.mark.postgres
ROOT = Path(__file__).parents[2]
CHIEF = Account("chief", Role.SUPERVISOR)


@pytest.fixture
async def accounts(database: Database) -> AccountStore:
    """A store with one supervisor."""
    store = AccountStore(database)
    await store.add(CHIEF, PASSWORD_HASH)
    return store


@pytest.fixture
async def http(accounts: AccountStore) -> AsyncIterator[ClientSession]:
    """A client of an application whose accounts are in Postgres."""
    async with served(replace(Ports().services, accounts=accounts)) as opened:
        yield opened


async def test_an_account_comes_back_as_it_was_saved(
    accounts: AccountStore, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("INSERT INTO agent (agent_id, name) VALUES ('agent-1001', 'Li Wei')")
    agent = Account("li.wei", Role.AGENT, AgentId("agent-1001"))
    await accounts.add(agent, PASSWORD_HASH)
    found = await accounts.credentials("li.wei")
    assert found is not None
    assert (found.account, found.password_hash) == (agent, PASSWORD_HASH)
    assert [one.account for one in await accounts.list()] == [CHIEF, agent]
    assert await accounts.credentials("nobody") is None


@pytest.mark.parametrize("role", list(Role))
async def test_the_database_knows_every_role(accounts: AccountStore, role: Role) -> None:
    await accounts.add(Account(f"is-{role.value}", role), PASSWORD_HASH)


async def test_what_cannot_be_an_account_is_refused(accounts: AccountStore) -> None:
    with pytest.raises(LoginTaken, match="chief"):
        await accounts.add(CHIEF, PASSWORD_HASH)
    with pytest.raises(LoginRefused, match="cannot be a login"):
        await accounts.add(Account("No Such!", Role.HR), PASSWORD_HASH)
    with pytest.raises(LoginRefused, match="no agent agent-9"):
        await accounts.add(Account("li", Role.AGENT, AgentId("agent-9")), PASSWORD_HASH)
    with pytest.raises(NoSuchAccount):
        await accounts.set_password("nobody", PASSWORD_HASH)


async def test_a_session_ends_by_itself_and_is_then_forgotten(
    accounts: AccountStore, database_url: str
) -> None:
    await accounts.open_session(hash_token("old"), "chief", seconds=-1)
    assert await accounts.session(hash_token("old")) is None
    await accounts.open_session(hash_token("new"), "chief", seconds=60)
    assert await accounts.session(hash_token("new")) == CHIEF
    with psycopg.connect(database_url) as connection:
        (count,) = connection.execute("SELECT count(*) FROM web_session").fetchone() or (None,)
    assert count == 1


async def test_a_new_password_ends_every_session(accounts: AccountStore) -> None:
    for token in ("one", "two"):
        await accounts.open_session(hash_token(token), "chief", seconds=60)
    await accounts.set_password("chief", QUICK_HASHER.hash("another password"))
    assert await accounts.session(hash_token("one")) is None
    assert await accounts.session(hash_token("two")) is None


async def test_signing_in_twice_and_out_once(http: ClientSession, accounts: AccountStore) -> None:
    assert await sign_in(http, "chief") == 200
    async with client(str(http._base_url)) as other:
        assert await sign_in(other, "chief") == 200
        assert (await accounts.list())[0].sessions == 2
        await post_json(http, "/api/v1/sign-out", {})
        await get_json(http, "/api/v1/me", 401)
        assert (await get_json(other, "/api/v1/me"))["login"] == "chief"
        assert await accounts.close_sessions("chief") == 1
        await get_json(other, "/api/v1/me", 401)


async def test_a_session_expires(accounts: AccountStore) -> None:
    services = replace(Ports().services, accounts=accounts)
    async with served(services, replace(QUICK, session_seconds=0.0)) as http:
        assert await sign_in(http, "chief") == 200
        await get_json(http, "/api/v1/me", 401)


async def test_neither_password_nor_token_is_in_the_database(
    http: ClientSession, database_url: str
) -> None:
    assert await sign_in(http, "chief") == 200
    (cookie,) = http.cookie_jar
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT a::text, s::text FROM account AS a JOIN web_session AS s USING (login)"
        ).fetchall()
    (row,) = rows
    assert PASSWORD not in "".join(row)
    assert cookie.value not in "".join(row)
    assert hash_token(cookie.value).hex() in row[1]


def _callfloor(database_url: str, *args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli.main", "account", *args],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={"PATH": "/usr/bin:/bin", "CALLFLOOR_DATABASE_URL": database_url},
    )


async def test_an_account_made_on_the_command_line_can_sign_in(
    database: Database, database_url: str
) -> None:
    made = _callfloor(
        database_url, "add", "wang", "--role", "supervisor", "--password-stdin", stdin=PASSWORD
    )
    assert made.returncode == 0, made.stderr
    listed = _callfloor(database_url, "list", "--format", "csv").stdout.splitlines()
    assert listed[1].startswith("wang,supervisor,,")
    async with served(replace(Ports().services, accounts=AccountStore(database))) as http:
        assert await sign_in(http, "wang") == 200
        assert await sign_in(http, "wang", "wrong") == 401


def test_the_command_line_refuses_in_one_line(database_url: str) -> None:
    short = _callfloor(
        database_url, "add", "wang", "--role", "hr", "--password-stdin", stdin="short\n"
    )
    assert short.returncode == 1
    assert short.stderr.splitlines() == [
        "callfloor: a password has 10 to 200 characters, this one has 5"
    ]
    agent = _callfloor(database_url, "add", "li", "--role", "agent", "--password-stdin")
    assert agent.returncode == 1
    assert "needs --agent" in agent.stderr
