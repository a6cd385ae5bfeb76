"""Accounts and their web sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from calls.ids import AgentId
from store.database import Database, Row
from store.errors import DatabaseRefused, StoreError

MAIN_ORGANISATION = "main"
"""The organisation of a site that has only one."""


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
    """Who is signed in. agent: the seat of this person, if it is an agent's account.

    organisation: the tenant; nothing of another one is ever shown.
    """

    login: str
    role: Role
    agent: AgentId | None = None
    organisation: str = MAIN_ORGANISATION


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account, the hash that its password must match, and its second factor if it has one."""

    account: Account
    password_hash: str
    totp_secret: str | None = None


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """The secret in use, and the one that waits for its first code."""

    secret: str | None
    pending: str | None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One signed-in browser. session_id: to revoke it by; tells nothing of its token."""

    session_id: str
    created_at: datetime
    expires_at: datetime
    address: str
    browser: str


@dataclass(frozen=True, slots=True)
class ListedAccount:
    """One line of the accounts' listing. sessions: how many are open now."""

    account: Account
    created_at: datetime
    sessions: int
    has_second_factor: bool = False


class LoginTaken(StoreError):
    """There is an account of this login already."""


class LoginRefused(StoreError):
    """The login, or the agent that it names, is not one that the database takes."""


class NoSuchAccount(StoreError):
    """There is no account of this login."""


def _account(row: Row) -> Account:
    agent = row["agent_id"]
    return Account(
        row["login"], Role(row["role"]), AgentId(agent) if agent else None, row["organisation"]
    )


class AccountStore:
    """Accounts and sessions in Postgres. Only hashes come in here, never a password or token."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, account: Account, password_hash: str) -> None:
        """Save a new account; raises LoginTaken or LoginRefused."""
        try:
            added = await self._database.fetch_value(
                "add_account",
                account.login,
                password_hash,
                account.role.value,
                account.agent,
                account.organisation,
            )
        except DatabaseRefused as error:
            raise _why_refused(account, error) from error
        if added is None:
            raise LoginRefused(f"there is no organisation {account.organisation}")

    async def list(self) -> list[ListedAccount]:
        """Return every account, by login."""
        rows = await self._database.fetch("list_accounts")
        return [
            ListedAccount(
                _account(row), row["created_at"], row["sessions"], row["has_second_factor"]
            )
            for row in rows
        ]

    async def credentials(self, login: str) -> Credentials | None:
        """Return what a sign-in is checked against, None if there is no such login."""
        row = await self._database.fetch_row("account_credentials", login)
        if row is None:
            return None
        return Credentials(_account(row), row["password_hash"], row["totp_secret"])

    async def set_password(self, login: str, password_hash: str) -> None:
        """Replace the password and revoke every session; raises NoSuchAccount."""
        async with self._database.transaction() as tx:
            if not await tx.execute("set_account_password", login, password_hash):
                raise NoSuchAccount(f"there is no account {login}")
            await tx.execute("close_web_sessions", login)

    async def open_session(
        self, token_hash: bytes, login: str, seconds: float, address: str = "", browser: str = ""
    ) -> None:
        """Save a session that lasts `seconds`, and forget the expired ones."""
        async with self._database.transaction() as tx:
            await tx.execute("drop_expired_web_sessions")
            await tx.execute("open_web_session", token_hash, login, seconds, address, browser)

    async def sessions(self, login: str) -> Sequence[OpenSession]:
        """Return the open sessions of a login, newest first."""
        rows = await self._database.fetch("list_web_sessions", login)
        return [OpenSession(**dict(row)) for row in rows]

    async def close_session_by_id(self, login: str, session_id: str) -> bool:
        """Revoke one session of a login; False if there is no such session."""
        return bool(await self._database.execute("close_web_session_by_id", login, session_id))

    async def second_factor(self, login: str) -> SecondFactor:
        """Return the second factor of a login; raises NoSuchAccount."""
        row = await self._database.fetch_row("second_factor", login)
        if row is None:
            raise NoSuchAccount(f"there is no account {login}")
        return SecondFactor(row["totp_secret"], row["totp_pending"])

    async def propose_second_factor(self, login: str, secret: str) -> bool:
        """Keep a secret until its first code is shown; False where one is in use."""
        return bool(await self._database.execute("propose_second_factor", login, secret))

    async def adopt_second_factor(self, login: str, secret: str) -> bool:
        """Ask for this pending secret from now on; False if it is not pending any more."""
        return bool(await self._database.execute("adopt_second_factor", login, secret))

    async def drop_second_factor(self, login: str) -> None:
        """Ask for the password alone again."""
        await self._database.execute("drop_second_factor", login)

    async def use_step(self, login: str, step: int) -> bool:
        """Note that the code of a time step was used; False if it, or a newer one, was before."""
        return bool(await self._database.execute("use_second_factor_step", login, step))

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
