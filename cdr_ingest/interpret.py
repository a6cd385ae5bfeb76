"""What the rows of one call say: pure, the same answer whatever order the rows came in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from calls.ids import AGENT_PREFIX, AgentId, AttemptId, CallId, CampaignName
from calls.outcomes import AmdResult, NetworkResult, classify_network_result
from cdr_ingest.company import agents_with
from cdr_ingest.correlate import CallGroup
from cdr_ingest.intervals import length
from cdr_ingest.legs import Leg, endpoint_of, is_preset, legs_of
from cdr_ingest.parts import AgentPart, Turn, parts_of, turns_of
from cdr_ingest.rows import CelRow
from config.timeouts import RING_LIMIT_SECONDS

MARK_AMD = "CALLFLOOR_AMD"
MARK_FORWARDED = "CALLFLOOR_FORWARDED"
MARK_ABANDONED = "CALLFLOOR_ABANDONED"
_AMD_WORDS = frozenset(AmdResult)
_NO_TIME = timedelta(0)
_RING_LIMIT = timedelta(seconds=RING_LIMIT_SECONDS)


class Direction(StrEnum):
    """Who called whom."""

    OUTBOUND = "outbound"
    INBOUND = "inbound"
    INTERNAL = "internal"


class HangupBy(StrEnum):
    """Who ended the call. SYSTEM: the dialplan, a limit or an operator."""

    CUSTOMER = "customer"
    AGENT = "agent"
    SYSTEM = "system"
    ASTERISK_RESTART = "asterisk_restart"


@dataclass(frozen=True, slots=True)
class AttemptFacts:
    """What we know of an attempt and Asterisk does not write down.

    ring_limit: the Originate's Timeout. is_cancelled: we took the call back before the answer.
    """

    number: str
    campaign: CampaignName
    caller_id: str
    ring_limit: timedelta
    is_cancelled: bool = False


class CallRecord(NamedTuple):
    """One call as Asterisk recorded it. Times are UTC, None where it did not come to that.

    talk: time in which the customer and at least one agent were in the same room.
    hold: time after the first agent came in which the customer was with none (a colleague asked,
    parked, queued again). The hold key of a phone leaves no trace in CEL: it is part of talk.
    wait: from the answer to the first agent, or to the end if none came; of a call from outside
    from the moment it was queued; None if it neither was answered nor queued.
    agent: who talked longest. cut_by_restart: no end was recorded, ended_at is the cut.
    """

    call_id: CallId
    attempt_id: AttemptId | None
    linkedid: CallId
    campaign: CampaignName | None
    direction: Direction
    number: str
    agent: AgentId | None
    network_result: NetworkResult
    amd_result: AmdResult | None
    dialled_at: datetime
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime
    wait: timedelta | None
    talk: timedelta
    is_abandoned: bool
    hangup_cause: int | None
    hangup_by: HangupBy | None
    trunk: str
    caller_id: str
    cut_by_restart: bool
    agents: tuple[AgentPart, ...]
    hold: timedelta = timedelta(0)
    turns: tuple[Turn, ...] = ()

    @property
    def is_answered(self) -> bool:
        """Whether the customer's side answered."""
        return self.answered_at is not None


def interpret(
    group: CallGroup,
    attempts: Mapping[AttemptId, AttemptFacts],
    *,
    cut_at: datetime | None = None,
) -> tuple[CallRecord, ...]:
    """Turn one group into its record; more than one only if it joined several of our attempts.

    cut_at: set for a call whose end Asterisk never wrote (it restarted); when it was cut.
    """
    last_row = group.rows[-1].at
    call_end = max(cut_at, last_row) if cut_at else last_row
    legs = legs_of(group.rows, call_end=call_end)
    return tuple(
        _record(customer, legs, attempts, call_end=call_end, is_cut=cut_at is not None)
        for customer in _customers(legs)
    )


def _customers(legs: Sequence[Leg]) -> list[Leg]:
    """Return each originated leg; else the outside party, the called agent, or what there is."""
    if originated := [leg for leg in legs if leg.is_originated]:
        return originated
    parties = [leg for leg in legs if leg.is_party]
    if outside := [leg for leg in parties if not leg.is_agent]:
        return outside[:1]
    return parties[-1:] or list(legs[:1])


