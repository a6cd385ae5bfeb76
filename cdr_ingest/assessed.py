"""From a call record to the row that is stored: the record, judged by its campaign's rule. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from calls.effective_call import DEFAULT_RULE, EffectiveCallRule, assess
from cdr_ingest.interpret import AttemptFacts, CallRecord
from store.records import Customer, RuleBook, StoredAttempt, StoredCall, StoredPart


def facts_of(attempt: StoredAttempt) -> AttemptFacts:
    """Return what `interpret` needs to know of a stored attempt."""
    return AttemptFacts(
        number=attempt.number,
        campaign=attempt.campaign,
        caller_id=attempt.caller_id,
        ring_limit=attempt.ring_limit,
        is_cancelled=attempt.is_cancelled,
    )


def rule_for(record: CallRecord, known: StoredCall | None, book: RuleBook) -> EffectiveCallRule:
    """Return the rule to judge by: the one it was judged by before, else its campaign's.

    A call keeps its rule when its rows are read again: a changed campaign alters no closed day.
    """
    version = known.rule_version if known else book.by_campaign.get(record.campaign or "", "")
    return book.rules.get(version, DEFAULT_RULE)


def stored_call(
    record: CallRecord,
    known: StoredCall | None,
    book: RuleBook,
    attempt: StoredAttempt | None,
) -> StoredCall:
    """Judge the record and flatten it. known: the row it replaces.

    Recording and the lead's region, industry and list stay as they were first recorded.
    """
    rule = rule_for(record, known, book)
    judged = assess(answered=record.is_answered, talk=record.talk, rule=rule)
    return StoredCall(
        call_id=record.call_id,
        attempt_id=record.attempt_id,
        linkedid=record.linkedid,
        campaign=record.campaign,
        direction=str(record.direction),
        number=record.number,
        agent=record.agent,
        network_result=str(record.network_result),
        amd_result=record.amd_result.value if record.amd_result else None,
        dialled_at=record.dialled_at,
        answered_at=record.answered_at,
        connected_at=record.connected_at,
        ended_at=record.ended_at,
        wait=record.wait,
        talk=record.talk,
        answered=judged.answered,
        abandoned=record.is_abandoned,
        valid=judged.valid,
        effective=judged.effective,
        rule_version=judged.rule_version,
        hangup_cause=record.hangup_cause,
        hangup_by=str(record.hangup_by) if record.hangup_by else None,
        trunk=record.trunk,
        caller_id=record.caller_id,
        recording=known.recording if known else None,
        cut_by_restart=record.cut_by_restart,
        lead_id=attempt.lead_id if attempt else None,
        region=known.region if known else attempt.region if attempt else "",
        industry=known.industry if known else attempt.industry if attempt else "",
        source="cel",
        call_list=known.call_list if known else attempt.call_list if attempt else "",
        hold=record.hold,
        turns=tuple(turn.kind.value for turn in record.turns),
        parts=tuple(StoredPart(p.agent, p.connected_at, p.talk, p.ring) for p in record.agents),
    )


def with_customer(call: StoredCall, customers: Mapping[str, Customer]) -> StoredCall:
    """Fill in whose number it is in a call that no attempt tells of, where a list has it."""
    customer = None if call.attempt_id else customers.get(call.number)
    if customer is None:
        return call
    return replace(
        call,
        region=customer.region,
        industry=customer.industry,
        call_list=customer.call_list,
    )
