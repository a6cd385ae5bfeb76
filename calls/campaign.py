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


@dataclass(frozen=True, slots=True)
class Campaign:
    """Settings of one campaign as saved.

    retry_after: overrides of the table in `calls.outcomes`. calling_hours: profile by name.
    max_abandonment: share of the calls answered by a person that may find no agent in time.
    max_system_errors: our own failures cost no try; after so many in a row a lead is done.
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
