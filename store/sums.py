"""Postgres edge of the sums beside the records: read, closed, made anew, checked."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum

from store.database import Database, Row, Session


class By(StrEnum):
    """What a report has one row for."""

    AGENT = "agent"
    TEAM = "team"
    CAMPAIGN = "campaign"
    REGION = "region"
    LIST = "list"
    INDUSTRY = "industry"
    CALLER_ID = "caller_id"
    HOUR = "hour"
    WEEKDAY_HOUR = "weekday_hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


_DIMENSIONS = {
    By.AGENT: "agent",
    By.TEAM: "agent",
    By.REGION: "region",
    By.LIST: "list",
    By.INDUSTRY: "industry",
    By.CALLER_ID: "caller_id",
}
"""Which sums a report adds up; the others take those by hour, the smallest."""


@dataclass(frozen=True, slots=True)
class Measures:
    """Sums over outbound attempts, our own failures left out.

    human: answered by a person, as far as is known. connected: customer and agent met.
    """

    attempts: int = 0
    answered: int = 0
    human: int = 0
    connected: int = 0
    valid: int = 0
    effective: int = 0
    abandoned: int = 0
    talk: timedelta = timedelta(0)
    effective_talk: timedelta = timedelta(0)
    wait: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class MeasuredRow:
    """One row. key: empty for calls that had none. rules: the rule versions that judged them."""

    key: str
    title: str
    measures: Measures
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What one late call adds to (or takes off) a closed day. agent: empty if none."""

    day: date
    made_at: datetime
    call_id: str
    agent: str
    campaign: str
    rule_version: str
    attempts: int
    answered: int
    valid: int
    effective: int
    talk: timedelta


@dataclass(frozen=True, slots=True)
class DifferingSum:
    """A day and dimension whose sums and adjustments are not what the records add up to."""

    dimension: str
    day: date
    sum_attempts: int
    attempts: int
    sum_talk: timedelta
    talk: timedelta


async def read_sums(
    database: Database | Session,
    by: By,
    first: date,
    last: date,
    *,
    campaigns: Sequence[str] | None = None,
    with_adjustments: bool = False,
) -> list[MeasuredRow]:
    """Return one row for each agent, hour and so on over these days, both included.

    campaigns: whose calls count, None for all; an empty name stands for calls without one.
    """
    dimension = _DIMENSIONS.get(by, "hour")
    wanted = None if campaigns is None else list(campaigns)
    rows = await database.fetch("sums", dimension, first, last, by.value, wanted, with_adjustments)
    return [_measured(row) for row in rows]


async def read_days_of(
    database: Database | Session,
    by: By,
    key: str,
    first: date,
    last: date,
    *,
    campaigns: Sequence[str] | None = None,
    with_adjustments: bool = False,
) -> list[MeasuredRow]:
    """Return day by day the sums of one agent, region, list, industry, caller id or hour."""
    dimension = _DIMENSIONS.get(by, "hour")
    wanted = None if campaigns is None else list(campaigns)
    rows = await database.fetch(
        "sums_of_key", dimension, key, first, last, with_adjustments, wanted
    )
    return [_measured(row) for row in rows]


async def read_adjustments(database: Database, first: date, last: date) -> list[Adjustment]:
    """Return what came late to these closed days, in the order in which it came."""
    return [
        Adjustment(
            day=row["day"],
            made_at=row["made_at"],
            call_id=row["call_id"],
            agent=row["agent"],
            campaign=row["campaign"],
            rule_version=row["rule_version"],
            attempts=int(row["attempts"]),
            answered=int(row["answered"]),
            valid=int(row["valid"]),
            effective=int(row["effective"]),
            talk=_span(row["talk_microseconds"]),
        )
        for row in await database.fetch("adjustments", first, last)
    ]


async def read_sum_zone(database: Database | Session) -> str:
    """Return the zone in which the days of the sums begin."""
    zone: str = await database.fetch_value("sum_zone")
    return zone


async def rebuild_sums(session: Session, time_zone: str) -> None:
    """Make the sums of every day that is not closed anew. Only under the ingest lock."""
    await session.execute("set_sum_zone", time_zone)
    await session.execute("clear_open_sums")
    await session.execute("rebuild_open_sums")


async def close_days(session: Session, before: date) -> list[date]:
    """Close the days before this one; return those that were open. Only under the ingest lock."""
    return [row["day"] for row in await session.fetch("close_days", before)]


