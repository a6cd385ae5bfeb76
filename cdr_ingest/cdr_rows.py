"""One CDR of another installation, typed, and the record it makes: pure.

A CDR knows less than CEL: talk is its `billsec`, in whole seconds, and in a call that rang the
agent first it began when the agent answered. So such records say `source = cdr`, and a record made
from events is never replaced by one.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from calls.effective_call import EffectiveCallRule, assess
from calls.outcomes import NetworkResult
from cdr_ingest.legs import endpoint_of
from cdr_ingest.unreadable import UnreadRow
from store.records import StoredCall, StoredPart

LONGEST_FIELD = 4096
"""Asterisk's own fields are far shorter; what is longer is no CDR."""
_DISPOSITIONS = {
    "ANSWERED": NetworkResult.ANSWERED,
    "NO ANSWER": NetworkResult.NO_ANSWER,
    "NOANSWER": NetworkResult.NO_ANSWER,
    "BUSY": NetworkResult.BUSY,
    "FAILED": NetworkResult.SYSTEM_ERROR,
    "CONGESTION": NetworkResult.SYSTEM_ERROR,
}
_EXTENSION = re.compile(r"(?:agent-[a-z0-9_-]+|\d{2,6})", re.ASCII)
_NUMBER = re.compile(r"\+?\d{7,15}", re.ASCII)
_EARLIEST, _LATEST = 1995, 2200


class BadCdr(UnreadRow):
    """A CDR that cannot be read."""


@dataclass(frozen=True, slots=True)
class Cdr:
    """One row. start: UTC. duration, talk: the columns duration and billsec."""

    call_id: str
    linkedid: str
    start: datetime
    duration: timedelta
    talk: timedelta
    result: NetworkResult
    source: str
    destination: str
    channel: str
    other_channel: str
    account: str


def parse_cdr(origin: str, fields: Mapping[str, str], zone: ZoneInfo) -> Cdr:
    """Read one row by column names (`start` or `calldate`); raises BadCdr.

    zone: of times that say none; Asterisk writes CDR in its machine's zone.
    """
    for name, text in fields.items():
        if len(text) > LONGEST_FIELD:
            raise BadCdr(origin, name, f"{len(text)} characters, a CDR has at most {LONGEST_FIELD}")
        if "\0" in text or "\ufffd" in text:
            raise BadCdr(origin, name, "holds bytes that are no text")
    start = _start(origin, fields, zone)
    duration = _whole_seconds(origin, "duration", fields.get("duration", ""))
    talk = _whole_seconds(origin, "billsec", fields.get("billsec", ""))
    if talk > duration:
        raise BadCdr(origin, "billsec", f"{fields['billsec']} is more than duration")
    disposition = fields.get("disposition", "").strip().upper()
    if disposition not in _DISPOSITIONS:
        raise BadCdr(origin, "disposition", f"{disposition[:40]!r} is none of Asterisk's")
    unique = fields.get("uniqueid", "").strip()
    linkedid = fields.get("linkedid", "").strip()
    return Cdr(
        call_id=linkedid or unique or _made_up_id(fields),
        linkedid=linkedid or unique,
        start=start,
        duration=duration,
        talk=talk,
        result=_DISPOSITIONS[disposition],
        source=fields.get("src", ""),
        destination=fields.get("dst", ""),
        channel=fields.get("channel", ""),
        other_channel=fields.get("dstchannel", ""),
        account=fields.get("accountcode", ""),
    )


def _start(origin: str, fields: Mapping[str, str], zone: ZoneInfo) -> datetime:
    name = "start" if fields.get("start") else "calldate"
    text = fields.get(name, "").strip()
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise BadCdr(
            origin, name, f"{text[:40]!r} should be a time such as 2026-11-22 10:00:00"
        ) from None
    if not _EARLIEST <= told.year <= _LATEST:
        raise BadCdr(origin, name, f"{text[:40]} is not between {_EARLIEST} and {_LATEST}")
    return (told if told.tzinfo else told.replace(tzinfo=zone)).astimezone(UTC)


def _whole_seconds(origin: str, name: str, text: str) -> timedelta:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 7):
        raise BadCdr(origin, name, f"{text[:40]!r} should be whole seconds")
    return timedelta(seconds=int(text))


def _made_up_id(fields: Mapping[str, str]) -> str:
    """Name a row that has no uniqueid by what it says, so that reading it again finds it."""
    names = ("start", "calldate", "src", "dst", "channel", "dstchannel", "duration")
    told = "\0".join(fields.get(name, "") for name in names)
    return "cdr-" + hashlib.blake2b(told.encode(), digest_size=12).hexdigest()


def record_of(cdr: Cdr, rule: EffectiveCallRule) -> StoredCall:
    """Return the record that this row makes, judged by the rule."""
    caller, called = endpoint_of(cdr.channel), endpoint_of(cdr.other_channel)
    direction, agent = "internal", caller or None
    if _EXTENSION.fullmatch(caller) and _NUMBER.fullmatch(cdr.destination):
        direction = "outbound"
    elif not _EXTENSION.fullmatch(caller):
        direction = "inbound"
        agent = called if _EXTENSION.fullmatch(called) else None
    answered = cdr.result is NetworkResult.ANSWERED
    talk = cdr.talk if answered and agent else timedelta(0)
    judged = assess(answered=answered, talk=talk, rule=rule)
    end = cdr.start + cdr.duration
    answered_at = end - cdr.talk if answered else None
    met_at = answered_at if answered and agent else None
    return StoredCall(
        call_id=cdr.call_id,
        attempt_id=None,
        linkedid=cdr.linkedid or cdr.call_id,
        campaign=cdr.account or None,
        direction=direction,
        number=cdr.destination if direction == "outbound" else cdr.source,
        agent=agent if met_at else None,
        network_result=cdr.result.value,
        amd_result=None,
        dialled_at=cdr.start,
        answered_at=answered_at,
        connected_at=met_at,
        ended_at=end,
        wait=timedelta(0) if met_at else None,
        talk=talk,
        answered=judged.answered,
        abandoned=False,
        valid=judged.valid,
        effective=judged.effective,
        rule_version=judged.rule_version,
        hangup_cause=None,
        hangup_by=None,
        trunk=called if direction == "outbound" else caller,
        caller_id=cdr.source if direction == "outbound" else None,
        recording=None,
        cut_by_restart=False,
        lead_id=None,
        region="",
        industry="",
        source="cdr",
        parts=(StoredPart(agent, met_at, talk),) if agent and met_at else (),
    )


def merged(one: StoredCall, other: StoredCall) -> StoredCall:
    """Join two rows of one call: who talked longest stands for it, it began with the first.

    The same for any order and any repetition, so that an import can be run again.
    """
    best = max(one, other, key=lambda call: (call.talk, call.answered, call.ended_at, repr(call)))
    dialled_at = min(one.dialled_at, other.dialled_at)
    ended_at = max(one.ended_at, other.ended_at)
    return replace(
        best,
        dialled_at=dialled_at,
        ended_at=ended_at,
        recording=one.recording,
        region=one.region or other.region,
        industry=one.industry or other.industry,
        call_list=one.call_list or other.call_list,
    )
