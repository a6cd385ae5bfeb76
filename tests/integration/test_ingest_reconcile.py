"""Live floor, records and Asterisk's ledger: they agree, or the calls that differ are named."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import structlog
from typer.testing import CliRunner

from cdr_ingest.compare import Difference
from cdr_ingest.ingest import Ingester
from cdr_ingest.ledger import LedgerUnreadable
from cdr_ingest.reconcile import reconcile, repair
from cli.main import app
from store import cel_rows
from store.cel_rows import RawCel
from store.database import Database
from tests.fakes.cel_table import CALL_START, answered_call, failed_call, ledger_line, ledger_text

pytestmark = pytest.mark.postgres

NOW = CALL_START + timedelta(hours=1)
ANSWERED = answered_call("200.000001")
BUSY = failed_call(17, CALL_START + timedelta(seconds=5))
ROWS = [*ANSWERED, *BUSY]
CALL, OTHER = ANSWERED[0].linkedid, BUSY[0].linkedid


def add_attempt(
    url: str, call_id: str, result: str, talk: float, settled_by: str = "floor"
) -> None:
    """As the dialer leaves it when the live floor saw the call to its end."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO campaign (name) VALUES ('autumn') ON CONFLICT DO NOTHING")
        connection.execute(
            "INSERT INTO lead (campaign_id, phone) SELECT campaign_id, '+8613900000000'"
            " FROM campaign ON CONFLICT DO NOTHING"
        )
        connection.execute(
            "INSERT INTO attempt (attempt_id, lead_id, campaign_id, number, trunk, caller_id,"
            " ring_seconds, planned_at, settled_at, settled_by, network_result, talk_seconds,"
            " answered_at) SELECT %s, lead_id, campaign_id, phone, 'carrier', '', 30, %s, %s, %s,"
            " %s, %s, %s FROM lead",
            (call_id, CALL_START, NOW, settled_by, result, talk, NOW if talk else None),
        )


@pytest.fixture
async def ledger(database: Database, database_url: str, tmp_path: Path) -> Path:
    """Two calls, recorded and seen live, that agree everywhere; and the ledger's path."""
    add_attempt(database_url, CALL, "answered", 200.3)
    add_attempt(database_url, OTHER, "busy", 0)
    path = tmp_path / "callfloor-cel.csv"
    path.write_text(ledger_text(ROWS))
    await ingest(database, ROWS)
    return path


async def ingest(
    database: Database, rows: list[RawCel], live: frozenset[str] | None = None
) -> None:
    async with database.transaction() as session:
        await cel_rows.add_cel(session, rows)
    await Ingester(database, None, lambda: live, lambda: NOW).run_once(NOW)


def change(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)


def rewrite(ledger: Path, rows: list[RawCel]) -> None:
    ledger.write_text(ledger_text(rows))


async def test_all_agree(database: Database, ledger: Path) -> None:
    result = await reconcile(database, ledger)
    assert result.differences == ()
    assert result.unreconciled == 0
    assert (result.floor.calls, result.floor.answered) == (2, 1)
    assert result.records == result.ledger == result.records_seen_live
    assert result.records.talk == timedelta(seconds=200, microseconds=1)
    assert result.not_seen_live == 0


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE attempt SET talk_seconds = 201 WHERE talk_seconds > 0",
            Difference(CALL, "talk", floor="0:03:21", record="0:03:20.000001"),
        ),
        (
            "UPDATE attempt SET network_result = 'rejected' WHERE network_result = 'busy'",
            Difference(OTHER, "network_result", floor="rejected", record="busy"),
        ),
        (
            "UPDATE call SET talk_seconds = 200 WHERE answered",
            Difference(CALL, "talk", record="0:03:20", ledger="0:03:20.000001"),
        ),
        (
            "UPDATE call SET hangup_cause = 21 WHERE NOT answered",
            Difference(OTHER, "hangup_cause", record="21", ledger="17"),
        ),
        (
            "UPDATE call_agent SET agent = 'agent-1009'",
            None,
        ),
        (
            "DELETE FROM attempt WHERE network_result = 'busy'",
            Difference(OTHER, "attempt", floor="missing", record="there"),
        ),
    ],
)
async def test_one_difference_is_found(
    database: Database, database_url: str, ledger: Path, statement: str, expected: Difference | None
) -> None:
    change(database_url, statement)
    result = await reconcile(database, ledger)
    assert result.unreconciled == 1
    if expected is not None:
        assert expected in result.differences


async def test_a_missing_record_is_found_twice_and_counted_once(
    database: Database, database_url: str, ledger: Path
) -> None:
    change(database_url, "DELETE FROM call WHERE NOT answered")
    result = await reconcile(database, ledger)
    assert {(d.call_id, d.field, d.record) for d in result.differences} == {
        (OTHER, "record", "missing")
    }
    assert len(result.differences) == 2  # the floor saw it, and the ledger has it
    assert result.unreconciled == 1


async def test_a_record_that_the_ledger_lacks(database: Database, ledger: Path) -> None:
    rewrite(ledger, ANSWERED)
    result = await reconcile(database, ledger)
    assert result.differences == (Difference(OTHER, "record", record="there", ledger="missing"),)


async def test_calls_of_before_the_ledger_are_left_out(database: Database, ledger: Path) -> None:
    # The older call's last rows stand at the beginning of the file: it was rotated in mid-call.
    rewrite(ledger, sorted(ROWS, key=lambda raw: raw.eventtime)[4:])
    result = await reconcile(database, ledger)
    assert (result.unreconciled, result.records.calls) == (0, 1)