async def differing_sums(
    database: Database | Session, first: date, last: date
) -> list[DifferingSum]:
    """Return where sums and adjustments do not add up to the records of these days."""
    day = timedelta(days=1)
    # A local day begins at most a day before or after the same date in UTC.
    start = datetime.combine(first, time.min, UTC) - day
    end = datetime.combine(last, time.min, UTC) + 2 * day
    rows = await database.fetch("differing_sums", first, last, start, end)
    return [
        DifferingSum(
            row["dimension"],
            row["day"],
            row["sum_attempts"],
            row["attempts"],
            _span(row["sum_talk_microseconds"]),
            _span(row["talk_microseconds"]),
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class AccountCount:
    """One campaign's customers in a time. leads: on its list, tried or not."""

    campaign: str
    leads: int
    accounts_called: int
    accounts_reached: int
    accounts_dead: int
    attempts: int


async def count_accounts(
    database: Database, start: datetime, end: datetime, dead: Collection[str]
) -> list[AccountCount]:
    """Count customers by campaign over calls dialled in [start, end). dead: network results."""
    rows = await database.fetch("account_measures", start, end, list(dead))
    return [AccountCount(*row.values()) for row in rows]


@dataclass(frozen=True, slots=True)
class TalkNearThreshold:
    """One agent's calls around the threshold T of their rule.

    just_over: talk in [T, T+10 s). next_bin: in [T+10 s, T+20 s). hung_up_after: by the agent
    within 10 s after T.
    """

    agent: str
    just_over: int
    next_bin: int
    hung_up_after: int
    effective: int


@dataclass(frozen=True, slots=True)
class RepeatedNumber:
    """An agent's effective calls to one number in one day."""

    agent: str
    number: str
    effective: int


async def read_talk_near_threshold(
    database: Database, start: datetime, end: datetime
) -> list[TalkNearThreshold]:
    """Return every agent that had calls in [start, end)."""
    rows = await database.fetch("gaming_signs", start, end)
    return [TalkNearThreshold(*row.values()) for row in rows]


async def read_repeated_numbers(
    database: Database, start: datetime, end: datetime, at_least: int
) -> list[RepeatedNumber]:
    """Return numbers to which one agent had so many effective calls in [start, end)."""
    rows = await database.fetch("repeated_effective", start, end, at_least)
    return [RepeatedNumber(*row.values()) for row in rows]


@dataclass(frozen=True, slots=True)
class SilentCall:
    """One effective call's recording. silent: shares of the talk without a word, in all."""

    agent: str
    call_id: str
    talk: timedelta
    silent: timedelta
    longest: timedelta


@dataclass(frozen=True, slots=True)
class PausedTime:
    """How often and how long an agent was paused in a time."""

    agent: str
    pauses: int
    paused: timedelta


async def read_silent_calls(database: Database, start: datetime, end: datetime) -> list[SilentCall]:
    """Return the effective calls of [start, end) whose recordings' silence is known.

    Time in which neither side sent sound is missing from a recording: what is shorter than the
    talk is silence, too.
    """
    rows = await database.fetch("silent_calls", start, end)
    return [
        SilentCall(
            row["agent"], row["call_id"], _of_seconds(row["talk_seconds"]),
            _of_seconds(row["silent_seconds"]), _of_seconds(row["longest_silence_seconds"]),
        )
        for row in rows
    ]  # fmt: skip


async def read_paused_time(database: Database, start: datetime, end: datetime) -> list[PausedTime]:
    """Return who was paused in [start, end), and for how long of it."""
    rows = await database.fetch("paused_time", start, end)
    return [PausedTime(row["agent_id"], row["pauses"], row["paused"]) for row in rows]


def _of_seconds(seconds: Decimal) -> timedelta:
    return timedelta(microseconds=int(seconds * 1_000_000))


def _measured(row: Row) -> MeasuredRow:
    rules = tuple(dict.fromkeys((row["first_rule"], row["last_rule"])))
    return MeasuredRow(
        key=row["name"],
        title=row["title"] or row["name"],
        measures=Measures(
            attempts=int(row["attempts"]),
            answered=int(row["answered"]),
            human=int(row["human"]),
            connected=int(row["connected"]),
            valid=int(row["valid"]),
            effective=int(row["effective"]),
            abandoned=int(row["abandoned"]),
            talk=_span(row["talk_microseconds"]),
            effective_talk=_span(row["effective_talk_microseconds"]),
            wait=_span(row["wait_microseconds"]),
        ),
        rules=rules,
    )


def _span(microseconds: Decimal | int) -> timedelta:
    return timedelta(microseconds=int(microseconds))
