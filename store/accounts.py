"""Accounts and their web sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from calls.ids import AgentId
from store.database import Database, Row
from store.errors import DatabaseRefused, StoreError


class Role(StrEnum):
    """What a person is to the call floor; `web.permissions` says what each may do."""

    AGENT = "agent"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    HR = "hr"
    OPERATIONS = "operations"
    CLIENT = "client"
    CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Account:
    """Who is signed in. agent: the seat of this person, if it is an agent's account."""

    login: str
    role: Role
    agent: AgentId | None = None


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account and the hash that its password must match."""

    account: Account
    password_hash: str


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """One line of the accounts' listing. sessions: how many are open now."""

    account: Account
    created_at: datetime
    sessions: int


class LoginTaken(StoreError):
    """There is an account of this login already."""


class LoginRefused(StoreError):
    """The login, or the agent that it names, is not one that the database takes."""


class NoSuchAccount(StoreError):
    """There is no account of this login."""


def _account(row: Row) -> Account:
    agent = row["agent_id"]
    return Account(row["login"], Role(row["role"]), AgentId(agent) if agent else None)


class AccountStore:
    """Accounts and sessions in Postgres. Only hashes come in here, never a password or token."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, account: Account, password_hash: str) -> None:
        """Save a new account; raises LoginTaken or LoginRefused."""
        try:
            await self._database.execute(
                "add_account", account.login, password_hash, account.role.value, account.agent
            )
        except DatabaseRefused as error:
            raise _why_refused(account, error) from error

    async def list(self) -> list[ListedAccount]:
        """Return every account, by login."""
        rows = await self._database.fetch("list_accounts")
        return [ListedAccount(_account(row), row["created_at"], row["sessions"]) for row in rows]

    async def credentials(self, login: str) -> Credentials | None:
        """Return what a sign-in is checked against, None if there is no such login."""
        row = await self._database.fetch_row("account_credentials", login)
        return None if row is None else Credentials(_account(row), row["password_hash"])

    async def set_password(self, login: str, password_hash: str) -> None:
        """Replace the password and revoke every session; raises NoSuchAccount."""
        async with self._database.transaction() as tx:
            if not await tx.execute("set_account_password", login, password_hash):
                raise NoSuchAccount(f"there is no account {login}")
            await tx.execute("close_web_sessions", login)

    async def open_session(self, token_hash: bytes, login: str, seconds: float) -> None:
        """Save a session that lasts `seconds`, and forget the expired ones."""
        async with self._database.transaction() as tx:
            await tx.execute("drop_expired_web_sessions")
            await tx.execute("open_web_session", token_hash, login, seconds)

    async def session(self, token_hash: bytes) -> Account | None:
        """Return whose session this is; None if it is unknown, revoked or expired."""
        row = await self._database.fetch_row("web_session_account", token_hash)
        return None if row is None else _account(row)

    async def close_session(self, token_hash: bytes) -> None:
        """Revoke one session."""
        await self._database.execute("close_web_session", token_hash)

    async def close_sessions(self, login: str) -> int:
        """Revoke every session of a login; return how many there were."""
        return await self._database.execute("close_web_sessions", login)


def _why_refused(account: Account, error: DatabaseRefused) -> StoreError:
    match error.constraint:
        case "account_pkey":
            return LoginTaken(f"there is an account {account.login} already")
        case "account_agent_id_fkey":
            return LoginRefused(f"there is no agent {account.agent}")
        case "account_login_check":
            return LoginRefused(
                f"{account.login!r} cannot be a login: small letters, digits and . _ - only, "
                "40 at most, a letter or digit first"
            )
        case _:
            return error
