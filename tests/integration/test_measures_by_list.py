"""Measures by region and by list, also of calls that no campaign made, and of closed days."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
import structlog
from typer.testing import CliRunner

from cdr_ingest.ingest import Ingester
from cli.main import app
from crm.lead_import import ImportOptionError, ImportOptions, import_leads
from store import cel_rows, records, sums
from store.cel_rows import RawCel
from store.database import Database
from store.sums import By
from tests.fakes.cel_table import CALL_START, answered_call

pytestmark = pytest.mark.postgres

DAY = date(2026, 11, 22)
NOW = CALL_START + timedelta(days=2)
LISTED, BY_HAND, STRANGER = "+8613900000001", "+8613900000002", "+8613900000003"


def lead_list(folder: Path, name: str, *rows: str) -> Path:
    path = folder / name
    path.write_text("\n".join(("phone,province,industry", *rows)) + "\n")
    return path


@pytest.fixture
async def leads(database: Database, database_url: str, tmp_path: Path) -> None:
    """Two leads of two lists in one campaign; the second file has the first one's number, too."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO campaign (name) VALUES ('spring')")
    fair = lead_list(tmp_path, "fair-2026.csv", f"{LISTED},浙江,机械")
    bought = lead_list(tmp_path, "other.csv", f"{LISTED},浙江,机械", f"{BY_HAND},江苏,纺织")
    await import_leads(database, "spring", fair)
    await import_leads(database, "spring", bought, ImportOptions(call_list="bought in May"))


def dialled_by_hand(number: str, talk: str, campaign: str = "") -> list[RawCel]:
    """A call that an agent dialled on the own phone: no attempt tells of it."""
    rows = answered_call(talk, campaign=campaign)
    customer, agent = rows[0].channame, rows[2].channame
    place = {customer: agent, agent: customer}
    return [
        RawCel(
            "a test",
            **{name: getattr(raw, name) for name in raw.__dataclass_fields__ if name not in
               ("origin", "id", "channame", "exten", "uniqueid", "linkedid")},
            channame=place[raw.channame],
            exten=number,
            uniqueid=f"{raw.uniqueid[:8]}.{raw.channame == customer:d}",
            linkedid=f"{raw.linkedid[:8]}.1",
        )
        for raw in rows
    ]  # fmt: skip


async def attempt(url: str, talk: str) -> list[RawCel]:
    """A call of the dialer to the listed lead."""
    rows = answered_call(talk, campaign="spring")
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO attempt (attempt_id, lead_id, campaign_id, number, trunk, caller_id,"
            " ring_seconds, planned_at) SELECT %s, lead_id, campaign_id, phone, 'carrier', '', 30,"
            " %s FROM lead WHERE phone = %s",
            (rows[0].linkedid, CALL_START, LISTED),
        )
    return rows


async def ingest(database: Database, *calls: list[RawCel]) -> None:
    async with database.transaction() as session:
        await cel_rows.add_cel(session, [raw for call in calls for raw in call])
    await Ingester(database, None, lambda: None, lambda: NOW).run_once(NOW)


async def told(
    database: Database, by: By, *, adjusted: bool = False
) -> Mapping[str, tuple[int, int]]:
    rows = await sums.read_sums(database, by, DAY, DAY, with_adjustments=adjusted)
    return {row.key: (row.measures.attempts, row.measures.effective) for row in rows}


@pytest.mark.usefixtures("leads")
async def test_calls_without_a_campaign_count_by_the_region_and_list_of_their_number(
    database: Database, database_url: str
) -> None:
    await ingest(
        database,
        await attempt(database_url, "200"),
        dialled_by_hand(BY_HAND, "190"),
        dialled_by_hand(BY_HAND.removeprefix("+"), "10"),
        dialled_by_hand(STRANGER, "181"),
    )
    assert await told(database, By.REGION) == {"浙江": (1, 1), "江苏": (2, 1), "": (1, 1)}
    assert await told(database, By.LIST) == {
        "fair-2026": (1, 1),
        "bought in May": (2, 1),
        "": (1, 1),
    }
    assert await told(database, By.INDUSTRY) == {"机械": (1, 1), "纺织": (2, 1), "": (1, 1)}
    rows = await sums.read_sums(database, By.REGION, DAY, DAY, campaigns=[""])
    assert {row.key: row.measures.attempts for row in rows} == {"江苏": 2, "": 1}
    assert await sums.differing_sums(database, DAY, DAY) == []


@pytest.mark.usefixtures("leads")
async def test_a_list_that_changes_later_changes_no_record(
    database: Database, database_url: str
) -> None:
    await ingest(database, await attempt(database_url, "200"), dialled_by_hand(BY_HAND, "190"))
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("UPDATE lead SET province = '上海', call_list = 'moved'")
    one = Ingester(database, None, lambda: None, lambda: NOW)
    report = await one.run_again(CALL_START - timedelta(days=1), NOW)
    assert (report.written, report.unchanged) == (0, 2)
    assert set(await told(database, By.REGION)) == {"浙江", "江苏"}
    assert set(await told(database, By.LIST)) == {"fair-2026", "bought in May"}


@pytest.mark.usefixtures("leads")
@pytest.mark.parametrize("by", [By.LIST, By.REGION])
async def test_a_closed_day_keeps_its_figures_by_list_and_region(
    database: Database, database_url: str, by: By
) -> None:
    await ingest(database, await attempt(database_url, "200"))
    async with records.ingest_transaction(database) as session:
        await sums.close_days(session, DAY + timedelta(days=1))
    closed = await told(database, by)
    await ingest(database, await attempt(database_url, "300"), dialled_by_hand(BY_HAND, "190"))
    assert await told(database, by) == closed
    whole = await told(database, by, adjusted=True)
    assert sorted(whole.values()) == [(1, 1), (2, 2)]
    assert await sums.differing_sums(database, DAY, DAY) == []


@pytest.mark.usefixtures("leads")
def test_the_command_tells_one_list_day_by_day(
    database_url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    other = lead_list(tmp_path, "third.csv", "+8613900000009,上海,")
    wide = CliRunner(env={"COLUMNS": "250"})
    done = wide.invoke(app, ["leads", "import", "spring", str(other), "--list", "third"])
    assert done.exit_code == 0, done.output
    words = ["report", "by", "list", "--key", "third", "--format", "json"]
    found = wide.invoke(app, words)
    assert found.exit_code == 0, found.output
    assert [row["day"] for row in json.loads(found.output)["rows"]] == ["total"]
    structlog.reset_defaults()


@pytest.mark.parametrize("name", ["", "x" * 101, "two\nlines"])
async def test_a_list_name_that_no_report_could_print_is_refused(
    database: Database, tmp_path: Path, name: str
) -> None:
    path = lead_list(tmp_path, "a.csv", f"{LISTED},,")
    with pytest.raises(ImportOptionError, match="should be 1 to 100 printable characters"):
        await import_leads(database, "spring", path, ImportOptions(call_list=name))
