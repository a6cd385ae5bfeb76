"""What goes over the wire of accounts, sessions, the second factor and the audit log."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from store.accounts import Role
from web.schemas import AgentName, Code, Count, Login, Password


class NewPassword(Struct, frozen=True, forbid_unknown_fields=True):
    """A new password for the own login; every session ends."""

    old: Annotated[str, Meta(min_length=1, max_length=200)]
    new: Password


class OpenSessionView(Struct, frozen=True):
    """One signed-in browser. is_this: the one that asks."""

    session_id: str
    created_at: datetime
    expires_at: datetime
    address: str
    browser: str
    is_this: bool


class SessionList(Struct, frozen=True):
    """The open sessions of the own login. has_second_factor: whether codes are asked for."""

    sessions: list[OpenSessionView]
    has_second_factor: bool


class SecondFactorOffer(Struct, frozen=True):
    """A fresh secret; it counts once its first code was shown. uri: for an authenticator app."""

    secret: str
    uri: str


class CodeGiven(Struct, frozen=True, forbid_unknown_fields=True):
    """A code of the second factor."""

    code: Code


class AccountView(Struct, frozen=True):
    """One account; never its password or secret. sessions: how many are open."""

    login: str
    role: Role
    agent: str | None
    created_at: datetime
    sessions: Count
    has_second_factor: bool


class AccountList(Struct, frozen=True):
    """The accounts of the organisation."""

    accounts: list[AccountView]


class NewAccount(Struct, frozen=True, forbid_unknown_fields=True):
    """An account to add. For role agent: its seat, made with a working phone if it is new."""

    login: Login
    password: Password
    role: Role
    agent: AgentName | None = None
    name: Annotated[str, Meta(max_length=80, pattern="^[^\\x00-\\x1f\\x7f]*$")] = ""


class AuditQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which lines. before: an audit_id, to page backwards."""

    before: Annotated[int, Meta(ge=1, le=2**62)] | None = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class AuditLineView(Struct, frozen=True):
    """One line of the audit log. status: the HTTP status of the answer, null if none came."""

    audit_id: int
    at: datetime
    login: str
    role: str
    address: str
    action: str
    subject: str
    status: int | None


class AuditList(Struct, frozen=True):
    """Lines of the audit log, newest first."""

    lines: list[AuditLineView]
