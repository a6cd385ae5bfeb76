"""Postgres edge of records and reports: CEL rows in, call records out, totals read back."""

import re
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from calls.effective_call import EffectiveCallRule
from calls.ids import AgentId, AttemptId, CampaignName
from calls.outcomes import NetworkResult
from store.database import Database, Row, Session
from store.months import ensure_months, month_of

_INGEST_LOCK = 0x43_61_6C_6C_43_45_4C  # "CallCEL": one key of its own among advisory locks
_MICROSECOND = timedelta(microseconds=1)
_WEEK = timedelta(days=7)
_EARLIEST, _LATEST = datetime(1900, 1, 1), datetime(9000, 1, 1)
ALWAYS = (_EARLIEST.replace(tzinfo=UTC), _LATEST.replace(tzinfo=UTC))
"""Dialled between, where nothing narrower is known: every month's partition is looked at."""
_EPOCH = datetime(1970, 1, 1)  # no zone: cel.eventtime is UTC and says none


@dataclass(frozen=True, slots=True)
class RawCel:
    """One CEL row as text, in the order of Asterisk's ledger and by the names of the table `cel`.

    origin: where it stands, for messages. eventtime: epoch seconds.microseconds. id: 0 for a row
    that is not in the table.
    """

    origin: str
    eventtype: str
    eventtime: str
    cid_name: str
    cid_num: str
    cid_ani: str
    cid_rdnis: str
    cid_dnid: str
    exten: str
    context: str
    channame: str
    appname: str
    appdata: str
    amaflags: str
    accountcode: str
    uniqueid: str
    linkedid: str
    peer: str
    userfield: str
    userdeftype: str
    extra: str
    id: int = field(default=0, kw_only=True)


class CelFields(NamedTuple):
    """One row of the table `cel`, the columns that records are made of. eventtime: UTC, no zone.

    A tuple, since millions of them are made in one go.
    """

    id: int
    eventtype: str | None
    eventtime: datetime
    channame: str | None
    uniqueid: str
    linkedid: str
    accountcode: str | None
    cid_num: str | None
    cid_ani: str | None
    exten: str | None
    appname: str | None
    userdeftype: str | None
    extra: str | None


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

    region, industry: of the lead when the call was first recorded. source: cel or cdr.
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


@dataclass(frozen=True, slots=True)
class RuleBook:
    """All versions of the effective-call rule, and which one each campaign uses now."""

    rules: Mapping[str, EffectiveCallRule]
    by_campaign: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SettledCall:
    """How an attempt's call ended, for the dialer's rescue."""

    attempt: AttemptId
    network_result: NetworkResult
    cause: int | None
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime
    talk: timedelta
    agent: AgentId | None


_CALL_COLUMNS = tuple(column.name for column in fields(StoredCall))[:-1]
_CEL_COLUMNS = tuple(column.name for column in fields(RawCel))[1:-1]
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


async def read_position(session: Database | Session, source: str) -> tuple[int, str]:
    """Return position and fingerprint of a source, (0, "") before the first time."""
    row = await session.fetch_row("ingest_position", source)
    return (0, "") if row is None else (row["position"], row["fingerprint"])


async def save_position(session: Session, source: str, position: int, fingerprint: str) -> None:
    """Remember how far the source was read."""
    await session.execute("save_ingest_position", source, position, fingerprint)


async def advance_position(session: Session, source: str, position: int) -> None:
    """Remember a position unless a greater one is known."""
    await session.execute("advance_ingest_position", source, position)


async def cel_after(session: Session, after: int, limit: int) -> list[CelFields]:
    """Return the next visible rows in order of their id."""
    return [CelFields._make(row.values()) for row in await session.fetch("cel_after", after, limit)]


async def first_cel_id(database: Database, since: datetime) -> int | None:
    """Return the lowest id among the rows of events since then, None if there are none."""
    moment = since.astimezone(UTC).replace(tzinfo=None)
    first: int | None = await database.fetch_value("first_cel_id", moment)
    return first