def _record(
    customer: Leg,
    legs: Sequence[Leg],
    attempts: Mapping[AttemptId, AttemptFacts],
    *,
    call_end: datetime,
    is_cut: bool,
) -> CallRecord:
    agents = [leg for leg in legs if leg.is_agent and leg is not customer]
    call_id = _call_id(customer, legs)
    attempt = AttemptId(call_id) if is_preset(call_id) else None
    facts = attempts.get(attempt) if attempt else None
    together = agents_with(customer, legs)
    parts = parts_of(together, agents)
    talk = length(span for spans in together.values() for span in spans) if together else _NO_TIME
    connected_at = min((part.connected_at for part in parts), default=None)
    # A bridged customer has answered, even if that row is missing.
    answered_at = customer.answered_at or connected_at
    ended_at = customer.ended_at or call_end
    was_cut = is_cut and customer.ended_at is None
    marks = _marks(customer.rows)
    amd = _amd(marks)
    is_forwarded = MARK_FORWARDED in marks
    hangup = customer.hangup
    cause = hangup.extra.hangup_cause if hangup else None
    direction = _direction(customer, legs)
    waits_since = _waits_since(customer, answered_at, direction)
    return CallRecord(
        call_id=call_id,
        attempt_id=attempt,
        linkedid=customer.rows[0].linkedid,
        campaign=_campaign(customer.rows, facts),
        direction=direction,
        number=facts.number if facts else _number(customer, legs, direction),
        agent=max(parts, key=_ownership).agent if parts else None,
        network_result=classify_network_result(
            answered=answered_at is not None,
            forwarded=is_forwarded,
            cause=cause,
            elapsed=ended_at - customer.started_at,
            ring_limit=facts.ring_limit if facts else _RING_LIMIT,
            cancelled_by_us=facts is not None and facts.is_cancelled,
        ),
        amd_result=amd,
        dialled_at=customer.started_at,
        answered_at=answered_at,
        connected_at=connected_at,
        ended_at=ended_at,
        wait=_wait(waits_since, connected_at or ended_at),
        talk=talk,
        hold=max(ended_at - connected_at - talk, _NO_TIME) if connected_at else _NO_TIME,
        is_abandoned=MARK_ABANDONED in marks
        or _left_a_person_waiting(waits_since, connected_at, amd, is_forwarded, direction),
        hangup_cause=cause,
        hangup_by=HangupBy.ASTERISK_RESTART if was_cut else _hangup_by(customer, agents),
        trunk=customer.endpoint,
        caller_id=facts.caller_id if facts else _ani(customer),
        cut_by_restart=was_cut,
        agents=parts,
        turns=turns_of(customer, legs, together),
    )


def _call_id(customer: Leg, legs: Sequence[Leg]) -> CallId:
    """Return the attempt's id, whichever leg carries it; else the call's first linkedid."""
    if customer.is_originated or is_preset(customer.channel):
        return CallId(customer.channel)
    preset = (leg.channel for leg in legs if leg.is_agent and is_preset(leg.channel))
    return CallId(next(preset, legs[0].rows[0].linkedid))


def _direction(customer: Leg, legs: Sequence[Leg]) -> Direction:
    if customer.is_agent:
        return Direction.INTERNAL
    caller = next((leg for leg in legs if leg.is_party), customer)
    if customer.is_originated or caller.is_agent:
        return Direction.OUTBOUND
    is_ours = any(is_preset(leg.rows[0].linkedid) for leg in legs)
    return Direction.OUTBOUND if is_ours else Direction.INBOUND


def _ani(leg: Leg) -> str:
    return next((row.ani for row in leg.rows if row.ani), "")


def _number(customer: Leg, legs: Sequence[Leg], direction: Direction) -> str:
    """Return the other party's number as Asterisk saw it, for a call that is no attempt of ours."""
    if customer.is_originated:
        # The dialplan sets it once the call is answered; before, the row shows our own number.
        ours = _ani(customer)
        return next(
            (r.caller_number for r in customer.rows if r.caller_number not in ("", ours)), ""
        )
    if direction is Direction.INBOUND:
        return next((row.caller_number for row in customer.rows if row.caller_number), "")
    caller = next((leg for leg in legs if leg.is_party), customer)
    return next((row.exten for row in caller.rows if row.exten), "")


def _campaign(rows: Iterable[CelRow], facts: AttemptFacts | None) -> CampaignName | None:
    account = next((row.account for row in rows if row.account), "")
    if account:
        return CampaignName(account)
    return facts.campaign if facts else None


def _ownership(part: AgentPart) -> tuple[timedelta, float, str]:
    return part.talk, -part.connected_at.timestamp(), part.agent


def _waits_since(
    customer: Leg, answered_at: datetime | None, direction: Direction
) -> datetime | None:
    """Return when the customer began to wait for an agent: a caller's queue rings unanswered."""
    if direction is not Direction.INBOUND or customer.queued_at is None:
        return answered_at
    return min(customer.queued_at, answered_at or customer.queued_at)


def _wait(since: datetime | None, until: datetime) -> timedelta | None:
    return None if since is None else max(until - since, _NO_TIME)


def _marks(rows: Iterable[CelRow]) -> dict[str, str]:
    """Return the text of each of the dialplan's own events, the first of its name."""
    marks: dict[str, str] = {}
    for row in rows:
        if row.mark:
            marks.setdefault(row.mark, row.extra.text)
    return marks


def _amd(marks: Mapping[str, str]) -> AmdResult | None:
    """Read `MACHINE|TOOLONG-...`: the word before the bar; AMD's `HANGUP` is no result."""
    word = marks.get(MARK_AMD, "").partition("|")[0].strip().lower()
    return AmdResult(word) if word in _AMD_WORDS else None


def _left_a_person_waiting(
    waits_since: datetime | None,
    connected_at: datetime | None,
    amd: AmdResult | None,
    is_forwarded: bool,
    direction: Direction,
) -> bool:
    is_person = amd is not AmdResult.MACHINE and not is_forwarded
    is_lost = waits_since is not None and connected_at is None
    return is_lost and is_person and direction is not Direction.INTERNAL


def _hangup_by(customer: Leg, agents: Iterable[Leg]) -> HangupBy | None:
    """Name who hung up first: Asterisk writes the channel's name, on one leg or on all."""
    if customer.hangup is None:
        return None
    hangups = [customer.hangup, *(leg.hangup for leg in agents if leg.hangup)]
    source = next((row.extra.hangup_source for row in hangups if row.extra.hangup_source), "")
    if source == customer.name:
        return HangupBy.CUSTOMER
    is_agent = endpoint_of(source).startswith(AGENT_PREFIX)
    return HangupBy.AGENT if is_agent else HangupBy.SYSTEM
