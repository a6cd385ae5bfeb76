"""Each call is recorded exactly once, whoever ingests, dies or comes late: on a real Postgres."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from store import cel_rows, records
from store.database import Database, Session
from tests.fakes.cel_table import at
from tests.fakes.ingested import (
    ALL_ROWS,
    NOW,
    SCENARIOS,
    add,
    calls_of,
    ingester,
    run,
    stored,
    write,
)

pytestmark = pytest.mark.postgres


async def test_each_finished_call_is_one_record(database: Database, database_url: str) -> None:
    await add(database, ALL_ROWS)
    report = await run(database)
    assert (report.rows, report.written, report.waiting) == (len(ALL_ROWS), len(SCENARIOS), 0)
    assert {call: row[0] for call, row in calls_of(database_url).items()} == {
        rows[0].linkedid: "busy" if rows is SCENARIOS[2] else "answered" for rows in SCENARIOS
    }


async def test_running_again_changes_nothing(database: Database, database_url: str) -> None:
    await add(database, ALL_ROWS)
    await run(database)
    before = stored(database_url)
    again = ingester(database)
    for _ in range(3):
        assert (await again.run_once(NOW)).written == 0
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("DELETE FROM ingest_position")
    report = await run(database)
    assert (report.written, report.unchanged) == (0, len(SCENARIOS))
    # Not even recorded_at has moved.
    assert stored(database_url) == before


async def test_two_at_once_make_the_same_records(database: Database, database_url: str) -> None:
    one, other = ingester(database), ingester(database)
    for start in range(0, len(ALL_ROWS), 7):
        await add(database, ALL_ROWS[start : start + 7])
        await asyncio.gather(one.run_once(NOW), other.run_once(NOW), run(database))
    assert len(calls_of(database_url)) == len(SCENARIOS)
    concurrent = stored(database_url, but="recorded_at")
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("TRUNCATE call, call_agent, ingest_position")
    await run(database)
    assert stored(database_url, but="recorded_at") == concurrent


async def test_late_rows_replace_the_record(database: Database, database_url: str) -> None:
    rows = SCENARIOS[0]
    late = [raw for raw in rows if raw.eventtype == "BRIDGE_EXIT"]
    one = ingester(database)
    await add(database, [raw for raw in rows if raw not in late])
    await one.run_once(NOW)
    first = calls_of(database_url)[rows[0].linkedid]
    await add(database, late)
    assert (await one.run_once(NOW)).written == 1
    (record,) = calls_of(database_url).values()
    assert record[1] == Decimal("3.494959") != first[1]


async def test_a_row_of_a_slow_transaction_is_not_lost(
    database: Database, database_url: str
) -> None:
    """Its id is lower than ids that were read before it became visible."""
    one = ingester(database)
    rows = SCENARIOS[0]
    async with await psycopg.AsyncConnection.connect(database_url) as slow:
        await slow.execute(
            "INSERT INTO cel (eventtype, eventtime, channame, uniqueid, linkedid)"
            " SELECT %s, to_timestamp(%s) AT TIME ZONE 'UTC', %s, %s, %s",
            (
                rows[0].eventtype,
                1795390582.479902,
                rows[0].channame,
                rows[0].uniqueid,
                rows[0].linkedid,
            ),
        )
        await add(database, rows[1:])
        await one.run_once(NOW)
        assert await cel_rows.read_position(database, "cel") == (0, "")
        await slow.commit()
    assert (await one.run_once(NOW)).rows == 1
    call = (await records.read_calls(database, [rows[0].linkedid]))[rows[0].linkedid]
    assert call.dialled_at == at("1795390582.479902")
    assert await cel_rows.read_position(database, "cel") == (len(rows), "")


async def test_a_rolled_back_id_holds_nothing_up_for_long(
    database: Database, database_url: str
) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute("SELECT nextval('cel_id_seq') FROM generate_series(1, 100000)")
        connection.rollback()
    one = ingester(database)
    await add(database, SCENARIOS[0])
    await one.run_once(NOW)
    await one.run_once(NOW + timedelta(minutes=5))
    await add(database, SCENARIOS[2])
    await one.run_once(NOW + timedelta(minutes=5))
    position, _ = await cel_rows.read_position(database, "cel")
    assert position == 100_000 + len(SCENARIOS[0]) + len(SCENARIOS[2])


async def test_run_goes_on_until_it_is_stopped(database: Database, database_url: str) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(ingester(database).run(stop))
    await add(database, ALL_ROWS)
    async with asyncio.timeout(10):
        while len(await asyncio.to_thread(calls_of, database_url)) < len(SCENARIOS):  # noqa: ASYNC110 - another process's view
            await asyncio.sleep(0.05)
    stop.set()
    await task


class Killed(BaseException):
    """As if the process had ended here."""


@pytest.mark.timeout(180)
async def test_killed_between_any_two_statements(
    database: Database, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = tmp_path / "callfloor-cel.csv"
    write(ledger, ALL_ROWS)
    await add(database, ALL_ROWS[: len(ALL_ROWS) // 2])
    left = 0

    def tick() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    for name in ("fetch", "fetch_row", "fetch_value", "execute", "copy_rows"):
        monkeypatch.setattr(Session, name, dying(getattr(Session, name), tick))

    deaths = 0
    for deaths in range(1, 1000):
        left = deaths
        try:
            await ingester(database, ledger).run_once(NOW)
        except Killed:
            for call, parts in halves(database_url):
                assert (parts > 0) == call
            continue
        break
    monkeypatch.undo()
    assert deaths > 10
    assert len(calls_of(database_url)) == len(SCENARIOS)
    assert (await run(database)).written == 0
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM cel").fetchone() == (len(ALL_ROWS),)


def halves(url: str) -> list[tuple[bool, int]]:
    """Whether each call has an agent, and how many parts are stored of it."""
    query = (
        "SELECT agent IS NOT NULL, (SELECT count(*) FROM call_agent p WHERE p.call_id = c.call_id)"
        " FROM call c"
    )
    with psycopg.connect(url) as connection:
        return [(row[0], row[1]) for row in connection.execute(query)]


def dying(
    method: Callable[..., Awaitable[object]], tick: Callable[[], None]
) -> Callable[..., Awaitable[object]]:
    async def wrapped(*args: object) -> object:
        tick()
        return await method(*args)

    return wrapped