async def late_cel(database: Database, gaps: Sequence[tuple[int, int]]) -> list[tuple[int, str]]:
    """Return (id, linkedid) of rows that have become visible in these gaps (both ends included)."""
    if not gaps:
        return []
    low, high = [low for low, _ in gaps], [high for _, high in gaps]
    return _pairs(await database.fetch("late_cel", low, high))


async def open_cel(database: Database, after: int) -> dict[str, int]:
    """Return the linkedids that have rows and no record, with the id of their first row."""
    rows = await database.fetch("open_cel", after)
    return {row["linkedid"]: row["first_id"] for row in rows}


async def cel_of_calls(
    session: Session, ids: Iterable[str], page: Sequence[CelFields] = ()
) -> list[CelFields]:
    """Return all rows of these calls and of every call joined to them, but for those of `page`.

    page: rows that were read already, all that there are between their lowest and highest id;
    then only rows within a week of theirs are looked for: no call lasts longer.
    """
    low, high = (page[0].id, page[-1].id) if page else (0, -1)
    first, last = _near(page)
    found: dict[int, CelFields] = {}
    known: set[str] = set()
    wanted = set(ids)
    rooms = set(filter(None, map(_room_of, page)))
    while wanted or rooms:
        known |= wanted
        if rooms:
            wanted |= {row["uniqueid"] for row in await session.fetch("cel_rooms", list(rooms))}
            known |= rooms
        rows = await session.fetch("cel_related", list(wanted), low, high, first, last)
        fresh = [CelFields._make(row.values()) for row in rows]
        found |= {row.id: row for row in fresh}
        wanted = {i for row in fresh for i in (row.uniqueid, row.linkedid)} - known
        rooms = set(filter(None, map(_room_of, fresh))) - known
    return [found[row_id] for row_id in sorted(found)]


_ROOM = re.compile(r'"bridge_id":"([^"]+)"')


def _room_of(row: CelFields) -> str | None:
    """Return the conference room that the row tells of entering."""
    if row.appname != "ConfBridge" or row.eventtype != "BRIDGE_ENTER":
        return None
    found = _ROOM.search(row.extra or "")
    return found[1] if found else None


def _near(page: Sequence[CelFields]) -> tuple[datetime, datetime]:
    times = [row.eventtime for row in page]
    if not times:
        return _EARLIEST, _LATEST
    return max(min(times), _EARLIEST + _WEEK) - _WEEK, min(max(times), _LATEST - _WEEK) + _WEEK


async def cel_of_channels(session: Session, channels: Collection[str]) -> list[RawCel]:
    """Return all rows of these channels."""
    return [_raw_cel(row) for row in await session.fetch("cel_of_channels", list(channels))]


async def add_cel(session: Session, rows: Iterable[RawCel]) -> None:
    """Copy rows of Asterisk's ledger into the table."""
    await session.copy_rows(
        "cel", (*_CEL_COLUMNS, "source"), [(*_cel_values(raw), "ledger") for raw in rows]
    )


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
        )
        for row in rows
    ]


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


def _pairs(rows: Iterable[Row]) -> list[tuple[int, str]]:
    return [(row["id"], row["linkedid"]) for row in rows]


def _span(seconds: Decimal) -> timedelta:
    """Seconds with six decimals as an exact timedelta."""
    return timedelta(microseconds=int(seconds * 1_000_000))


def _seconds(span: timedelta) -> Decimal:
    return Decimal(span // _MICROSECOND).scaleb(-6)


def _raw_cel(row: Row) -> RawCel:
    text = {name: row[name] or "" for name in _CEL_COLUMNS}
    return RawCel(origin=f"table cel id {row['id']}", id=row["id"], **text)


def _cel_values(raw: RawCel) -> tuple[object, ...]:
    seconds, _, fraction = raw.eventtime.partition(".")
    typed: dict[str, Any] = {
        # Through integers: a float would lose the last microsecond.
        "eventtime": _EPOCH + timedelta(0, int(seconds), int(fraction.ljust(6, "0") or 0)),
        "amaflags": int(raw.amaflags) if raw.amaflags.isdigit() else None,
    }
    return tuple(typed.get(name, getattr(raw, name)) for name in _CEL_COLUMNS)


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
