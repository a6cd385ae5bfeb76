"""Accounts, sessions, audit and owners of the web side, in memory."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from argon2 import PasswordHasher

from calls.ids import AgentId
from store.accounts import (
    Account,
    Credentials,
    ListedAccount,
    LoginTaken,
    OpenSession,
    Role,
    SecondFactor,
)
from store.audit import Act, AuditLine
from store.organisations import Owners

QUICK_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD = "correct horse battery"
PASSWORD_HASH = QUICK_HASHER.hash(PASSWORD)
EPOCH = datetime(2026, 9, 1, tzinfo=UTC)


class MemoryAccounts:
    """Accounts and sessions; every role has an account named after it."""

    def __init__(self) -> None:
        self.accounts = {
            role.value: Account(
                role.value, role, AgentId("agent-1001") if role is Role.AGENT else None
            )
            for role in Role
        }
        self.sessions_by_token: dict[bytes, str] = {}
        self.secrets: dict[str, str] = {}
        self.pending: dict[str, str] = {}
        self.steps: dict[str, int] = {}
        self.failure: Exception | None = None
        self.slow: asyncio.Event | None = None  # a look at a session waits for it
        self.asked = asyncio.Event()

    async def credentials(self, login: str) -> Credentials | None:
        """Return the account with the one password of all."""
        self._fail_if_asked()
        account = self.accounts.get(login)
        if account is None:
            return None
        return Credentials(account, PASSWORD_HASH, self.secrets.get(login))

    async def open_session(
        self, token_hash: bytes, login: str, seconds: float, address: str = "", browser: str = ""
    ) -> None:
        """Keep the session."""
        self.sessions_by_token[token_hash] = login

    async def add(self, account: Account, password_hash: str) -> None:
        """Keep the account."""
        if account.login in self.accounts:
            raise LoginTaken(f"there is an account {account.login} already")
        self.accounts[account.login] = account

    async def list(self) -> "list[ListedAccount]":
        """Return all."""
        return [ListedAccount(one, EPOCH, 0) for one in self.accounts.values()]

    async def set_password(self, login: str, password_hash: str) -> None:
        """End its sessions; the password stays that of all."""
        await self.close_sessions(login)

    async def sessions(self, login: str) -> Sequence[OpenSession]:
        """Return those of the login."""
        return [
            OpenSession(token_hash[:12].hex(), EPOCH, EPOCH, "127.0.0.1", "test")
            for token_hash, of in self.sessions_by_token.items()
            if of == login
        ]

    async def close_session_by_id(self, login: str, session_id: str) -> bool:
        """Forget it."""
        found = [
            token_hash
            for token_hash, of in self.sessions_by_token.items()
            if of == login and token_hash[:12].hex() == session_id
        ]
        for token_hash in found:
            del self.sessions_by_token[token_hash]
        return bool(found)

    async def close_sessions(self, login: str) -> int:
        """Forget all of the login."""
        found = [token for token, of in self.sessions_by_token.items() if of == login]
        for token in found:
            del self.sessions_by_token[token]
        return len(found)

    async def second_factor(self, login: str) -> SecondFactor:
        """Return what was proposed and adopted."""
        return SecondFactor(self.secrets.get(login), self.pending.get(login))

    async def propose_second_factor(self, login: str, secret: str) -> bool:
        """Keep it, unless one is in use."""
        if login in self.secrets:
            return False
        self.pending[login] = secret
        return True

    async def adopt_second_factor(self, login: str, secret: str) -> bool:
        """Use it if it is still pending."""
        if self.pending.get(login) != secret:
            return False
        self.secrets[login] = self.pending.pop(login)
        return True

    async def drop_second_factor(self, login: str) -> None:
        """Forget it."""
        self.secrets.pop(login, None)

    async def use_step(self, login: str, step: int) -> bool:
        """Remember the newest."""
        if step <= self.steps.get(login, 0):
            return False
        self.steps[login] = step
        return True

    async def session(self, token_hash: bytes) -> Account | None:
        """Return whose it is."""
        self._fail_if_asked()
        if self.slow is not None:
            self.asked.set()
            await self.slow.wait()
        login = self.sessions_by_token.get(token_hash)
        return None if login is None else self.accounts[login]

    async def close_session(self, token_hash: bytes) -> None:
        """Forget the session."""
        self.sessions_by_token.pop(token_hash, None)

    def _fail_if_asked(self) -> None:
        if self.failure is not None:
            raise self.failure


class MemoryAudit:
    """Lines in a list."""

    def __init__(self) -> None:
        self.acts: list[Act] = []
        self.statuses: dict[int, int] = {}
        self.failure: Exception | None = None

    async def begin(self, act: Act) -> int:
        """Keep it."""
        if self.failure is not None:
            raise self.failure
        self.acts.append(act)
        return len(self.acts)

    async def finish(self, audit_id: int, status: int) -> None:
        """Keep what came of it."""
        self.statuses[audit_id] = int(status)

    async def list(self, organisation: str, before: int, limit: int) -> "list[AuditLine]":
        """Return the newest."""
        return [
            AuditLine(
                n, EPOCH, a.login, a.role, a.address, a.action, a.subject, self.statuses.get(n)
            )
            for n, a in reversed(list(enumerate(self.acts, 1)))
            if a.organisation == organisation and n < before
        ][:limit]


class MemoryOwners:
    """Everything belongs to the main organisation until told otherwise."""

    def __init__(self) -> None:
        self.now = Owners()

    async def owners(self) -> Owners:
        """Return what was set."""
        return self.now
