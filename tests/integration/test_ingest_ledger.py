"""Asterisk's own CSV repairs the table: on a real Postgres."""

import asyncio
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from store import records
from store.database import Database
from tests.fakes.cel_table import at, ledger_line, ledger_text
from tests.fakes.ingested import (
    ALL_ROWS,
    NOW,
    SCENARIOS,
    add,
    calls_of,
    ingester,
    run,
    write,
)

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize("missing", ["all", "every third", "one call", "none"])
async def test_the_ledger_repairs_the_table(
    database: Database, database_url: str, tmp_path: Path, missing: str
) -> None:
    ledger = tmp_path / "callfloor-cel.csv"
    ledger.write_text(ledger_text(ALL_ROWS))
    there = {
        "all": [],
        "every third": [raw for n, raw in enumerate(ALL_ROWS) if n % 3],
        "one call": [raw for raw in ALL_ROWS if raw not in SCENARIOS[0]],
        "none": ALL_ROWS,
    }[missing]
    await add(database, there)
    one, other = ingester(database, ledger), ingester(database, ledger)
    reports = await asyncio.gather(one.run_once(NOW), other.run_once(NOW))
    assert sum(report.copied for report in reports) == len(ALL_ROWS) - len(there)
    repaired = calls_of(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("TRUNCATE call, call_agent, cel, ingest_position")
    await add(database, ALL_ROWS)
    await run(database)
    assert repaired == calls_of(database_url)
    assert len(repaired) == len(SCENARIOS)


async def test_young_ledger_lines_are_left_to_cel_pgsql(database: Database, tmp_path: Path) -> None:
    ledger = tmp_path / "callfloor-cel.csv"
    rows = [raw for raw in ALL_ROWS if raw.eventtype != "LINKEDID_END"]
    write(ledger, rows)
    last = at(max(raw.eventtime for raw in rows))
    one = ingester(database, ledger)
    early = await one.run_once(last)
    late = await one.run_once(last + timedelta(seconds=5))
    assert 0 < early.copied < len(rows)
    assert early.copied + late.copied == len(rows)


async def test_a_call_whose_answer_was_lost_is_never_recorded_as_unanswered(
    database: Database, tmp_path: Path
) -> None:
    """Its lead would be dialled again. The call has just ended; the ledger is read in time."""
    ledger, rows = tmp_path / "callfloor-cel.csv", SCENARIOS[5]
    just_now = at(rows[-1].eventtime)
    one = ingester(database, ledger)
    await add(database, [raw for raw in rows if raw.eventtype != "ANSWER"])
    # Asterisk's last line is not on disk yet.
    write(ledger, rows[:-1])
    first = await one.run_once(just_now)
    assert (first.written, first.waiting) == (0, 1)
    write(ledger, rows)
    second = await one.run_once(just_now)
    assert (first.copied + second.copied, second.written, second.waiting) == (1, 1, 0)
    (call,) = (await records.read_calls(database, [rows[0].linkedid])).values()
    assert call.network_result == "answered"


async def test_a_ledger_that_is_not_written_holds_nothing_up_for_long(
    database: Database, tmp_path: Path
) -> None:
    rows = SCENARIOS[0]
    end = at(rows[-1].eventtime)
    one = ingester(database, tmp_path / "never-written.csv")
    await add(database, rows)
    assert (await one.run_once(end + timedelta(seconds=4.9))).written == 0
    assert (await one.run_once(end + timedelta(seconds=5))).written == 1


async def test_a_bad_ledger_line_is_named_once(database: Database, tmp_path: Path) -> None:
    ledger = tmp_path / "callfloor-cel.csv"
    ledger.write_text("nonsense\n" + ledger_line(ALL_ROWS[0]))
    one = ingester(database, ledger)
    report = await one.run_once(NOW)
    assert [str(error) for error in report.bad_rows] == [
        "callfloor-cel.csv byte 0: line: not a record of 20 fields"
    ]
    assert report.copied == 1
    assert (await one.run_once(NOW)).bad_rows == []


async def test_an_unreadable_ledger_is_said_and_the_table_is_read(
    database: Database, tmp_path: Path
) -> None:
    await add(database, ALL_ROWS)
    report = await ingester(database, tmp_path).run_once(NOW)
    assert report.ledger_error == f"{tmp_path}: Is a directory"
    assert report.written == len(SCENARIOS)
