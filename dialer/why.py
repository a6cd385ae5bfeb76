"""Why a lead or a campaign is not being dialled. Pure; the dialer judges by the same functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.attempt import LeadCandidate
from calls.campaign import Campaign, CampaignStatus
from calls.ids import LeadId
from dialer.law import CallingRules, may_call
from dialer.settlement import view_of

_NOBODY = LeadId(0)


@dataclass(frozen=True, slots=True)
class LeadStanding:
    """Where a lead stands in its list. status: ready, scheduled, leased or done."""

    candidate: LeadCandidate
    status: str
    next_attempt_at: datetime | None
    done_reason: str | None


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether the lead may be dialled at that moment.

    rule: PACK/RULE of the law, where the pack's name holds its version; else list/RULE or
    campaign/RULE. until: when the answer changes by itself; None: never, or nobody can say.
    """

    allowed: bool
    rule: str
    reason: str
    until: datetime | None


def why_lead(
    standing: LeadStanding, campaign: Campaign, rules: CallingRules, now: datetime
) -> Answer:
    """Say whether this lead may be dialled now, and what forbids it."""
    held = _held_by_list(standing) or _held_by_people(campaign)
    if held is not None:
        return held
    due_at = standing.next_attempt_at
    if standing.status == "scheduled" and due_at is not None and due_at > now:
        return _not_due(standing, rules, due_at, now)
    permit = may_call(view_of(standing.candidate), rules, now)
    return Answer(permit.allowed, permit.rule_id, permit.reason, permit.next_change_at)


def _held_by_list(standing: LeadStanding) -> Answer | None:
    if standing.status == "done":
        return Answer(False, f"list/{standing.done_reason}", "the lead is over", None)
    if standing.status == "leased":
        return Answer(
            False, "list/being_called", "it is being called, or an agent looks at it", None
        )
    return None


def _held_by_people(campaign: Campaign) -> Answer | None:
    if campaign.status is CampaignStatus.RUNNING:
        return None
    status = campaign.status.value
    return Answer(False, f"campaign/{status}", f"campaign {campaign.name} is {status}", None)


def _not_due(
    standing: LeadStanding, rules: CallingRules, due_at: datetime, now: datetime
) -> Answer:
    """Its next try is not due; the law may hold it longer, and then the law is the answer."""
    then = may_call(view_of(standing.candidate), rules, due_at)
    if not then.allowed:
        at_once = may_call(view_of(standing.candidate), rules, now)
        said = then if at_once.allowed else at_once
        return Answer(False, said.rule_id, said.reason, then.next_change_at)
    return Answer(False, "list/not_due", "its next try is not due yet", due_at)


def why_campaign(
    campaign: Campaign, rules: CallingRules, ready_zones: Sequence[str], now: datetime
) -> list[Answer]:
    """Say what forbids a campaign to dial at all; empty: its leads must be asked one by one."""
    answers = [held] if (held := _held_by_people(campaign)) is not None else []
    if rules.profile is None:
        reason = f"there is no law pack {campaign.calling_hours}"
        return [*answers, Answer(False, "campaign/no_profile", reason, None)]
    if not ready_zones:
        return [*answers, Answer(False, "list/no_ready_lead", "no lead is ready", None)]
    for zone in sorted(set(ready_zones)):
        candidate = LeadCandidate(_NOBODY, "", zone, 0, (), False, None, None, consent_ref="any")
        permit = may_call(view_of(candidate), rules, now)
        answer = Answer(permit.allowed, permit.rule_id, permit.reason, permit.next_change_at)
        if not answer.allowed and answer not in answers:
            answers.append(answer)
    return answers
