"""Postgres edge of call records: what they are made with, written, and read back."""

from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from calls.effective_call import EffectiveCallRule
from calls.ids import AgentId, AttemptId, CampaignName
from calls.outcomes import NetworkResult
from store.cel_rows import EARLIEST, LATEST
from store.database import Database, Row, Session
from store.months import ensure_months, month_of

_INGEST_LOCK = 0x43_61_6C_6C_43_45_4C  # "CallCEL": one key of its own among advisory locks
_MICROSECOND = timedelta(microseconds=1)
ALWAYS = (EARLIEST.replace(tzinfo=UTC), LATEST.replace(tzinfo=UTC))
"""Dialled between, where nothing narrower is known: every month's partition is looked at."""


@dataclass(frozen=True, slots=True)
class StoredPart:
    """One agent's part in a call. ring: of the agent's phone, None if Asterisk did not say."""

    agent: str
    connected_at: datetime
    talk: timedelta
    ring: timedelta | None = None


@dataclass(frozen=True, slots=True)
class StoredCall:
    """One row of the table `call` with its parts. wait, talk, hold: the columns *_seconds.

    region, industry, call_list: of the lead when the call was first recorded; of a call without an
    attempt those of the lead with its number. source: cel or cdr.
    """

    call_id: str
    attempt_id: str | None
    linkedid: str
    campaign: str | None
    direction: str
    number: str
    agent: str | None
    network_result: str
    amd_result: str | None
    dialled_at: datetime
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime
    wait: timedelta | None
    talk: timedelta
    answered: bool
    abandoned: bool
    valid: bool
    effective: bool
    rule_version: str
    hangup_cause: int | None
    hangup_by: str | None
    trunk: str | None
    caller_id: str | None
    recording: str | None
    cut_by_restart: bool
    lead_id: int | None
    region: str
    industry: str
    source: str
    call_list: str = ""
    hold: timedelta = timedelta(0)
    turns: tuple[str, ...] = ()
    parts: tuple[StoredPart, ...] = ()


@dataclass(frozen=True, slots=True)
class StoredAttempt:
    """What the records need to know of an attempt. ring_limit: the Originate's Timeout."""

    attempt: AttemptId
    number: str
    campaign: CampaignName
    caller_id: str
    ring_limit: timedelta
    is_cancelled: bool
    lead_id: int
    region: str
    industry: str
    call_list: str = ""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions of the effective-call rule, and which one each campaign uses now."""

    rules: Mapping[str, EffectiveCallRule]
    by_campaign: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SettledCall:
    """How an attempt's call ended, for the dialer's rescue.

    is_one_sided: only the phone of the agent who asked was called, the customer was not.
    """

    attempt: AttemptId
    network_result: NetworkResult
    cause: int | None
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime
    talk: timedelta
    agent: AgentId | None
    is_one_sided: bool = False


_CALL_COLUMNS = tuple(column.name for column in fields(StoredCall))[:-1]
_SECONDS = {"wait": "wait_seconds", "talk": "talk_seconds", "hold": "hold_seconds"}


@asynccontextmanager
async def ingest_transaction(database: Database) -> AsyncIterator[Session]:
    """Open a transaction in which nobody else writes records.

    Who gets the lock sees all rows that its holder before saw, so an older view of a call never
    overwrites a newer one.
    """
    async with database.transaction() as session:
        await session.fetch_value("ingest_lock", _INGEST_LOCK)
        yield session


async def attempt_facts(
    session: Database | Session, attempts: Collection[AttemptId]
) -> list[StoredAttempt]:
    """Return what is known of these attempts; unknown ones are left out."""
    rows = await session.fetch("attempt_facts", list(attempts))
    return [
        StoredAttempt(
            attempt=AttemptId(str(row["attempt_id"])),
            number=row["number"],
            campaign=CampaignName(row["campaign"]),
            caller_id=row["caller_id"],
            ring_limit=timedelta(seconds=row["ring_seconds"]),
            is_cancelled=row["is_cancelled"],
            lead_id=row["lead_id"],
            region=row["region"],
            industry=row["industry"],
            call_list=row["call_list"],
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class Customer:
    """What is kept of a customer with each call."""

    region: str
    industry: str
    call_list: str


async def known_customers(
    session: Database | Session, numbers: Collection[str]
) -> dict[str, Customer]:
    """Return whose numbers these are, as dialled (with or without +), where a list has them.

    Of a number in several campaigns the newest lead counts.
    """
    rows = await session.fetch("known_customers", list(numbers)) if numbers else ()
    return {r["number"]: Customer(r["region"], r["industry"], r["call_list"]) for r in rows}


async def read_rule_book(session: Database | Session) -> RuleBook:
    """Return every rule version and each campaign's choice."""
    rules = {
        row["version"]: EffectiveCallRule(
            row["version"], _span(row["valid_seconds"]), _span(row["effective_seconds"])
        )
        for row in await session.fetch("effective_call_rules")
    }
    rows = await session.fetch("campaign_rules")
    return RuleBook(rules, {row["name"]: row["rule_version"] for row in rows})


async def read_calls(
    session: Database | Session,
    call_ids: Collection[str],
    dialled: tuple[datetime, datetime] = ALWAYS,
) -> dict[str, StoredCall]:
    """Return the records of these calls as they stand. dialled: between, both included."""
    rows = await session.fetch("calls_by_id", list(call_ids), *dialled)
    parts: dict[str, list[StoredPart]] = {}
    with_agent = [row["call_id"] for row in rows if row["connected_at"] is not None]
    for row in await session.fetch("call_agents_by_id", with_agent) if with_agent else ():
        ring = None if row["ring_seconds"] is None else _span(row["ring_seconds"])
        part = StoredPart(row["agent"], row["connected_at"], _span(row["talk_seconds"]), ring)
        parts.setdefault(row["call_id"], []).append(part)
    return {row["call_id"]: _stored_call(row, parts.get(row["call_id"], ())) for row in rows}


