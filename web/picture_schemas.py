"""What goes over the wire of reports with pictures."""

from datetime import date
from typing import Annotated

from msgspec import Meta, Struct

from web.schemas import AgentName, Count, Seconds

CampaignNamed = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]


class PictureQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which days (both included, in the organisation's zone), campaign and agent."""

    since: date | None = None
    until: date | None = None
    campaign: CampaignNamed | None = None
    agent: AgentName | None = None


class HourView(Struct, frozen=True):
    """One hour of one weekday, 1 = Monday."""

    weekday: int
    hour: int
    attempts: Count
    answered: Count
    effective: Count


class TalkView(Struct, frozen=True):
    """Calls that talked from so many seconds on; the last one of 600 s is open."""

    from_seconds: Count
    calls: Count


class CampaignSumView(Struct, frozen=True):
    """One campaign's sums. campaign: null for calls without one."""

    campaign: str | None
    attempts: Count
    answered: Count
    valid: Count
    effective: Count
    talk_seconds: Seconds
    effective_from: Seconds


class RegionView(Struct, frozen=True):
    """One region's sums; an empty name: the lead's region is not known."""

    region: str
    attempts: Count
    answered: Count
    effective: Count
    talk_seconds: Seconds


class Pictures(Struct, frozen=True):
    """Everything that the report page draws."""

    since: date
    until: date
    zone: str
    hours: list[HourView]
    talks: list[TalkView]
    campaigns: list[CampaignSumView]
    regions: list[RegionView]