async def test_dialled_twice(database: Database, ledger: Path) -> None:
    again = replace(failed_call(17, NOW)[0], uniqueid=OTHER, linkedid=OTHER)
    with ledger.open("a") as file:
        file.write(ledger_line(again))
    result = await reconcile(database, ledger)
    assert Difference(OTHER, "dialled", record="once", ledger="2 times") in result.differences


async def test_what_the_floor_did_not_see_is_no_difference(
    database: Database, database_url: str, ledger: Path
) -> None:
    change(database_url, "UPDATE attempt SET settled_by = 'records', talk_seconds = 999")
    result = await reconcile(database, ledger)
    assert (result.unreconciled, result.not_seen_live, result.floor.calls) == (0, 2, 0)


async def test_an_attempt_that_never_was_sent_needs_no_record(
    database: Database, database_url: str, ledger: Path
) -> None:
    never = failed_call(17)[0].linkedid
    add_attempt(database_url, never, "system_error", 0, settled_by="never_sent")
    refused = failed_call(17)[0].linkedid
    add_attempt(database_url, refused, "system_error", 0)
    assert (await reconcile(database, ledger)).unreconciled == 0
    taken = failed_call(17)[0].linkedid
    add_attempt(database_url, taken, "no_answer", 0)
    result = await reconcile(database, ledger)
    assert result.differences == (Difference(taken, "record", "no_answer", "missing"),)


async def test_a_cut_call_agrees_and_an_open_one_is_no_difference(
    database: Database, database_url: str, ledger: Path
) -> None:
    cut = answered_call("100", CALL_START + timedelta(seconds=9))[:4]
    live = answered_call("100", CALL_START + timedelta(seconds=10))[:4]
    add_attempt(database_url, cut[0].linkedid, "answered", 50, settled_by="records")
    await ingest(database, [*cut, *live], live=frozenset({live[0].linkedid}))
    with ledger.open("a") as file:
        file.write(ledger_text([*cut, *live]))
    result = await reconcile(database, ledger)
    assert result.differences == ()
    assert (result.records.calls, result.ledger.calls, result.still_open) == (3, 3, 1)


async def test_without_a_ledger_floor_and_records_are_compared(
    database: Database, database_url: str, ledger: Path
) -> None:
    change(database_url, "UPDATE attempt SET network_result = 'rejected' WHERE talk_seconds = 0")
    result = await reconcile(database, None)
    assert not result.has_ledger
    assert [d.field for d in result.differences] == ["network_result"]


async def test_a_ledger_that_is_not_there(database: Database, tmp_path: Path) -> None:
    with pytest.raises(LedgerUnreadable, match="no such file"):
        await reconcile(database, tmp_path / "none.csv")


@pytest.fixture
def runner(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    yield CliRunner(env={"COLUMNS": "200"})
    structlog.reset_defaults()  # the command logged to a stream that is closed by now


def test_the_command_exits_by_the_outcome(
    ledger: Path, database_url: str, runner: CliRunner
) -> None:
    good = runner.invoke(app, ["reconcile", "--ledger", str(ledger), "--format", "json"])
    assert good.exit_code == 0, good.output
    told = json.loads(good.output)
    assert (told["unreconciled"], told["differences"]) == (0, [])
    assert [row["talk_seconds"] for row in told["sums"]] == ["200.300000", *["200.000001"] * 3]

    change(database_url, "UPDATE call SET talk_seconds = 200 WHERE answered")
    bad = runner.invoke(app, ["reconcile", "--ledger", str(ledger)])
    assert bad.exit_code == 1
    assert CALL in bad.output
    as_csv = runner.invoke(app, ["reconcile", "--ledger", str(ledger), "--format", "csv"])
    lines = as_csv.output.splitlines()
    assert lines[:2] == [
        "call_id,field,floor,record,ledger",
        f"{CALL},talk,,0:03:20,0:03:20.000001",
    ]
    # The sums were right before somebody changed the record behind them.
    assert {line.split()[0] for line in lines[2:]} == {"sum"}
    none = runner.invoke(app, ["reconcile", "--ledger", str(ledger) + "x"])
    assert none.exit_code == 1
    assert "no such file" in none.output


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE call SET talk_seconds = 7 WHERE answered",
        "DELETE FROM call WHERE answered",
        "DELETE FROM cel",
        "UPDATE call_sum SET attempts = attempts + 1 WHERE dimension = 'agent'",
        "DELETE FROM call_sum",
        "DELETE FROM cel; DELETE FROM call; DELETE FROM call_agent; DELETE FROM call_sum",
    ],
)
async def test_the_ledger_repairs_what_differs(
    database: Database, database_url: str, ledger: Path, damage: str
) -> None:
    change(database_url, damage)
    found = await reconcile(database, ledger)
    assert found.has_differences == (damage != "DELETE FROM cel")
    one = Ingester(database, ledger, lambda: None, lambda: NOW)
    done = await repair(database, ledger, one, found, NOW)
    assert not (await reconcile(database, ledger)).has_differences
    again = await repair(database, ledger, one, await reconcile(database, ledger), NOW)
    assert (again.copied, again.written, again.has_rebuilt_sums) == (0, 0, False)
    assert done.copied == (len(ROWS) if "cel" in damage else 0)
