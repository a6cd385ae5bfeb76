"""What goes over the wire: validated on the way in, and the source of openapi.json."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from calls.agent_state import AgentState
from calls.call_state import CallState
from calls.campaign import CampaignStatus, Mode
from calls.pace_reason import PaceCode
from store.accounts import Role
from web.limits import PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH
from web.permissions import RouteName

Count = Annotated[int, Meta(ge=0)]
Seconds = Annotated[float, Meta(ge=0)]


Login = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9._-]{0,39}$")]
AgentName = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]
Code = Annotated[str, Meta(pattern="^[0-9]{6}$")]
Password = Annotated[str, Meta(min_length=PASSWORD_MIN_LENGTH, max_length=PASSWORD_MAX_LENGTH)]


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Who wants to come in."""

    login: Annotated[str, Meta(min_length=1, max_length=40)]
    password: Annotated[str, Meta(min_length=1, max_length=PASSWORD_MAX_LENGTH)]
    code: Code | None = None


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """An empty JSON object: the request says all by its address."""


class Me(Struct, frozen=True):
    """Who is signed in. may_use: names of the routes that this role may use."""

    login: str
    role: Role
    agent: str | None
    may_use: list[RouteName]


class Session(Struct, frozen=True):
    """Whether somebody is signed in here, and who; asking is no error."""

    me: Me | None


class CallView(Struct, frozen=True):
    """A call on the floor. number: masked. since: when the state was entered."""

    call: str
    state: CallState
    since: datetime
    number: str
    campaign: str | None
    agent: str | None


class AgentView(Struct, frozen=True):
    """A seat on the floor. call: the call that rings or talks there. calls: since sign-in."""

    agent: str
    name: str
    state: AgentState
    since: datetime
    pause_reason: str
    wants_pause: bool
    reachable: bool
    call: str | None
    calls: Count


class Floor(Struct, frozen=True, tag_field="type", tag="floor"):
    """The whole floor. unknown_because: empty while the floor is known."""

    at: datetime
    unknown_because: str
    calls: list[CallView]
    agents: list[AgentView]


class Changes(Struct, frozen=True, tag_field="type", tag="changes"):
    """What is new or other than before, and the ids of what has left the floor."""

    at: datetime
    calls: list[CallView]
    agents: list[AgentView]
    ended_calls: list[str]
    gone_agents: list[str]


class PaceReason(Struct, frozen=True):
    """Why the pace is what it is: a code, and the figures that it was decided by."""

    code: PaceCode
    idle_agents: int
    on_the_way: int
    lines_in_use: int
    max_lines: int
    answered: int
    abandoned: int
    cap_percent: float


class Steering(Struct, frozen=True):
    """How a campaign is dialled. ratio: lines for each free agent in mode power."""

    mode: Mode
    ratio: float | None
    max_lines: int
    priority: int
    queue: str


class Outlook(Struct, frozen=True):
    """Abandonment in the law's window (the worst that holds) with its cap, and the list's end.

    answered: by a person; abandoned: of them. finish_at: null where nobody can say.
    """

    answered: Count
    abandoned: Count
    cap_percent: float
    finish_at: datetime | None


class Campaign(Struct, frozen=True):
    """A campaign with its counters of today. pace: calls that would be placed now; because: why.

    reason: the same as a code with figures, for any language.
    """

    name: str
    status: CampaignStatus
    attempts: Count
    answered: Count
    valid: Count
    effective: Count
    abandoned: Count
    leads_left: Count
    pace: int | None
    because: str
    reason: PaceReason | None = None
    steering: Steering | None = None
    outlook: Outlook | None = None


class CampaignList(Struct, frozen=True, tag_field="type", tag="campaigns"):
    """Every campaign."""

    at: datetime
    campaigns: list[Campaign]


class Tick(Struct, frozen=True, tag_field="type", tag="tick"):
    """Nothing changed, and the connection is alive."""

    at: datetime


LiveMessage = Floor | Changes | CampaignList | Tick


class AgentDayQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which day, whose, and in what form. An agent gets its own row whatever it leaves out.

    day: left out: today in the organisation's time zone.
    """

    day: date | None = None
    agent: Annotated[str, Meta(max_length=40)] | None = None
    format: Literal["json", "csv"] = "json"


class AgentDayRow(Struct, frozen=True):
    """One agent's figures of the day. agent: null for calls that no agent had, and in the total."""

    agent: str | None
    name: str
    attempts: Count
    answered: Count
    valid: Count
    effective: Count
    talk_seconds: Seconds
    effective_talk_seconds: Seconds


class MeasureDefinition(Struct, frozen=True):
    """What one column means. measure: the field's name."""

    measure: str
    name_en: str
    name_zh: str
    text_en: str
    text_zh: str


class AgentDayReport(Struct, frozen=True):
    """The report of one day with its total and the meaning of each column."""

    day: date
    rows: list[AgentDayRow]
    total: AgentDayRow
    definitions: list[MeasureDefinition]


class WhyQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Either a campaign by name, or a lead by its id or number."""

    campaign: Annotated[str, Meta(max_length=40)] | None = None
    lead: Annotated[str, Meta(max_length=40, pattern="^[0-9+() -]*$")] | None = None


class WhyLine(Struct, frozen=True):
    """One answer. allowed: yes, no, or `ask one` where leads must be asked one by one."""

    campaign: str
    what: str
    allowed: str
    rule: str
    until: datetime | None
    reason: str


class WhyList(Struct, frozen=True):
    """What holds a campaign and its leads, or one lead."""

    answers: list[WhyLine]


class HealthPart(Struct, frozen=True):
    """One part of the service."""

    name: str
    ok: bool
    detail: str


class HealthReport(Struct, frozen=True):
    """Whether the service is ready, part by part."""

    ok: bool
    parts: list[HealthPart]


class ErrorBody(Struct, frozen=True):
    """What went wrong. error_id: for programs; incident: names the log line of a failure."""

    error_id: str
    message: str
    incident: str | None = None
