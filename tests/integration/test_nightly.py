"""Each night records and sums are compared and repaired, days closed, old raw events dropped."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from cdr_ingest.ingest import Ingester
from cdr_ingest.nightly import Nightly
from store import cel_rows
from store.database import Database
from tests.fakes.cel_table import CALL_START, answered_call, ledger_text
from tests.fakes.ingested import stored
from tests.integration.test_ingest_reconcile import add_attempt

pytestmark = pytest.mark.postgres

NOW = CALL_START + timedelta(days=200)


def months(url: str) -> list[str]:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT tablename FROM pg_tables WHERE tablename LIKE 'cel_20%' ORDER BY 1"
        )
        return [row[0] for row in found]


async def test_a_night_repairs_closes_and_drops(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    rows, late = answered_call("200"), answered_call("190", CALL_START + timedelta(hours=1))
    add_attempt(database_url, rows[0].linkedid, "answered", 200)
    add_attempt(database_url, late[0].linkedid, "answered", 190)
    ledger = tmp_path / "callfloor-cel.csv"
    ledger.write_text(ledger_text([*rows, *late]))
    async with database.transaction() as session:
        await cel_rows.add_cel(session, rows)
    one = Ingester(database, None, lambda: None, lambda: NOW)
    await one.run_once(NOW)
    nightly = Nightly(database, one, ledger, lambda: NOW, time_zone="UTC", cel_days=90)
    assert "cel_2026_11" in months(database_url)
    first = await nightly.work(NOW)
    assert (first.unreconciled, first.repaired, first.left) == (1, 1, 0)
    assert [day.isoformat() for day in first.closed] == ["2026-11-22"]
    assert "cel_2026_11" in [month.name for month in first.dropped]
    assert "cel_2026_11" not in months(database_url)
    before = stored(database_url)
    assert len([row for row in before if len(row) == 1]) == 2
    again = await nightly.work(NOW)
    assert (again.unreconciled, again.repaired, again.closed) == (0, 0, ())
    # The rows are gone, the records stay, whatever comes late.
    async with database.transaction() as session:
        await cel_rows.add_cel(session, rows[:3])
    report = await Ingester(database, None, lambda: None, lambda: NOW).run_once(NOW)
    assert ["came too late" in message for message in report.failed] == [True]
    assert stored(database_url) == before


async def test_a_month_with_a_call_that_waits_is_kept(
    database: Database, database_url: str
) -> None:
    async with database.transaction() as session:
        await cel_rows.add_cel(session, answered_call("200")[:3])
    one = Ingester(database, None, lambda: None, lambda: NOW)
    await one.run_once(NOW)
    nightly = Nightly(database, one, None, lambda: NOW, time_zone="UTC", cel_days=90)
    assert (await nightly.work(NOW)).dropped == ()
    assert "cel_2026_11" in months(database_url)
