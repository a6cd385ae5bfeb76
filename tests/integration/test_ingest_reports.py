"""What records add up to, and what the command prints of it, on a real Postgres."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path

import psycopg
import pytest
import structlog
from typer.testing import CliRunner

from calls.effective_call import Totals
from cdr_ingest.ingest import Ingester
from cli.main import app
from reports.agent_day import agent_day, campaign_day
from store import cel_rows
from store.cel_rows import RawCel
from store.database import Database
from store.sums import By
from tests.fakes.cel_table import CALL_START, answered_call, failed_call

pytestmark = pytest.mark.postgres

DAY = date(2026, 11, 22)
NOW = CALL_START + timedelta(days=2)
WRITTEN = ("eventtype", "eventtime", "channame", "uniqueid", "linkedid", "extra")
TALKS = ("10", "179", "180", "200")


def seed_rows(campaign: str = "") -> Iterator[list[RawCel]]:
    """The paper's day: 7 originations, of them 1 system error, 2 no answers, 4 answered."""
    start = (CALL_START + timedelta(minutes=10 * n) for n in count())
    yield failed_call(34, next(start), campaign)
    yield failed_call(19, next(start), campaign)
    yield failed_call(19, next(start), campaign)
    for talk in TALKS:
        yield answered_call(talk, next(start), campaign=campaign)


async def ingest(database: Database, *calls: list[RawCel]) -> None:
    async with database.transaction() as session:
        await cel_rows.add_cel(session, [raw for call in calls for raw in call])
    await Ingester(database, None, lambda: None, lambda: NOW).run_once(NOW)


async def test_daily_count_and_time(database: Database) -> None:
    await ingest(database, *seed_rows())
    report = await agent_day(database, DAY, "UTC")
    assert report.total == Totals(
        attempts=6,
        answered=4,
        valid=4,
        effective=2,
        talk=timedelta(seconds=569),
        effective_talk=timedelta(seconds=380),
    )
    assert [(row.key, row.totals.attempts) for row in report.rows] == [
        ("agent-1001", 4),
        (None, 2),  # what no agent ever had
    ]


