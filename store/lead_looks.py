"""Where leads stand, for `callfloor why`."""

from dataclasses import dataclass
from datetime import datetime

from calls.attempt import LeadCandidate
from calls.campaign import Campaign
from calls.ids import LeadId
from store.attempts import candidate_of
from store.database import Database


@dataclass(frozen=True, slots=True)
class HeldLeads:
    """How many leads of a campaign one reason holds. first_at: the first of them to be due."""

    status: str
    why: str
    leads: int
    first_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeadLook:
    """A lead looked at from outside. candidate: what the law needs to know of it."""

    campaign: str
    candidate: LeadCandidate
    status: str
    next_attempt_at: datetime | None
    done_reason: str | None


class LeadLooks:
    """Reads where leads stand; changes nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def look(self, lead: LeadId, now: datetime) -> LeadLook | None:
        """Return where the lead stands, None if there is none of this id."""
        row = await self._database.fetch_row("look_at_lead", lead)
        facts = await self._database.fetch_row("law_facts", [lead], now)
        if row is None or facts is None:
            return None
        return LeadLook(
            row["campaign"],
            candidate_of(facts),
            row["status"],
            row["next_attempt_at"],
            row["done_reason"],
        )

    async def leads_of_number(self, phone: str) -> list[LeadId]:
        """Return the leads that have this number (E.164), newest first."""
        rows = await self._database.fetch("leads_of_number", phone)
        return [LeadId(row["lead_id"]) for row in rows]

    async def reasons(self, campaign: Campaign) -> list[HeldLeads]:
        """Count the campaign's leads by where they stand and why."""
        rows = await self._database.fetch("count_leads_by_reason", campaign.campaign_id)
        return [HeldLeads(**dict(row)) for row in rows]
