"""How the tests of the main job play a demo floor and what they then expect of every record."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from calls.effective_call import EffectiveCallRule
from calls.outcomes import OUTCOMES, NetworkResult
from cli.demo import measure, start_campaigns, wait_for_list, wait_for_records
from cli.demo_floor import DemoFloor
from cli.demo_result import DemoResult
from lab.numbering_plan import Expected, expected
from store.database import Database
from tests.sql import TEST_QUERIES

TALK_TOLERANCE_SECONDS = Decimal("0.2")
MOST_TRIES = 2
HUMAN_STAYS_SECONDS = 11


@dataclass(frozen=True, slots=True)
class Record:
    """One call record, as much of it as the numbering plan foretells."""

    number: str
    network_result: str
    amd_result: str | None
    answered_at: datetime | None
    talk_seconds: Decimal
    valid: bool
    effective: bool
    hangup_by: str | None
    agent: str | None
    settled_by: str


Meddle = Callable[[DemoFloor, Database], Awaitable[None]]


async def play(floor: DemoFloor, meddle: Meddle | None = None) -> tuple[DemoResult, list[Record]]:
    """Dial the whole list while `meddle` does its worst; return the figures and every record."""
    database = await Database.open(floor.database_url, max_connections=4)
    try:
        await floor.seed(database)
        floor.start_service()
        await start_campaigns(database)
        if meddle is not None:
            await meddle(floor, database)
        await wait_for_list(floor, database)
        await wait_for_records(database)
        code = floor.stop_service()
        assert code == 0, floor.log_tail()
        return await measure(floor, database), await read_records(database)
    finally:
        await database.close()


async def read_records(database: Database) -> list[Record]:
    """Return every call record with how its attempt was settled."""
    rows = await database.with_queries(TEST_QUERIES).fetch("test_records")
    return [Record(**dict(row)) for row in rows]


def check_record(record: Record, rule: EffectiveCallRule, version: str = "22") -> None:
    """Assert that a record is what the numbering plan says of its number."""
    plan = expected(record.number, version)
    valid_from = Decimal(str(rule.valid_from.total_seconds()))
    effective_from = Decimal(str(rule.effective_from.total_seconds()))
    assert record.network_result == plan.network_result, record
    assert record.amd_result == plan.amd_result, record
    assert (record.answered_at is not None) == plan.answered, record
    _check_talk(record, plan)
    assert record.valid == (plan.answered and record.talk_seconds >= valid_from), record
    assert record.effective == (plan.answered and record.talk_seconds >= effective_from), record


def _check_talk(record: Record, plan: Expected) -> None:
    if plan.amd_result == "machine":  # the demo's campaign hangs up on machines
        wanted, hangup_by = Decimal(0), "system"
    elif plan.amd_result == "human":  # detection takes its time before an agent is rung
        assert 0 < record.talk_seconds < HUMAN_STAYS_SECONDS, record
        wanted, hangup_by = record.talk_seconds, plan.hangup_by
    else:
        wanted, hangup_by = Decimal(str(plan.talk_seconds or 0)), plan.hangup_by
    assert abs(record.talk_seconds - wanted) <= TALK_TOLERANCE_SECONDS, (record, wanted)
    assert (record.agent is not None) == (wanted > 0), record
    if plan.answered:
        assert record.hangup_by == hangup_by, record


def check_tries(records: list[Record], numbers: set[str], version: str = "22") -> None:
    """Assert that every number was tried, answered and dead ones exactly once."""
    assert {record.number for record in records} == numbers
    for number in numbers:
        tries = [record for record in records if record.number == number]
        row = OUTCOMES[NetworkResult(expected(number, version).network_result)]
        wanted = 1 if row.retry_after is None else MOST_TRIES
        assert len(tries) == wanted, tries
