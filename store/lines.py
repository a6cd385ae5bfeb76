"""How trunks and caller IDs do, and how quickly lists come to their end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from store.database import Database

BEFORE = timedelta(days=7)
"""What a caller ID's answer rate of today is compared with."""


@dataclass(frozen=True, slots=True)
class CallerIdSum:
    """One caller ID in one campaign: today, and in the week before today.

    short_share: of the answered calls of 24 hours; resting_until: of a pool's number that rests.
    """

    campaign: str
    name: str
    attempts: int
    answered: int
    attempts_before: int
    answered_before: int
    short_share: float | None = None
    resting_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrunkSum:
    """One trunk in one campaign today. campaign: empty: none. failed: by our or its own fault."""

    campaign: str
    name: str
    calls: int
    failed: int


class LineStore:
    """Sums of lines in Postgres."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def caller_ids(self, today: date) -> Sequence[CallerIdSum]:
        """Return each caller ID that was shown in the last week."""
        rows = await self._database.fetch("caller_id_sums", today, today - BEFORE)
        return [CallerIdSum(**dict(row)) for row in rows]

    async def trunks(self, since: datetime) -> Sequence[TrunkSum]:
        """Return each trunk that calls went through since a moment."""
        return [TrunkSum(**dict(row)) for row in await self._database.fetch("trunk_sums", since)]

    async def leads_finished(self, since: datetime) -> dict[str, int]:
        """Return by campaign how many leads came to their end by a call since a moment."""
        rows = await self._database.fetch("leads_finished", since)
        return {row["campaign"]: row["leads"] for row in rows}
