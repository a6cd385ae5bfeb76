"""What goes over the wire of an agent's desk and of a supervisor's acts."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from calls.agent_state import AgentState
from web.dialing_schemas import Dialing
from web.lead_schemas import LeadView
from web.schemas import AgentView, CallView, Count, Seconds

CallName = Annotated[str, Meta(min_length=1, max_length=80)]
Reason = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[^\\x00-\\x1f\\x7f]+$")]
Disposition = Literal[
    "interested",
    "sold",
    "callback",
    "not_interested",
    "not_the_person",
    "wrong_number",
    "refused",
    "other",
]


class DayFigures(Struct, frozen=True):
    """My day against the target."""

    attempts: Count
    answered: Count
    valid: Count
    effective: Count
    talk_seconds: Seconds
    effective_talk_seconds: Seconds
    target_attempts: Count
    target_effective: Count
    target_talk_seconds: Count


class RegionFigures(Struct, frozen=True):
    """My day in one region; an empty name: the lead's region is not known."""

    region: str
    attempts: Count
    answered: Count
    valid: Count
    effective: Count
    talk_seconds: Seconds


class Dialog(Struct, frozen=True, forbid_unknown_fields=True):
    """The SIP dialog of the present call, so that a reloaded page can take its place."""

    call_id: Annotated[str, Meta(pattern="^[A-Za-z0-9.@:_~*+-]{1,200}$")]
    to_tag: Annotated[str, Meta(pattern="^[A-Za-z0-9._~*+-]{1,100}$")]
    from_tag: Annotated[str, Meta(pattern="^[A-Za-z0-9._~*+-]{1,100}$")]


class DeskState(Struct, frozen=True, tag_field="type", tag="desk"):
    """Everything that the agent's page shows.

    to_wrap_up: the call whose result is still to be said; it may be the present one.
    """

    at: datetime
    agent: str
    unknown_because: str
    seat: AgentView | None
    call: CallView | None
    lead: LeadView | None
    to_wrap_up: str | None
    dialog: Dialog | None
    queues: list[str]
    day: DayFigures
    regions: list[RegionFigures]
    dialing: Dialing


class Colleague(Struct, frozen=True):
    """Somebody who is signed in. agent: what the own phone dials to reach them."""

    agent: str
    name: str
    state: AgentState


class ColleagueList(Struct, frozen=True):
    """The other seats of the organisation, by name."""

    colleagues: list[Colleague]


class Phone(Struct, frozen=True):
    """How the page's phone signs in. socket: path of the WebSocket that carries SIP."""

    endpoint: str
    secret: str
    domain: str
    socket: str


class Ready(Struct, frozen=True, forbid_unknown_fields=True):
    """Take calls of this queue; left out: the first that there is."""

    queue: Annotated[str, Meta(pattern="^[A-Za-z0-9_.-]{1,79}$")] | None = None


class Pause(Struct, frozen=True, forbid_unknown_fields=True):
    """Take no calls, and why; a call in progress goes on."""

    reason: Reason


class WrapUp(Struct, frozen=True, forbid_unknown_fields=True):
    """What is to be said of a call. callback_any: anybody may make the promised call."""

    call: CallName
    disposition: Disposition
    note: Annotated[str, Meta(max_length=2000, pattern="^[^\\x00]*$")] = ""
    callback_at: datetime | None = None
    do_not_call: bool = False
    callback_any: bool = False


class Listen(Struct, frozen=True, forbid_unknown_fields=True):
    """How to join an agent's call: unheard, heard by the agent, or heard by both."""

    how: Literal["listen", "whisper", "barge"]
