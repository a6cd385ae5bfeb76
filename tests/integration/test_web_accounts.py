"""Accounts and sessions on a real Postgres, by the API and by the command line."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import psycopg
import pytest
import structlog
from aiohttp import ClientSession
from typer.testing import CliRunner

from calls.ids import AgentId
from cli.accounts import app
from store.accounts import (
    Account,
    AccountStore,
    LoginRefused,
    LoginTaken,
    NoSuchAccount,
    Role,
)
from store.database import Database
from tests.fakes.web_accounts import PASSWORD, PASSWORD_HASH, QUICK_HASHER
from tests.fakes.web_services import QUICK, Ports, client, get_json, post_json, served, sign_in
from web.sessions import hash_token

pytestmark = pytest.mark.postgres
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


Verb = Callable[..., Any]


@pytest.fixture
def account_verb(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Verb:
    """Run `callfloor account` in this process, on the test's database."""
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    runner = CliRunner()

    def run(*args: str, stdin: str = "") -> Any:
        result = runner.invoke(app, args, input=stdin)
        # The verb has set logging up for a stream that the runner closes.
        structlog.reset_defaults()
        return result

    return run


def test_an_account_made_on_the_command_line_can_sign_in(
    database_url: str, account_verb: Verb
) -> None:
    made = account_verb(
        "add", "wang", "--role", "supervisor", "--password-stdin", stdin=PASSWORD + "\n"
    )
    assert made.exit_code == 0, made.output
    listed = account_verb("list", "--format", "csv").stdout.splitlines()
    assert listed[1].startswith("wang,supervisor,,")

    async def try_to_sign_in() -> tuple[int, int]:
        database = await Database.open(database_url, max_connections=2)
        services = replace(Ports().services, accounts=AccountStore(database))
        async with served(services) as http:
            statuses = await sign_in(http, "wang"), await sign_in(http, "wang", "wrong")
        await database.close()
        return statuses

    assert asyncio.run(try_to_sign_in()) == (200, 401)
    assert "1 sessions of wang" in account_verb("revoke", "wang").stdout
    changed = account_verb("password", "wang", "--password-stdin", stdin="a new password\n")
    assert changed.exit_code == 0
    assert asyncio.run(try_to_sign_in()) == (401, 401)


def test_the_command_line_refuses_in_one_line(account_verb: Verb) -> None:
    short = account_verb("add", "wang", "--role", "hr", "--password-stdin", stdin="short\n")
    assert short.exit_code == 1
    assert short.stderr.splitlines() == [
        "callfloor: a password has 10 to 200 characters, this one has 5"
    ]
    agent = account_verb("add", "li", "--role", "agent", "--password-stdin")
    assert agent.exit_code == 1
    assert "needs --agent" in agent.stderr
    nobody = account_verb("password", "nobody", "--password-stdin", stdin="a new password\n")
    assert nobody.exit_code == 1
    assert nobody.stderr.splitlines() == ["callfloor: there is no account nobody"]
