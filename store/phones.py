"""SIP accounts that the pages made: one for each endpoint, its secret made by us."""

import secrets
from dataclasses import dataclass, field

from store.database import Database


@dataclass(frozen=True, slots=True)
class Phone:
    """One SIP account. endpoint: its name in Asterisk; name: for people."""

    endpoint: str
    name: str
    secret: str = field(repr=False)


class PhoneStore:
    """SIP accounts in Postgres: the truth from which Asterisk's file is written."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, endpoint: str, name: str, organisation: str) -> Phone:
        """Make the account and its agent; where there is one already, it stays as it is."""
        async with self._database.transaction() as tx:
            await tx.execute("add_page_agent", endpoint, name, organisation)
            await tx.execute("add_phone", endpoint, secrets.token_urlsafe(24))
            row = await tx.fetch_row("phone", endpoint)
        if row is None:  # it was added a line ago, in the same transaction
            raise LookupError(endpoint)
        return Phone(**dict(row))

    async def find(self, endpoint: str) -> Phone | None:
        """Return one account, None if this endpoint has none of ours."""
        row = await self._database.fetch_row("phone", endpoint)
        return None if row is None else Phone(**dict(row))

    async def all(self) -> list[Phone]:
        """Return every account, by endpoint."""
        return [Phone(**dict(row)) for row in await self._database.fetch("list_phones")]
