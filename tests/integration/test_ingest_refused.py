"""One bad row or call never holds up the others: on a real Postgres."""

from dataclasses import replace

import psycopg
import pytest

from store import cel_rows
from store.database import Database
from tests.fakes.ingested import (
    ALL_ROWS,
    NOW,
    SCENARIOS,
    add,
    calls_of,
    ingester,
    run,
)

pytestmark = pytest.mark.postgres


async def test_bad_rows_are_named_and_the_rest_is_recorded(
    database: Database, database_url: str
) -> None:
    bad = replace(SCENARIOS[0][0], eventtype="BRIDGE_ENTER", extra="{")
    await add(database, [bad, *ALL_ROWS])
    one = ingester(database)
    report = await one.run_once(NOW)
    (error,) = report.bad_rows
    assert str(error).startswith("table cel id 1: extra: ")
    assert len(calls_of(database_url)) == len(SCENARIOS)
    assert (await one.run_once(NOW)).bad_rows == []


async def test_a_call_that_postgres_refuses_does_not_hold_up_the_others(
    database: Database, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        refused = SCENARIOS[1][0].linkedid
        connection.execute(f"ALTER TABLE call ADD CONSTRAINT odd CHECK (call_id <> '{refused}')")
    await add(database, ALL_ROWS)
    report = await run(database)
    assert [message.split(":")[0] for message in report.failed] == [f"call {refused}"]
    assert len(calls_of(database_url)) == len(SCENARIOS) - 1
    assert await cel_rows.read_position(database, "cel") == (len(ALL_ROWS), "")
