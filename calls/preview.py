"""A lead that an agent looks at before it is dialled."""

from dataclasses import dataclass
from datetime import datetime

from calls.ids import AgentId, AttemptId, CampaignName, LeadId


@dataclass(frozen=True, slots=True)
class Preview:
    """A lease of one lead to one agent. preview: the id of the attempt that may come of it.

    decide_by: when it ends by itself, UTC.
    """

    preview: AttemptId
    lead: LeadId
    campaign: CampaignName
    agent: AgentId
    shown_at: datetime
    decide_by: datetime


@dataclass(frozen=True, slots=True)
class DueCallback:
    """An open promise whose time has come or is near. agent: None: any may call."""

    callback: int
    lead: LeadId
    campaign: CampaignName
    agent: AgentId | None
    due_at: datetime
    is_missed: bool
