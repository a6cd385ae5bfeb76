"""One contract for every source of history: the same calls make the same records."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
import structlog
from typer.testing import CliRunner

from cdr_ingest.cdr_files import CUSTOM, MASTER
from cli.main import app
from tests.fakes.cel_table import answered_call, ledger_text
from tests.fakes.ingested import stored

pytestmark = pytest.mark.postgres

ROW = {
    "accountcode": "autumn", "src": "1001", "dst": "13900000001", "dcontext": "out",
    "clid": '"Li" <1001>', "channel": "PJSIP/1001-00000001", "dstchannel": "PJSIP/trunk-00000002",
    "lastapp": "Dial", "lastdata": "x", "start": "2024-03-01 10:00:00",
    "answer": "2024-03-01 10:00:08", "end": "2024-03-01 10:03:28", "duration": "208",
    "billsec": "200", "disposition": "ANSWERED", "amaflags": "DOCUMENTATION",
    "uniqueid": "1709258400.1", "userfield": "",
}  # fmt: skip
ROWS = [
    ROW,
    ROW | {"uniqueid": "1709258500.3", "disposition": "NO ANSWER", "billsec": "0", "answer": "",
           "duration": "30"},
    ROW | {"uniqueid": "1709258600.5", "src": "13900000002", "dst": "1002",
           "channel": "PJSIP/trunk-00000005", "dstchannel": "PJSIP/1002-00000006"},
    # the same call again: its first leg, which nobody answered
    ROW | {"disposition": "BUSY", "billsec": "0", "answer": "", "duration": "5"},
]  # fmt: skip
BAD = [
    ROW | {"uniqueid": "b1", "billsec": "ten"},
    ROW | {"uniqueid": "b2", "start": "2024-13-01 10:00:00"},
    ROW | {"uniqueid": "b3", "start": "0001-01-01 00:00:00"},
    ROW | {"uniqueid": "b4", "billsec": "500"},
    ROW | {"uniqueid": "b5", "disposition": "MAYBE"},
    ROW | {"uniqueid": "b6", "lastdata": "x" * 5000},
]


def line(row: dict[str, str], columns: tuple[str, ...]) -> str:
    cells = (row.get(name, "").replace('"', '""') for name in columns)
    return ",".join(f'"{cell}"' for cell in cells) + "\n"


def csv_of(columns: tuple[str, ...], *, head: bool = False) -> Callable[..., str]:
    def write(rows: list[dict[str, str]], folder: Path, url: str) -> str:
        path = folder / "Master.csv"
        first = ",".join(columns) + "\n" if head else ""
        path.write_text(first + "".join(line(row, columns) for row in rows))
        return str(path)

    return write


def table_of(rows: list[dict[str, str]], folder: Path, url: str) -> str:
    columns = [name if name != "start" else "calldate" for name in MASTER]
    with psycopg.connect(url, autocommit=True) as connection:
        names = ", ".join(f'"{name}" text' for name in columns)
        connection.execute("DROP TABLE IF EXISTS cdr")
        connection.execute(f"CREATE TABLE cdr ({names})")
        for row in rows:
            marks = ", ".join(["%s"] * len(columns))
            connection.execute(
                f"INSERT INTO cdr VALUES ({marks})",  # noqa: S608 - only marks
                [row.get(name, "") for name in MASTER],
            )
    return url


SOURCES = {
    "Master.csv": csv_of(MASTER),
    "cdr_custom": csv_of(CUSTOM),
    "a CSV that names its columns": csv_of(tuple(reversed(MASTER)), head=True),
    "the table cdr": table_of,
}


@dataclass(frozen=True, slots=True)
class Import:
    """Runs `callfloor ingest --from` on rows in one kind of source."""

    write: Callable[..., str]
    url: str
    folder: Path

    def __call__(self, rows: list[dict[str, str]], *options: str) -> str:
        source = self.write(rows, self.folder, self.url)
        result = CliRunner(env={"COLUMNS": "250"}).invoke(
            app, ["ingest", "--from", source, *options]
        )
        assert result.exit_code == 0, result.output
        return result.output


@pytest.fixture(params=SOURCES)
def run(
    request: pytest.FixtureRequest,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Import]:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    yield Import(SOURCES[request.param], database_url, tmp_path)
    structlog.reset_defaults()


def test_every_source_makes_the_same_records_once(run: Import, database_url: str) -> None:
    assert "3 records would be written" in run(ROWS, "--dry-run")
    assert stored(database_url) == []
    assert "4 rows, 0 not readable, 3 records written" in run(ROWS)
    first = stored(database_url)
    with psycopg.connect(database_url) as connection:
        found = connection.execute(
            "SELECT direction, agent, number, talk_seconds::text, effective, source FROM call"
            " ORDER BY call_id"
        ).fetchall()
        sums = connection.execute(
            "SELECT sum(attempts), sum(effective) FROM call_sum WHERE dimension = 'region'"
        ).fetchone()
    assert found == [
        ("outbound", "1001", "13900000001", "200.000000", True, "cdr"),
        ("outbound", None, "13900000001", "0.000000", False, "cdr"),
        ("inbound", "1002", "13900000002", "200.000000", True, "cdr"),
    ]
    assert sums == (2, 1)
    # In any order, any number of times: nothing changes, not even recorded_at.
    assert "0 records written, 3 unchanged" in run(ROWS[::-1])
    assert stored(database_url) == first


def test_bad_rows_are_named_and_the_rest_is_taken(run: Import, database_url: str) -> None:
    told = run([*BAD[:3], *ROWS, *BAD[3:]])
    assert f"{len(BAD)} not readable, 3 records written" in told
    for why in (
        "billsec: 'ten' should be whole seconds",
        "start: '2024-13-01 10:00:00' should be a time" if "calldate" not in told else "calldate: ",
        "is not between 1995 and 2200",
        "billsec: 500 is more than duration",
        "disposition: 'MAYBE' is none of Asterisk's",
        "lastdata: 5000 characters",
    ):
        assert why in told
    assert "line 1: " in told or "line 2: " in told or "uniqueid b1: " in told


def test_a_record_made_from_events_is_kept(run: Import, database_url: str) -> None:
    run(ROWS[:1])
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE call SET source = 'cel', talk_seconds = 199.5")
    assert "1 kept as their events tell" in run(ROWS[:1])
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT talk_seconds::text FROM call").fetchone() == (
            "199.500000",
        )


def test_files_of_other_systems_are_named_line_by_line(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    path = tmp_path / "other.csv"
    path.write_bytes(
        b"a;b;c\n" + b"x" * (1 << 20) + b"\n" + b"\0\1\2\xff\n" + b'"torn\n'
        + line(ROW, MASTER).encode() + line(ROW, MASTER).encode()[:40]
    )  # fmt: skip
    result = CliRunner().invoke(app, ["ingest", "--from", str(path)])
    assert result.exit_code == 0, result.output
    assert "5 rows, 4 not readable, 1 records written" in result.output
    for number in (1, 2, 3, 4):
        assert f"other.csv line {number}: line: " in result.output
    missing = CliRunner().invoke(app, ["ingest", "--from", str(tmp_path / "none.csv")])
    assert missing.exit_code == 1
    assert "no such file" in missing.output
    structlog.reset_defaults()


def test_what_could_not_be_read_is_kept_until_somebody_has_looked(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    wide = CliRunner(env={"COLUMNS": "250"})
    path = tmp_path / "Master.csv"
    path.write_text("".join(line(row, MASTER) for row in (*ROWS[:1], *BAD[:2])))
    for options in (("--dry-run",), (), ()):
        told = wide.invoke(app, ["ingest", "--from", str(path), *options])
        assert "callfloor calls unread lists them again" in told.output, told.output
    found = json.loads(wide.invoke(app, ["calls", "unread", "--format", "json"]).output)
    assert sorted((row["source"], row["place"], row["field"]) for row in found) == [
        ("Master.csv", "Master.csv line 2", "billsec"),
        ("Master.csv", "Master.csv line 3", "start"),
    ]
    assert "'ten' should be whole seconds" in {row["reason"] for row in found}
    other = wide.invoke(app, ["calls", "unread", "--source", "x", "--format", "json"])
    assert json.loads(other.output) == []
    assert wide.invoke(app, ["calls", "unread", "--forget"]).output == "2 forgotten\n"
    structlog.reset_defaults()


def test_events_of_another_installation_become_records(
    database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    wide = CliRunner(env={"COLUMNS": "250"})
    path = tmp_path / "cel.csv"
    path.write_text(ledger_text([*answered_call("200"), *answered_call("179.999999")]) + "torn\n")
    dry = wide.invoke(app, ["ingest", "--from", str(path), "--dry-run"])
    assert "14 events would be copied" in dry.output, dry.output
    assert stored(database_url) == []
    done = wide.invoke(app, ["ingest", "--from", str(path)])
    assert "14 events copied, 0 of months whose events were dropped" in done.output, done.output
    assert "2 records made of them" in done.output
    again = wide.invoke(app, ["ingest", "--from", str(path)])
    assert "15 rows, 1 not readable" in again.output
    assert "events copied" not in again.output
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT count(*) FROM call WHERE effective").fetchone() == (1,)
    structlog.reset_defaults()
