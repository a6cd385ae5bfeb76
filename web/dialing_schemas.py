"""What goes over the wire of calls that agents ask for: dialling, previews and callbacks."""

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from calls.call_state import CallState
from calls.campaign import CampaignStatus, DialOrder, Mode
from web.lead_schemas import LeadView
from web.schemas import Count

Uuid = Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
CampaignId = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]
AgentName = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,39}$")]
LeadNumber = Annotated[int, Meta(ge=1, le=2**53)]
TypedNumber = Annotated[str, Meta(min_length=1, max_length=40, pattern="^[0-9+*#()./ -]+$")]


class DialableCampaign(Struct, frozen=True):
    """A campaign in which the agent may ask for calls."""

    name: str
    status: CampaignStatus
    mode: Mode
    dial_order: DialOrder


class OwnCall(Struct, frozen=True):
    """A call of the agent's own asking that is on its way. number: masked like any."""

    call: str
    state: CallState
    since: datetime
    number: str


class PreviewView(Struct, frozen=True):
    """The lead that the agent looks at. dials_at_end: what happens at decide_by.

    skips_left: how many leads may still be skipped in a row, this one included.
    callback_at: it was promised for then.
    """

    preview: str
    lead: LeadView
    shown_at: datetime
    decide_by: datetime
    dials_at_end: bool
    skips_left: Count
    callback_at: datetime | None
    callback_note: str


class LastOwnCall(Struct, frozen=True):
    """How the newest call of the agent's own asking ended; the network's result, or never_sent."""

    call: str
    number: str
    result: str


class Dialing(Struct, frozen=True):
    """What the agent may dial, looks at and is dialling."""

    campaigns: list[DialableCampaign]
    call: OwnCall | None
    preview: PreviewView | None
    last: LastOwnCall | None


class Dial(Struct, frozen=True, forbid_unknown_fields=True):
    """Call a lead, or a number that was typed. order: left out: as the campaign says."""

    campaign: CampaignId
    lead: LeadNumber | None = None
    number: TypedNumber | None = None
    order: DialOrder | None = None


class Decide(Struct, frozen=True, forbid_unknown_fields=True):
    """What to do with the lead that is shown."""

    preview: Uuid
    act: Literal["dial", "skip"]


class RefusalView(Struct, frozen=True):
    """Why it was not done. rule: PACK/RULE, list/RULE, campaign/RULE or seat/RULE.

    until: when that changes by itself, null: not by itself.
    """

    rule: str
    until: datetime | None
    reason: str
    reason_zh: str


class DialAnswer(Struct, frozen=True):
    """call: its id if it is being dialled; refusal: why it is not. Skipped: both are null."""

    call: str | None = None
    refusal: RefusalView | None = None


class CallbackView(Struct, frozen=True):
    """A promise to call again that is still open. agent: null: any may call."""

    callback_id: int
    lead_id: int
    campaign: str
    agent: str | None
    due_at: datetime
    is_missed: bool
    company: str
    contact: str
    number: str
    note: str
    time_zone: str


class CallbackList(Struct, frozen=True):
    """Open promises, the one due first comes first."""

    callbacks: list[CallbackView]


class CallbackQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which promises. agent: of one agent; missed: only those that were not kept in time."""

    agent: AgentName | None = None
    missed: bool = False


class AssignCallbacks(Struct, frozen=True, forbid_unknown_fields=True):
    """Give open promises of one agent to another. null: those of, or for, any agent.

    campaign: only of this one. callbacks: only these.
    """

    of: AgentName | None
    to: AgentName | None
    campaign: CampaignId | None = None
    callbacks: list[Annotated[int, Meta(ge=1, le=2**53)]] | None = None


class Assigned(Struct, frozen=True):
    """How many promises were given to somebody else."""

    assigned: Count
