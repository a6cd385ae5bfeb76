"""Abandoned calls in the records, for the law's windows."""

from collections.abc import Collection, Sequence
from datetime import datetime

from calls.abandonment import AbandonmentCount
from calls.campaign import Campaign
from calls.ids import CallId
from store.database import Database


class AbandonmentStore:
    """Fits `dialer.ports.Abandonments`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def began_at(self, campaign: Campaign) -> datetime | None:
        """Return when the campaign's first call was answered, None if none was."""
        began: datetime | None = await self._database.fetch_value("first_answer", campaign.name)
        return began

    async def recorded(self, calls: Collection[CallId]) -> frozenset[CallId]:
        """Return those calls that have a record."""
        rows = await self._database.fetch("recorded_calls", list(calls))
        return frozenset(CallId(row["call_id"]) for row in rows)

    async def count(
        self,
        campaign: Campaign,
        starts: Sequence[datetime],
        without: Collection[CallId],
        connect_seconds: float,
    ) -> list[AbandonmentCount]:
        """Count the calls answered since each start by a person, and those left too long."""
        rows = await self._database.fetch(
            "count_abandoned", campaign.name, list(starts), list(without), connect_seconds
        )
        return [AbandonmentCount(row["answered"], row["abandoned"]) for row in rows]
