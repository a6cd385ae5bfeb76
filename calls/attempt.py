"""An attempt: one saved decision to dial one lead, and how it ended."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from calls.campaign import DialOrder
from calls.ids import AgentId, AttemptId, CampaignName, LeadId, QueueName
from calls.outcomes import NetworkResult


@dataclass(frozen=True, slots=True)
class Settlement:
    """How an attempt ended. by: floor (seen live), records (CEL), never_sent (no call came of it).

    Times are UTC, None where it did not happen or was not seen. cause: Q.850.
    was_asked: an agent asked for the call.
    """

    attempt: AttemptId
    by: str
    result: NetworkResult
    ended_at: datetime
    cause: int | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    connected_at: datetime | None = None
    talk: timedelta | None = None
    agent: AgentId | None = None
    was_asked: bool = False


@dataclass(frozen=True, slots=True)
class PlannedAttempt:
    """An attempt as saved before its Originate. ring_seconds: the Originate's Timeout.

    half_seen: what the floor saw of its call, only in part; the records may say more.
    asked_by: the agent who asked for this call; None: the dialer chose the lead.
    order: whose phone rings first, known only until it is sent.
    """

    attempt: AttemptId
    lead: LeadId
    campaign: CampaignName
    queue: QueueName
    number: str
    trunk: str
    caller_id: str
    ring_seconds: int
    planned_at: datetime
    cancelled_at: datetime | None = None
    half_seen: Settlement | None = None
    asked_by: AgentId | None = None
    order: DialOrder = DialOrder.CUSTOMER_FIRST


@dataclass(frozen=True, slots=True)
class LeadCandidate:
    """What a dial decision needs to know of one due lead.

    time_zone: IANA names, comma-separated; empty: unknown. tried_at: tries of this number in the
    last 8 days by any campaign, our own failures left out. on_do_not_call: None: not known.
    do_not_call_list: which list has it. abandoned_at: when a call to this number last found no
    agent. consent_ref: where the proof of consent is, empty: none.
    is_being_called: another attempt to this number is under way. other_numbers: further numbers
    of the lead that can be dialled.
    """

    lead: LeadId
    number: str
    time_zone: str
    tries: int
    tried_at: tuple[datetime, ...]
    on_do_not_call: bool | None
    not_before: datetime | None
    not_after: datetime | None
    do_not_call_list: str = ""
    abandoned_at: datetime | None = None
    consent_ref: str = ""
    is_being_called: bool = False
    other_numbers: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether to dial a candidate now; rule and reason say why.

    next_look_at: when to look again; None: when anything may have changed. is_final: never again.
    is_of_number: what is final is so for this number; another one of the lead may be dialled.
    """

    allowed: bool
    rule: str
    reason: str
    next_look_at: datetime | None
    is_final: bool
    is_of_number: bool = False


@dataclass(frozen=True, slots=True)
class LeadHistory:
    """A lead when its attempt ends.

    in_a_row: attempts of its number that ended the same way, this one too. numbers_after,
    numbers_before: further numbers that can be dialled, by their place in the lead's order.
    """

    tries: int
    in_a_row: int
    numbers_after: int = 0
    numbers_before: int = 0


@dataclass(frozen=True, slots=True)
class LeadOutcome:
    """What becomes of the lead. status: ready, scheduled or done.

    goes_on: its next number is dialled next. is_number_dead: this one never again.
    """

    status: str
    next_attempt_at: datetime | None
    done_reason: str | None
    uses_up_try: bool
    goes_on: bool = False
    is_number_dead: bool = False
