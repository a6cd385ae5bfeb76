"""A campaign's counters of the day, read from the records."""

from dataclasses import dataclass
from datetime import datetime

from calls.campaign import CampaignStatus
from calls.ids import CampaignName
from store.database import Database


@dataclass(frozen=True, slots=True)
class CampaignCount:
    """One campaign's calls since a moment; leads_left: leads that are not done."""

    name: CampaignName
    status: CampaignStatus
    attempts: int
    answered: int
    valid: int
    effective: int
    abandoned: int
    leads_left: int


async def count_campaigns(database: Database, since: datetime) -> list[CampaignCount]:
    """Return every campaign, by name, with its calls dialled since that moment."""
    return [
        CampaignCount(**{**dict(row), "status": CampaignStatus(row["status"])})
        for row in await database.fetch("campaign_counters", since)
    ]
