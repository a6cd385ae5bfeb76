"""Do-not-call lists of one campaign, and those imported from outside."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from store.database import Database


@dataclass(frozen=True, slots=True)
class ImportedList:
    """A list from outside. imported_at: its age counts from here."""

    name: str
    imported_at: datetime
    numbers: int


class ScopedDoNotCall:
    """Every change is saved when its call returns, so an opt-out is never told and then lost."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self, campaign_id: int, phone: str, reason: str, expires_at: datetime | None
    ) -> int:
        """Add a number to one campaign's list; return how many waiting leads that ended."""
        async with self._database.transaction() as session:
            await session.execute(
                "add_do_not_call_campaign", campaign_id, phone, reason, expires_at
            )
            return await session.execute("close_lead_of_campaign", campaign_id, phone)

    async def remove(self, campaign_id: int, phone: str) -> bool:
        """Take a number off one campaign's list; False if it was not on."""
        removed = await self._database.execute("remove_do_not_call_campaign", campaign_id, phone)
        return removed > 0

    async def replace_list(
        self, name: str, phones: Iterable[str], now: datetime, expires_at: datetime | None
    ) -> int:
        """Put a whole list from outside in the place of the last one; return its size.

        phones: E.164, each once. All of it or nothing.
        """
        rows = [(phone,) for phone in phones]
        async with self._database.transaction() as session:
            await session.execute("create_do_not_call_staging")
            await session.copy_rows("do_not_call_staging", ("phone",), rows)
            await session.execute("date_do_not_call_list", name, now)
            await session.execute("drop_from_do_not_call_list", name)
            await session.execute("add_to_do_not_call_list", name, expires_at)
        return len(rows)

    async def lists(self) -> list[ImportedList]:
        """Return the imported lists, by name."""
        rows = await self._database.fetch("list_do_not_call_lists")
        return [ImportedList(**dict(row)) for row in rows]
