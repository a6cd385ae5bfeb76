"""What goes over the wire of reports with pictures and of the outbound list."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from web.schemas import AgentName, Count, Seconds

CampaignNamed = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]


class PictureQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which days (both included, in the organisation's zone), campaign and agent."""

    since: date | None = None
    until: date | None = None
    campaign: CampaignNamed | None = None
    agent: AgentName | None = None


class CallsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """The same, one weekday (1 = Monday), hour and region, effective or not; in what form."""

    since: date | None = None
    until: date | None = None
    campaign: CampaignNamed | None = None
    agent: AgentName | None = None
    weekday: Annotated[int, Meta(ge=1, le=7)] | None = None
    hour: Annotated[int, Meta(ge=0, le=23)] | None = None
    effective: bool | None = None
    region: Annotated[str, Meta(max_length=200, pattern="^[^\\x00]*$")] | None = None
    limit: Annotated[int, Meta(ge=1, le=5000)] = 200
    format: Literal["json", "csv", "xlsx"] = "json"


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


class CallLineView(Struct, frozen=True):
    """One call of the outbound list. number: masked.

    province: the lead's region when the call was first recorded. recording: whether a file is kept,
    played over `/calls/{call}/recording/play`.
    """

    call_id: str
    dialled_at: datetime
    campaign: str | None
    agent: str | None
    agent_name: str | None
    company: str | None
    contact: str | None
    number: str
    province: str | None
    direction: str
    network_result: str
    agent_disposition: str | None
    note: str
    ring_seconds: Seconds | None
    talk_seconds: Seconds
    valid: bool
    effective: bool
    hangup_by: str | None
    recording: bool


class CallList(Struct, frozen=True):
    """The calls behind a picture, newest first."""

    calls: list[CallLineView]
