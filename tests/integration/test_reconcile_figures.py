"""What comparisons find is counted by kind in /metrics, at night and on demand, and repaired."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import structlog
from prometheus_client import CollectorRegistry, generate_latest
from typer.testing import CliRunner

from cdr_ingest.ingest import Ingester
from cdr_ingest.nightly import Nightly
from cli.main import app
from cli.record_figures import RecordFigures
from store.database import Database
from tests.fakes.cel_table import CALL_START, answered_call, failed_call, ledger_text
from tests.fakes.ingested import add
from tests.integration.test_ingest_reconcile import add_attempt

pytestmark = pytest.mark.postgres

NOW = CALL_START + timedelta(hours=1)
ANSWERED, BUSY = answered_call("200"), failed_call(17, CALL_START + timedelta(seconds=5))


def change(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


@pytest.fixture
async def ledger(database: Database, database_url: str, tmp_path: Path) -> Path:
    """Two calls that agree everywhere; and the ledger's path."""
    add_attempt(database_url, ANSWERED[0].linkedid, "answered", 200)
    add_attempt(database_url, BUSY[0].linkedid, "busy", 0)
    path = tmp_path / "callfloor-cel.csv"
    path.write_text(ledger_text([*ANSWERED, *BUSY]))
    await add(database, [*ANSWERED, *BUSY])
    await Ingester(database, None, lambda: None, lambda: NOW).run_once(NOW)
    return path


@pytest.fixture
def runner(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    yield CliRunner(env={"COLUMNS": "200"})
    structlog.reset_defaults()


async def figures(database: Database) -> dict[str, float]:
    registry, collector = CollectorRegistry(), RecordFigures(database)
    registry.register(collector)
    await collector.renew()
    lines = generate_latest(registry).decode().splitlines()
    told = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in told}


async def test_before_the_first_comparison_nothing_is_claimed(database: Database) -> None:
    told = await figures(database)
    assert told['callfloor_reconciliations_total{occasion="night"}'] == 0
    assert "callfloor_reconciled_timestamp_seconds" not in told


async def test_a_night_counts_what_differed_and_repairs_it(
    database: Database, database_url: str, ledger: Path
) -> None:
    change(database_url, "UPDATE call SET talk_seconds = 7 WHERE answered")
    change(database_url, "DELETE FROM call WHERE NOT answered")
    one = Ingester(database, ledger, lambda: None, lambda: NOW)
    nightly = Nightly(database, one, ledger, lambda: NOW, time_zone="UTC", cel_days=90)
    await nightly.work(NOW)
    told = await figures(database)
    assert told['callfloor_reconciliations_total{occasion="night"}'] == 1
    assert told['callfloor_reconcile_differences_total{kind="floor talk"}'] == 1
    assert told['callfloor_reconcile_differences_total{kind="ledger talk"}'] == 1
    assert told['callfloor_reconcile_differences_total{kind="record missing"}'] == 1
    assert told["callfloor_reconcile_repaired_total"] == 2
    assert told["callfloor_unreconciled"] == 0
    assert told["callfloor_reconciled_timestamp_seconds"] == NOW.timestamp()
    await nightly.work(NOW + timedelta(days=1))
    again = await figures(database)
    assert again['callfloor_reconcile_differences_total{kind="floor talk"}'] == 1
    assert again['callfloor_reconciliations_total{occasion="night"}'] == 2


async def test_a_difference_that_no_repair_mends_stays_in_sight(
    database: Database, database_url: str, ledger: Path, runner: CliRunner
) -> None:
    change(database_url, "UPDATE attempt SET network_result = 'rejected' WHERE talk_seconds = 0")
    one = Ingester(database, ledger, lambda: None, lambda: NOW)
    nightly = Nightly(database, one, ledger, lambda: NOW, time_zone="UTC", cel_days=90)
    await nightly.work(NOW)
    told = await figures(database)
    assert told["callfloor_unreconciled"] == 1
    assert told['callfloor_reconcile_differences_total{kind="floor network_result"}'] == 1


def test_a_comparison_on_demand_is_counted_too(
    database_url: str, ledger: Path, runner: CliRunner
) -> None:
    change(database_url, "UPDATE call_sum SET attempts = attempts + 1 WHERE dimension = 'agent'")
    assert runner.invoke(app, ["reconcile", "--ledger", str(ledger)]).exit_code == 1
    mended = runner.invoke(app, ["reconcile", "--ledger", str(ledger), "--repair"])
    assert mended.exit_code == 0, mended.output
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT occasion, unreconciled, differing_sums, left_over FROM reconciliation"
            " ORDER BY reconciliation_id"
        ).fetchall()
        kinds = connection.execute("SELECT kind, calls FROM reconciliation_kind").fetchall()
    assert rows == [("demand", 0, 1, 0), ("demand", 0, 1, 0)]
    assert kinds == [("sum by agent", 1)] * 2