async def test_another_threshold_counts_otherwise(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO effective_call_rule VALUES ('ninety', 5, 90)")
        connection.execute("INSERT INTO campaign (name, rule_version) VALUES ('autumn', 'ninety')")
    await ingest(database, *seed_rows("autumn"))
    total = (await campaign_day(database, DAY, "UTC")).total
    assert (total.effective, total.effective_talk) == (3, timedelta(seconds=559))


async def test_a_call_belongs_to_the_day_on_which_it_was_dialled(database: Database) -> None:
    late = datetime.fromisoformat("2026-11-22T23:59:59.999999+08:00")
    await ingest(
        database, answered_call("200", late), answered_call("180", late + timedelta(0, 0, 1))
    )
    for day, talk in ((DAY, 200), (DAY + timedelta(days=1), 180)):
        report = await agent_day(database, day, "Asia/Shanghai")
        assert report.total.effective_talk == timedelta(seconds=talk)


async def test_agents_rows_and_campaigns_rows_add_up_to_the_same(database: Database) -> None:
    calls = [
        *(answered_call(t, CALL_START, agent, c) for t, agent, c in [
            ("3.000001", "agent-1001", "autumn"), ("181", "agent-1002", "autumn"),
            ("5", "agent-1002", "spring"), ("0.5", "agent-1003", ""),
        ]),
        *(failed_call(cause, CALL_START, c) for cause, c in [
            (17, "autumn"), (1, "spring"), (38, ""),
        ]),
    ]  # fmt: skip
    await ingest(database, *calls)
    agents = await agent_day(database, DAY, "UTC")
    campaigns = await campaign_day(database, DAY, "UTC")
    assert agents.total == campaigns.total
    assert agents.total.attempts == 6
    assert agents.total.talk == timedelta(seconds=189, microseconds=500_001)
    assert {row.title for row in campaigns.rows} == {"autumn", "spring", "(no campaign)"}
    autumn = await agent_day(database, DAY, "UTC", campaign="autumn")
    assert autumn.total == next(r.totals for r in campaigns.rows if r.key == "autumn")
    for row in (*agents.rows, *campaigns.rows):
        t = row.totals
        assert t.effective <= t.valid <= t.answered <= t.attempts


class TestCommand:
    """`callfloor report` and `callfloor calls`."""

    @pytest.fixture
    def run(self, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator["Runner"]:
        monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
        yield Runner()
        structlog.reset_defaults()  # the command logged to a stream that is closed by now

    def seed(self, database_url: str, run: "Runner") -> None:
        with psycopg.connect(database_url, autocommit=True) as connection:
            connection.execute("INSERT INTO agent (agent_id, name) VALUES ('agent-1001', '=李伟')")
            for raw in [raw for call in seed_rows() for raw in call]:
                connection.execute(
                    "INSERT INTO cel (eventtype, eventtime, channame, uniqueid, linkedid, extra)"
                    " VALUES (%s, to_timestamp(%s::float8) AT TIME ZONE 'UTC', %s, %s, %s, %s)",
                    [getattr(raw, name) for name in WRITTEN],
                )
        assert "7 records written" in run("ingest")

    def test_agent_day(self, database_url: str, run: "Runner") -> None:
        self.seed(database_url, run)
        rows = json.loads(run("report", "agent-day", "--day", "2026-11-22", "--format", "json"))
        assert [row["agent"] for row in rows] == ["agent-1001", "(no agent)", "total"]
        assert rows[0] == {
            "agent": "agent-1001",
            "name": "=李伟",
            "attempts": 4,
            "answered": 4,
            "valid": 4,
            "effective": 2,
            "talk_seconds": "569.000000",
            "effective_talk_seconds": "380.000000",
            "answer_rate": "100.0 %",
            "effective_rate": "50.0 %",
        }
        assert rows[1]["effective_rate"] == "n/a"
        assert rows[2]["attempts"] == 6
        as_csv = run("report", "agent-day", "--day", "2026-11-22", "--format", "csv")
        assert as_csv.splitlines()[1].startswith("agent-1001,'=李伟,4,4,4,2,569.000000,")
        as_table = run("report", "agent-day", "--day", "2026-11-22")
        assert "有效通话" in as_table

    @pytest.mark.parametrize("by", list(By))
    def test_every_dimension(self, database_url: str, run: "Runner", by: By) -> None:
        self.seed(database_url, run)
        words = ("report", "by", by, "--since", "2026-11-22", "--until", "2026-11-22")
        told = json.loads(run(*words, "--format", "json"))
        total = told["rows"][-1]
        assert (total["attempts"], total["effective"]) == (6, 2)
        assert total["talk_seconds"] == "569.000000"
        assert "answered / attempts" in run(*words)

    def test_a_report_as_files(self, database_url: str, run: "Runner", tmp_path: Path) -> None:
        self.seed(database_url, run)
        words = ("report", "by", "agent", "--since", "2026-11-22", "--until", "2026-11-22")
        path = tmp_path / "report.xlsx"
        run(*words, "--format", "xlsx", "--output", str(path))
        assert path.read_bytes().startswith(b"PK")
        assert ",'=李伟," in run(*words, "--format", "csv")
        folder = str(tmp_path)
        assert "cannot write" in run(*words, "--format", "csv", "--output", folder, code=1)

    def test_one_agents_month_accounts_gaming_and_closing(
        self, database_url: str, run: "Runner"
    ) -> None:
        self.seed(database_url, run)
        days = ("--since", "2026-11-01", "--until", "2026-11-30", "--format", "json")
        told = json.loads(run("report", "by", "agent", "--key", "agent-1001", *days))
        assert [row["day"] for row in told["rows"]] == ["2026-11-22", "total"]
        assert json.loads(run("report", "accounts", *days)) == []
        assert json.loads(run("report", "gaming", "--day", "2026-11-22", "--format", "json")) == []
        assert run("report", "close", "--before", "2026-11-23") == "2026-11-22\n"
        assert "no open day" in run("report", "close", "--before", "2026-11-23")
        assert json.loads(run("report", "adjustments", *days)) == []
        assert "0 records written, 7 unchanged" in run("ingest", "--since", "2026-11-01")
        run("report", "by", "team", "--key", "x", code=2)
        run("report", "by", "agent", "--since", "2026-11-30", "--until", "2026-11-01", code=1)

    def test_an_empty_day(self, run: "Runner") -> None:
        (total,) = json.loads(
            run("report", "campaign-day", "--day", "2026-01-01", "--format", "json")
        )
        assert (total["attempts"], total["answer_rate"]) == (0, "n/a")

    def test_calls_list(self, database_url: str, run: "Runner") -> None:
        self.seed(database_url, run)
        found = json.loads(run("calls", "list", "--effective", "--format", "json"))
        assert [call["talk_seconds"] for call in found] == ["200.000000", "180.000000"]
        assert {"attempt_id", "ring_seconds", "recording", "linkedid"} <= found[0].keys()
        found = json.loads(
            run("calls", "list", "--result", "no_answer", "--limit", "1", "--format", "json")
        )
        assert len(found) == 1
        assert run("calls", "list", "--agent", "nobody", "--format", "csv").count("\n") == 1
        assert run("calls", "list", "--day", "2026-11-23", "--format", "csv").count("\n") == 1

    def test_used_wrongly(self, run: "Runner") -> None:
        for text in ("yesterday", "2026-13-01", "9999-12-31"):
            assert "should be" in run("report", "agent-day", "--day", text, code=2)
        run("calls", "list", "--result", "nonsense", code=2)

    def test_ingest_names_a_ledger_that_cannot_be_read(
        self, run: "Runner", tmp_path_factory: pytest.TempPathFactory
    ) -> None:
        folder = str(tmp_path_factory.mktemp("folder"))
        assert f"cannot read the ledger: {folder}: Is a directory" in run(
            "ingest", "--ledger", folder, code=1
        )


class Runner:
    """Runs the command in this process."""

    def __call__(self, *arguments: str, code: int = 0) -> str:
        result = CliRunner(env={"COLUMNS": "250"}).invoke(app, list(arguments))
        assert result.exit_code == code, result.output
        return result.output