async def replace_calls(
    session: Session, gone: Sequence[StoredCall], calls: Sequence[StoredCall]
) -> None:
    """Take out the records `gone`, put in `calls`, and change the sums. Only in a transaction."""
    if gone:
        ids, dialled = [call.call_id for call in gone], _dialled(gone)
        await session.execute("add_to_sums", ids, *dialled, -1)
        await session.execute("delete_calls", ids, *dialled)
    if not calls:
        return
    # A record that was deleted past us may have left its parts behind.
    await session.execute("delete_parts", [call.call_id for call in calls])
    await ensure_months(session, "call", {month_of(call.dialled_at) for call in calls})
    columns = [_SECONDS.get(name, name) for name in _CALL_COLUMNS]
    await session.copy_rows("call", columns, [_call_values(call) for call in calls])
    await session.copy_rows(
        "call_agent",
        ("call_id", "agent", "connected_at", "talk_seconds", "ring_seconds"),
        [_part_values(call, part) for call in calls for part in call.parts],
    )
    await session.execute("add_to_sums", [call.call_id for call in calls], *_dialled(calls), 1)


def _dialled(calls: Sequence[StoredCall]) -> tuple[datetime, datetime]:
    times = [call.dialled_at for call in calls]
    return min(times), max(times)


async def settled_facts(
    database: Database | Session, attempts: Collection[AttemptId]
) -> list[SettledCall]:
    """Return how these attempts' calls ended; one without a record yet is left out."""
    return [
        SettledCall(
            attempt=AttemptId(str(row["attempt_id"])),
            network_result=NetworkResult(row["network_result"]),
            cause=row["hangup_cause"],
            answered_at=row["answered_at"],
            connected_at=row["connected_at"],
            ended_at=row["ended_at"],
            talk=_span(row["talk_seconds"]),
            agent=None if row["agent"] is None else AgentId(row["agent"]),
            is_one_sided=row["is_one_sided"],
        )
        for row in await database.fetch("settled_calls", list(attempts))
    ]


@dataclass(frozen=True, slots=True)
class FloorAttempt:
    """A settled attempt. was_seen_live: the figures are the live floor's own."""

    attempt: AttemptId
    was_seen_live: bool
    was_sent: bool
    network_result: str | None
    answered: bool
    talk: timedelta


async def floor_attempts(
    session: Database | Session, since: datetime, also: Collection[str]
) -> list[FloorAttempt]:
    """Return what the live floor saw of attempts planned since then, and of those named."""
    return [
        FloorAttempt(
            attempt=AttemptId(str(row["attempt_id"])),
            was_seen_live=row["settled_by"] == "floor",
            was_sent=row["settled_by"] != "never_sent",
            network_result=row["network_result"],
            answered=row["is_answered"],
            talk=_span(row["talk_seconds"]),
        )
        for row in await session.fetch("floor_attempts", since, list(also))
    ]


async def known_attempts(session: Database | Session, attempts: Collection[str]) -> frozenset[str]:
    """Return those of the attempts that exist."""
    rows = await session.fetch("known_attempts", list(attempts))
    return frozenset(str(row["attempt_id"]) for row in rows)


async def call_ids_since(session: Database | Session, since: datetime) -> list[str]:
    """Return the records dialled from that moment on."""
    return [row["call_id"] for row in await session.fetch("call_ids_since", since)]


async def staff_numbers(database: Database) -> frozenset[str]:
    """Return the phone numbers that are known to be our own: the caller ids that we show."""
    return frozenset(row["caller_id"] for row in await database.fetch("own_numbers"))


def _span(seconds: Decimal) -> timedelta:
    """Seconds with six decimals as an exact timedelta."""
    return timedelta(microseconds=int(seconds * 1_000_000))


def _seconds(span: timedelta) -> Decimal:
    return Decimal(span // _MICROSECOND).scaleb(-6)


def _stored_call(row: Row, parts: Iterable[StoredPart]) -> StoredCall:
    values = {name: row[_SECONDS.get(name, name)] for name in _CALL_COLUMNS}
    values["attempt_id"] = None if row["attempt_id"] is None else str(row["attempt_id"])
    values["wait"] = None if row["wait_seconds"] is None else _span(row["wait_seconds"])
    values["talk"] = _span(row["talk_seconds"])
    values["hold"] = _span(row["hold_seconds"])
    values["turns"] = tuple(row["turns"])
    return StoredCall(**values, parts=tuple(parts))


def _call_values(call: StoredCall) -> tuple[object, ...]:
    values: dict[str, Any] = {name: getattr(call, name) for name in _CALL_COLUMNS}
    values["attempt_id"] = None if call.attempt_id is None else UUID(call.attempt_id)
    values["wait"] = None if call.wait is None else _seconds(call.wait)
    values["talk"] = _seconds(call.talk)
    values["hold"] = _seconds(call.hold)
    return tuple(values.values())


def _part_values(call: StoredCall, part: StoredPart) -> tuple[object, ...]:
    ring = None if part.ring is None else _seconds(part.ring)
    return call.call_id, part.agent, part.connected_at, _seconds(part.talk), ring
