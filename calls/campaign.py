"""A campaign: a call list, the queue that answers, and the rules it is dialled by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from calls.ids import CampaignName, QueueName
from calls.outcomes import NetworkResult


class CampaignStatus(StrEnum):
    """What the people want of it. Paused and stopped both dial nothing; stopped is over."""

    STOPPED = "stopped"
    RUNNING = "running"
    PAUSED = "paused"


class Mode(StrEnum):
    """Who decides when to dial, and whether lines may exceed free agents."""

    MANUAL = "manual"  #: the agent names whom to call
    PREVIEW = "preview"  #: the agent sees the lead first
    PROGRESSIVE = "progressive"  #: one line for each free agent
    POWER = "power"  #: a fixed number of lines for each free agent
    PREDICTIVE = "predictive"  #: as many lines as abandonment allows


class ListOrder(StrEnum):
    """Which due leads of a campaign come first; a higher priority always does."""

    PRIORITY = "priority"  #: among equals, who is due for longest
    OLDEST = "oldest"  #: who was imported first
    NEWEST = "newest"  #: who was imported last
    RANDOM = "random"


class DialOrder(StrEnum):
    """Whose telephone rings first when an agent asks for a call."""

    AGENT_FIRST = "agent_first"  #: the customer is dialled once the agent's phone is up
    CUSTOMER_FIRST = "customer_first"  #: the agent's phone rings once the customer has answered


class PreviewEnd(StrEnum):
    """What happens to a lead that an agent was shown and neither dialled nor skipped in time."""

    RETURN = "return"  #: back to the list; the agent, who seems to be away, is paused
    DIAL = "dial"


@dataclass(frozen=True, slots=True)
class Campaign:
    """Settings of one campaign as saved.

    retry_after: overrides of the table in `calls.outcomes`. calling_hours: profile by name.
    max_abandonment: share of the calls answered by a person that may find no agent in time.
    ratio: lines for each free agent in mode power. priority: higher ones get the agents first.
    recording_notice: how people are told that they are recorded; empty: they are not.
    max_system_errors: our own failures cost no try; after so many in a row a lead is done.
    dial_order: of the calls that agents ask for. preview_seconds: how long an agent may look at a
    lead, and preview_end: what happens then. max_skips: leads that one may skip in a row.
    """

    campaign_id: int
    name: CampaignName
    status: CampaignStatus
    mode: str
    queue: QueueName
    trunk: str
    caller_id: str
    calling_hours: str
    rule_version: str
    amd: str
    ring_seconds: int
    wrap_up_seconds: int
    max_tries: int
    max_tries_per_day: int
    max_system_errors: int
    max_lines: int
    retry_after: Mapping[NetworkResult, timedelta]
    max_abandonment: float = 0.03
    ratio: float | None = None
    priority: int = 0
    recording_notice: str = ""
    list_order: ListOrder = ListOrder.PRIORITY
    dial_order: DialOrder = DialOrder.AGENT_FIRST
    preview_seconds: int = 60
    preview_end: PreviewEnd = PreviewEnd.RETURN
    max_skips: int = 5
