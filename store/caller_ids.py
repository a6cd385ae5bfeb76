"""Pools of caller IDs in Postgres: the numbers, their limits, and what became of their calls."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from calls.caller_ids import SHORT_CALL, CallerIdHealth, CallerIdPool, CallerIdRule
from calls.campaign import Campaign
from calls.ids import CampaignName
from store.database import Database, Row


@dataclass(frozen=True, slots=True)
class CallerIdLimits:
    """New values of a pool's settings; None leaves one as it is."""

    rule: CallerIdRule | None = None
    max_calls_per_hour: int | None = None
    max_short_share: float | None = None
    rest: timedelta | None = None


def _health(row: Row) -> CallerIdHealth:
    return CallerIdHealth(
        number=row["number"],
        calls=row["calls"],
        answered=row["answered"],
        short=row["short"],
        last_hour=row["last_hour"],
        first_in_hour=row["first_in_hour"],
        last_at=row["last_at"],
    )


def _pool(rows: Sequence[Row]) -> CallerIdPool:
    return CallerIdPool(
        rule=CallerIdRule(rows[0]["rule"]),
        max_calls_per_hour=rows[0]["max_calls_per_hour"],
        max_short_share=rows[0]["max_short_share"],
        rest=timedelta(seconds=rows[0]["rest_seconds"]),
        numbers=tuple(map(_health, rows)),
    )


class CallerIdStore:
    """The pools; a campaign without numbers in its pool has none."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def pools(self, now: datetime) -> dict[CampaignName, CallerIdPool]:
        """Return each campaign's pool with the figures of the last 24 hours."""
        by_campaign: dict[CampaignName, list[Row]] = {}
        for row in await self._database.fetch("caller_id_pools", now, SHORT_CALL):
            by_campaign.setdefault(CampaignName(row["campaign"]), []).append(row)
        return {name: _pool(rows) for name, rows in by_campaign.items()}

    async def set_limits(self, campaign: Campaign, limits: CallerIdLimits) -> None:
        """Change how the campaign's numbers are chosen."""
        rest = None if limits.rest is None else int(limits.rest.total_seconds())
        await self._database.execute(
            "set_caller_id_pool", campaign.campaign_id, limits.rule, limits.max_calls_per_hour,
            limits.max_short_share, rest,
        )  # fmt: skip

    async def add(self, campaign: Campaign, number: str, proof: str) -> bool:
        """Add a number that is ours; False if it is there."""
        async with self._database.transaction() as session:
            await session.execute(
                "set_caller_id_pool", campaign.campaign_id, None, None, None, None
            )
            rows = await session.fetch("add_caller_id", campaign.campaign_id, number, proof)
        return bool(rows)

    async def remove(self, campaign: Campaign, number: str) -> bool:
        """Take a number out; False if it is not there."""
        gone = await self._database.fetch("remove_caller_id", campaign.campaign_id, number)
        return bool(gone)
