"""What goes over the wire of the outbound list."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from calls.outcomes import NetworkResult
from web.picture_schemas import CampaignNamed
from web.schemas import AgentName, Count, Seconds

Text = Annotated[str, Meta(max_length=200, pattern="^[^\\x00]*$")]
NumberWanted = Annotated[str, Meta(pattern=r"^\+?([0-9]{4}|[0-9]{8,15})$")]
CallPlace = Annotated[str, Meta(pattern=r"^[0-9]{1,17}~[A-Za-z0-9._:-]{1,80}$")]


class CallsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which calls: days (both included, in the organisation's zone) and what must hold of each.

    weekday: 1 = Monday. region: empty: not known. number: the last four digits, or eight and more:
    with five, six or seven one could guess digit by digit what is masked. after: `next` of the page
    before; limit: of one page; a file has all that match.
    """

    since: date | None = None
    until: date | None = None
    campaign: CampaignNamed | None = None
    agent: AgentName | None = None
    weekday: Annotated[int, Meta(ge=1, le=7)] | None = None
    hour: Annotated[int, Meta(ge=0, le=23)] | None = None
    effective: bool | None = None
    region: Text | None = None
    list: Text | None = None
    result: NetworkResult | None = None
    number: NumberWanted | None = None
    after: CallPlace | None = None
    limit: Annotated[int, Meta(ge=1, le=5000)] = 100
    format: Literal["json", "csv", "xlsx"] = "json"


class CallLineView(Struct, frozen=True):
    """One call of the outbound list, its fields the columns of screen and file. number: masked.

    extension: the agent's telephone. region: the lead's when the call was first recorded.
    recording: whether a file is kept, played over `/calls/{call}/recording/play`. list: with which
    the lead was imported. tries: which try of its lead this was; 0: it was none of ours.
    """

    call_id: str
    dialled_at: datetime
    campaign: str | None
    agent: str | None
    agent_name: str | None
    extension: str | None
    company: str | None
    contact: str | None
    number: str
    region: str | None
    direction: str
    network_result: str
    agent_disposition: str | None
    ring_seconds: Seconds | None
    talk_seconds: Seconds
    valid: bool
    effective: bool
    recording: bool
    list: str | None
    tries: Count
    hangup_by: str | None
    note: str


class CallList(Struct, frozen=True):
    """One page, newest first. total: of all pages, in the first one only. next: null: the last one.

    zone: in which the days are meant.
    """

    calls: list[CallLineView]
    total: Count | None
    next: str | None
    zone: str


class CallChoices(Struct, frozen=True):
    """What the list can be narrowed to by this account. today: in the organisation's zone."""

    zone: str
    today: date
    campaigns: list[str]
    agents: list[str]
    results: list[NetworkResult]
