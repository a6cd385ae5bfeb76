"""Pages read ahead while others are recorded lose no row: on a real Postgres."""

import asyncio
import gc

import psycopg
import pytest

from cdr_ingest import pages
from cdr_ingest.pages import PageReader, collector_paused
from store.database import Database
from store.months import know_months
from tests.fakes.ingested import ALL_ROWS, SCENARIOS, add, calls_of, run

pytestmark = pytest.mark.postgres
PAGE = 5


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE_ROWS", PAGE)


async def test_many_pages_make_the_same_records_as_one(
    database: Database, database_url: str
) -> None:
    await add(database, ALL_ROWS)
    report = await run(database)
    assert (report.rows, report.written) == (len(ALL_ROWS), len(SCENARIOS))
    assert len(ALL_ROWS) > 2 * PAGE
    assert len(calls_of(database_url)) == len(SCENARIOS)


async def _ids_of_second_page(database: Database, late_id: int | None, url: str) -> list[int]:
    reader = PageReader(database)
    async with database.transaction() as session:
        first = await reader.page_after(session, 0)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others)  # what is read ahead has been read
        if late_id is not None:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute(
                    "INSERT INTO cel (id, eventtype, eventtime, uniqueid, linkedid)"
                    " VALUES (%s, 'HANGUP', '2026-11-23', 'late', 'late')",
                    (late_id,),
                )
        second = await reader.page_after(session, first.raw[-1].id)
    await reader.close()
    return [row.id for row in second.raw]


async def test_what_was_read_ahead_is_used_where_no_id_is_missing(
    database: Database, database_url: str
) -> None:
    await add(database, ALL_ROWS)
    ids = await _ids_of_second_page(database, None, database_url)
    assert ids == list(range(PAGE + 1, 2 * PAGE + 1))


async def test_a_row_that_came_after_the_reading_ahead_is_not_missed(
    database: Database, database_url: str
) -> None:
    await add(database, ALL_ROWS[: PAGE + 1])
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("SELECT nextval('cel_id_seq')")  # somebody is still inserting
    await add(database, ALL_ROWS[PAGE + 1 :])
    missing = PAGE + 2
    assert missing in await _ids_of_second_page(database, missing, database_url)


async def test_a_reader_that_stops_early_leaves_nothing_running(database: Database) -> None:
    await add(database, ALL_ROWS)
    reader = PageReader(database)
    async with database.transaction() as session:
        await reader.page_after(session, 0)
    await reader.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}


def test_the_collector_runs_again_after_an_error() -> None:
    def fail() -> None:
        with collector_paused():
            assert not gc.isenabled()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert gc.isenabled()


async def test_a_month_filled_in_one_go_is_made_known_to_the_planner(
    database: Database, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO cel (eventtype, eventtime, uniqueid, linkedid, extra)"
            " SELECT 'HANGUP', now(), n::text, n::text, repeat('x', 500)"
            " FROM generate_series(1, 4000) AS n"
        )
        await know_months(database)
        known = connection.execute("SELECT max(reltuples) FROM pg_class WHERE relname ~ '^cel_2'")
        assert known.fetchone() == (4000,)
