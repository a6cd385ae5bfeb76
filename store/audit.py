"""The audit log: every sensitive act, written down before it is done."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Database

NEWEST = 2**62
"""An audit id beyond any: the listing begins with the newest line."""


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody wants to do something. action: the route's name; subject: to whom or what."""

    login: str
    role: str
    organisation: str
    address: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One line of the log. status: the HTTP status of the answer, None if none was given."""

    audit_id: int
    at: datetime
    login: str
    role: str
    address: str
    action: str
    subject: str
    status: int | None


class AuditStore:
    """The audit log in Postgres. Nothing here changes or removes a line but its own status."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, act: Act) -> int:
        """Write the act down before it is done; return the line's id."""
        audit_id: int = await self._database.fetch_value(
            "begin_audit",
            act.login,
            act.role,
            act.organisation,
            act.address,
            act.action,
            act.subject,
        )
        return audit_id

    async def finish(self, audit_id: int, status: int) -> None:
        """Write down what came of it."""
        await self._database.execute("finish_audit", audit_id, status)

    async def list(self, organisation: str, before: int, limit: int) -> list[AuditLine]:
        """Return the newest lines of an organisation before an id."""
        rows = await self._database.fetch("list_audit", organisation, before, limit)
        return [AuditLine(**dict(row)) for row in rows]
