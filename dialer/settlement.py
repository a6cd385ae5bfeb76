"""From an ended call to what is saved of its attempt and its lead. Pure."""

from datetime import datetime, timedelta

from calls.attempt import (
    LeadCandidate,
    LeadHistory,
    LeadOutcome,
    PlannedAttempt,
    Settlement,
    Verdict,
)
from calls.campaign import Campaign
from calls.live import LiveCall
from calls.outcomes import NetworkResult, classify_network_result
from dialer.law import CallingRules, LeadView, may_call
from dialer.number_order import NumberTurn, choose_number
from dialer.retry import RetryPolicy, decide_retry

OPT_OUTS = frozenset({"", "internal", "campaign"})
"""Do-not-call lists that hold what customers asked of us."""


def settle_seen_call(call: LiveCall, planned: PlannedAttempt) -> Settlement | None:
    """Return the settlement of a call that ended before our eyes; None: the records must say."""
    if call.was_refused and not call.has_channel and not call.has_gap:
        return never_sent(planned, call)
    if call.was_one_sided and not call.has_gap and not call.has_vanished:
        return never_sent(planned, call)  # the customer was never dialled
    if call.ended_at is None or call.has_vanished or call.has_gap:
        return None
    return settle_as_seen(call, planned)


def settle_as_seen(call: LiveCall, planned: PlannedAttempt) -> Settlement:
    """Return the settlement by what the floor saw, be it only a part of the call."""
    ended_at = call.ended_at or call.since
    result = classify_network_result(
        answered=call.answered_at is not None,
        forwarded=call.forwarded,
        cause=call.cause,
        elapsed=ended_at - (call.dialled_at or planned.planned_at),
        ring_limit=timedelta(seconds=planned.ring_seconds),
        cancelled_by_us=planned.cancelled_at is not None,
    )
    return Settlement(
        attempt=planned.attempt,
        by="floor",
        result=result,
        ended_at=ended_at,
        cause=call.cause,
        ringing_at=call.ringing_at,
        answered_at=call.answered_at,
        connected_at=call.connected_at,
        talk=call.talk,
        agent=call.agent,
        was_asked=planned.asked_by is not None,
    )


def never_sent(planned: PlannedAttempt, call: LiveCall | None = None) -> Settlement:
    """Return the settlement of an attempt that no call came of: it costs the lead no try."""
    ended = call.ended_at if call is not None and call.ended_at is not None else planned.planned_at
    return Settlement(
        attempt=planned.attempt,
        by="never_sent",
        result=NetworkResult.SYSTEM_ERROR,
        ended_at=ended,
        was_asked=planned.asked_by is not None,
    )


def lead_outcome(campaign: Campaign, end: Settlement, history: LeadHistory) -> LeadOutcome:
    """Return what becomes of the lead, by the campaign's retry rules.

    An agent's own phone that was not answered is no failure of ours: the agent may ask again.
    """
    if end.was_asked and end.by == "never_sent":
        return LeadOutcome("scheduled", end.ended_at, None, uses_up_try=False)
    decision = decide_retry(
        end.result,
        history.tries,
        RetryPolicy(campaign.max_tries, campaign.retry_after, campaign.max_system_errors),
        end.ended_at,
        in_a_row=history.in_a_row,
    )
    status, at, reason = decision.status.value, decision.next_attempt_at, decision.done_reason
    turn = choose_number(end.result, decision, history)
    if turn is NumberTurn.STAY:
        return LeadOutcome(status, at, reason, decision.uses_up_try)
    is_dead = turn is NumberTurn.DEAD
    if is_dead or history.numbers_after:
        # Another number is no repetition, so it need not wait; the law judges it by itself.
        status, at, reason = "ready", end.ended_at, None
    return LeadOutcome(
        status, at, reason, decision.uses_up_try, goes_on=True, is_number_dead=is_dead
    )


def view_of(candidate: LeadCandidate) -> LeadView:
    """Return what the law looks at."""
    return LeadView(
        time_zone=candidate.time_zone,
        tries=candidate.tries,
        tried_at=candidate.tried_at,
        on_do_not_call=candidate.on_do_not_call,
        not_before=candidate.not_before,
        not_after=candidate.not_after,
        do_not_call_list=candidate.do_not_call_list,
        abandoned_at=candidate.abandoned_at,
        consent_ref=candidate.consent_ref,
        is_being_called=candidate.is_being_called,
    )


def judge_lead(candidate: LeadCandidate, rules: CallingRules, now: datetime) -> Verdict:
    """Return whether the law and the campaign allow this lead now."""
    permit = may_call(view_of(candidate), rules, now)
    rule = permit.rule_id.rpartition("/")[2]
    # Who opted out did so as a person; a list from outside is about one number.
    is_of_number = (
        rule == "do_not_call"
        and candidate.other_numbers > 0
        and candidate.do_not_call_list not in OPT_OUTS
    )
    return Verdict(
        permit.allowed, rule, permit.reason, permit.next_change_at, permit.is_final, is_of_number
    )
