"""Postgres edge of the reports: sums over call records, and the list of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from calls.effective_call import Totals
from store.database import Database, Row


@dataclass(frozen=True, slots=True)
class SumRow:
    """Sums of one agent or campaign. key: its id, None for calls that had none. title: to read."""

    key: str | None
    title: str | None
    totals: Totals


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which records to list; None matches all. since is included, before is not."""

    since: datetime | None = None
    before: datetime | None = None
    campaign: str | None = None
    agent: str | None = None
    network_result: str | None = None
    effective: bool | None = None


@dataclass(frozen=True, slots=True)
class PublicCall:
    """One row of the public view `call_record`, its columns in their order."""

    call_id: str
    attempt_id: UUID | None
    campaign: str | None
    lead_id: int | None
    agent: str | None
    direction: str
    number: str
    network_result: str
    amd_result: str | None
    agent_disposition: str | None
    dialled_at: datetime
    ringing_at: datetime | None
    answered_at: datetime | None
    connected_at: datetime | None
    ended_at: datetime
    ring_seconds: Decimal | None
    wait_seconds: Decimal | None
    talk_seconds: Decimal
    valid: bool
    effective: bool
    rule_version: str
    hangup_cause: int | None
    hangup_by: str | None
    trunk: str | None
    caller_id: str | None
    recording: str | None
    linkedid: str


_PUBLIC_COLUMNS = tuple(column.name for column in fields(PublicCall))


async def agent_sums(
    database: Database,
    start: datetime,
    end: datetime,
    not_counted: Collection[str],
    campaign: str | None = None,
) -> list[SumRow]:
    """Return the sums by agent over outbound calls dialled in [start, end).

    not_counted: network results that are no attempt. The row without an agent is last.
    """
    rows = await database.fetch("agent_day", start, end, list(not_counted), campaign)
    return [_sum_row(row) for row in rows]


async def campaign_sums(
    database: Database,
    start: datetime,
    end: datetime,
    not_counted: Collection[str],
    campaign: str | None = None,
) -> list[SumRow]:
    """The same by campaign."""
    rows = await database.fetch("campaign_day", start, end, list(not_counted), campaign)
    return [_sum_row(row) for row in rows]


async def list_calls(database: Database, wanted: CallFilter, limit: int) -> list[PublicCall]:
    """Return the records that match, newest first."""
    rows = await database.fetch(
        "list_calls",
        wanted.since,
        wanted.before,
        wanted.campaign,
        wanted.agent,
        wanted.network_result,
        wanted.effective,
        limit,
    )
    return [PublicCall(**_values(row)) for row in rows]


def _values(row: Row) -> Mapping[str, Any]:
    return {name: row[name] for name in _PUBLIC_COLUMNS}


def _sum_row(row: Row) -> SumRow:
    return SumRow(
        key=row["name"],
        title=row["title"],
        totals=Totals(
            attempts=row["attempts"],
            answered=row["answered"],
            valid=row["valid"],
            effective=row["effective"],
            talk=_span(row["talk_seconds"]),
            effective_talk=_span(row["effective_talk_seconds"]),
        ),
    )


def _span(seconds: Decimal) -> timedelta:
    return timedelta(microseconds=int(seconds * 1_000_000))


@dataclass(frozen=True, slots=True)
class AgentRegionRow:
    """One agent's figures in one region; empty region: the lead's is not known."""

    agent: str
    region: str
    attempts: int
    answered: int
    valid: int
    effective: int
    talk: timedelta


async def agent_region_sums(
    database: Database,
    start: datetime,
    end: datetime,
    not_counted: Collection[str],
    agents: Collection[str],
) -> list[AgentRegionRow]:
    """Return these agents' figures by region, the one with the most attempts first."""
    rows = await database.fetch("agent_region_day", start, end, list(not_counted), list(agents))
    return [
        AgentRegionRow(
            **{key: value for key, value in row.items() if key != "talk_seconds"},
            talk=timedelta(seconds=float(row["talk_seconds"])),
        )
        for row in rows
    ]
