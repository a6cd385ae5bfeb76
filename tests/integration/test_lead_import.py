"""Call lists into a real Postgres."""

import asyncio
import csv
import os
import random
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from crm.csv_lines import ListFileError
from crm.lead_import import ImportOptionError, ImportOptions, ImportReport, import_leads
from store.campaigns import UnknownCampaign
from store.database import Database
from store.lead_import import DoNotCallList, ImportRunning, LeadList, stage_leads

pytestmark = pytest.mark.postgres

HEADER = "external_id,company,phone,priority,not_before,remark\n"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def campaign(database_url: str) -> int:
    """Id of a campaign named spring."""
    return add_campaign(database_url, "spring")


def add_campaign(url: str, name: str) -> int:
    with psycopg.connect(url) as connection:
        cursor = connection.execute(
            "INSERT INTO campaign (name) VALUES (%s) RETURNING campaign_id", [name]
        )
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def rows_in(url: str, statement: str) -> list[dict[str, Any]]:
    with psycopg.connect(url, row_factory=dict_row) as connection:
        return connection.execute(statement.encode()).fetchall()


def saved(tmp_path: Path, content: str, encoding: str = "utf-8", name: str = "list.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    return path


def numbers(count: int, start: int = 0) -> str:
    return "".join(f"x{n},甲公司,138{n:08},0,,\n" for n in range(start, start + count))


def counts(report: ImportReport) -> tuple[int, int, int, int]:
    return report.added, report.already_there, report.duplicates, report.rejected


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
async def test_a_list_arrives_as_it_was_written(
    database: Database, database_url: str, campaign: int, tmp_path: Path, encoding: str
) -> None:
    row = 'A-7,"上海，甲公司",138 0013 8000,5,2026-03-01T09:00+08:00,"行一\n行二"\n'
    report = await import_leads(database, "spring", saved(tmp_path, HEADER + row, encoding))

    assert counts(report) == (1, 0, 0, 0)
    assert report.encoding == encoding.removesuffix("-sig")
    (lead,) = rows_in(
        database_url,
        "SELECT l.*, time_zone, priority, status FROM lead AS l JOIN lead_state USING (lead_id)",
    )
    assert lead["phone"] == "+8613800138000"
    assert lead["external_id"] == "A-7"
    assert lead["company"] == "上海，甲公司"
    assert lead["remark"] == "行一\n行二"
    assert lead["not_before"] == datetime(2026, 3, 1, 1, tzinfo=UTC)
    assert (lead["time_zone"], lead["priority"], lead["status"]) == ("Asia/Shanghai", 5, "ready")


async def test_the_same_file_again_adds_nothing(
    database: Database, campaign: int, tmp_path: Path
) -> None:
    path = saved(tmp_path, HEADER + numbers(300))
    first = await import_leads(database, "spring", path)
    again = await import_leads(database, "spring", path)
    more = await import_leads(
        database, "spring", saved(tmp_path, HEADER + numbers(310), name="more.csv")
    )

    assert counts(first) == (300, 0, 0, 0)
    assert counts(again) == (0, 300, 0, 0)
    assert counts(more) == (10, 300, 0, 0)


async def test_a_number_twice_in_a_file_is_taken_once_however_it_is_written(
    database: Database, campaign: int, tmp_path: Path
) -> None:
    body = ",甲,13800138000,,,\n,乙,+86 138-0013-8000,,,\n,丙,13800138001,,,\n,丁,13800138000,,,\n"
    rejects = tmp_path / "rejects.csv"
    report = await import_leads(
        database, "spring", saved(tmp_path, HEADER + body), ImportOptions(rejects=rejects)
    )

    assert counts(report) == (2, 0, 2, 0)
    assert [str(problem) for problem in report.problems] == [
        "line 3: phone is the same number as in line 2",
        "line 5: phone is the same number as in line 2",
    ]
    with rejects.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["line"], row["phone"], row["company"]) for row in rows] == [
        ("3", "'+86 138-0013-8000", "乙"),
        ("5", "13800138000", "丁"),
    ]


async def test_bad_rows_are_named_and_good_ones_kept(
    database: Database, campaign: int, tmp_path: Path
) -> None:
    body = numbers(3) + ",=1+1,12,,,\n" + numbers(3, 3) + ",x,13900139000,high,,\nshort\n"
    rejects = tmp_path / "rejects.csv"
    path = saved(tmp_path, HEADER + body)
    report = await import_leads(database, "spring", path, ImportOptions(rejects=rejects))

    assert counts(report) == (6, 0, 0, 3)
    assert [str(problem) for problem in report.problems] == [
        "line 5: phone is too short ('12')",
        "line 9: priority 'high' is no whole number",
        "line 10: has 1 fields, 6 are wanted",
    ]
    text = rejects.read_text("utf-8-sig")
    assert text.splitlines()[0] == "line,field,reason," + HEADER.strip()
    assert "'=1+1" in text

    # Mended, the file of rejected rows can be imported as it is.
    mended = text.replace(",12,", ",13900139001,").replace(",high,", ",1,")
    second = await import_leads(database, "spring", saved(tmp_path, mended, name="mended.csv"))
    assert (second.added, second.rejected) == (2, 1)


async def test_strict_and_dry_run_add_nothing_and_count_all(
    database: Database, database_url: str, campaign: int, tmp_path: Path
) -> None:
    path = saved(tmp_path, HEADER + numbers(10) + ",x,12,,,\n")
    strict = await import_leads(database, "spring", path, ImportOptions(strict=True))
    dry = await import_leads(database, "spring", path, ImportOptions(dry_run=True))

    assert not strict.is_kept
    assert not dry.is_kept
    assert counts(strict) == counts(dry) == (10, 0, 0, 1)
    assert rows_in(database_url, "SELECT lead_id FROM lead") == []


async def test_numbers_that_asked_not_to_be_called_are_over_at_once(
    database: Database, database_url: str, campaign: int, tmp_path: Path
) -> None:
    later, sooner = datetime.now(UTC) + timedelta(days=1), datetime.now(UTC) - timedelta(days=1)
    dnc = DoNotCallList(database)
    await dnc.add("+8613800000000", "opted out", None)
    await dnc.add("+8613800000001", "for a day", later)
    await dnc.add("+8613800000002", "long ago", sooner)
    report = await import_leads(database, "spring", saved(tmp_path, HEADER + numbers(4)))

    assert (report.added, report.on_do_not_call) == (4, 2)
    states = rows_in(
        database_url,
        "SELECT status, done_reason FROM lead JOIN lead_state USING (lead_id) ORDER BY phone",
    )
    assert [tuple(state.values()) for state in states] == [
        ("done", "do_not_call"), ("done", "do_not_call"), ("ready", None), ("ready", None),
    ]  # fmt: skip


async def test_opting_out_ends_waiting_leads_of_every_campaign(
    database: Database, database_url: str, campaign: int, tmp_path: Path
) -> None:
    other = add_campaign(database_url, "autumn")
    path = saved(tmp_path, HEADER + numbers(2))
    await import_leads(database, "spring", path)
    await import_leads(database, "autumn", path)
    dnc = DoNotCallList(database)

    assert await dnc.add("+8613800000000", "opted out", None) == 2
    assert await dnc.add("+8613800000000", "opted out", None) == 0
    for campaign_id in (campaign, other):
        done = await LeadList(database).leads(campaign_id, status="done", after=0, limit=10)
        assert [(lead.phone, lead.done_reason) for lead in done] == [
            ("+8613800000000", "do_not_call")
        ]
    assert [entry.phone for entry in await dnc.entries(after="", limit=10)] == ["+8613800000000"]
    assert await dnc.remove("+8613800000000")
    assert not await dnc.remove("+8613800000000")


async def test_a_number_without_a_known_zone_is_counted(
    database: Database, campaign: int, tmp_path: Path
) -> None:
    path = saved(tmp_path, HEADER + ",x,+883510001234567,,,\n")
    report = await import_leads(database, "spring", path)

    assert (report.added, report.without_zone) == (1, 1)


async def test_an_unknown_campaign_is_named_with_those_there_are(
    database: Database, campaign: int, tmp_path: Path
) -> None:
    path = saved(tmp_path, HEADER + numbers(1))
    with pytest.raises(UnknownCampaign, match=r"unknown campaign 'sprnig'; there are: spring"):
        await import_leads(database, "sprnig", path)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (ImportOptions(region="XX"), "unknown region 'XX'"),
        (ImportOptions(time_zone="Mars/Base"), "unknown time zone 'Mars/Base'"),
        (ImportOptions(encoding="klingon"), "unknown encoding 'klingon'"),
        (ImportOptions(encoding="base64"), "unknown encoding 'base64'"),
        (ImportOptions(encoding="utf-16"), "unknown encoding 'utf-16'"),
    ],
)
async def test_options_that_make_no_sense_are_refused(
    database: Database, campaign: int, tmp_path: Path, options: ImportOptions, message: str
) -> None:
    path = saved(tmp_path, HEADER + numbers(1))
    with pytest.raises(ImportOptionError, match=message):
        await import_leads(database, "spring", path, options)


async def test_the_list_itself_is_never_overwritten(
    database: Database, campaign: int, tmp_path: Path
) -> None:
    path = saved(tmp_path, HEADER + numbers(1))
    with pytest.raises(ImportOptionError, match="overwrite the list"):
        await import_leads(database, "spring", path, ImportOptions(rejects=path))
    assert path.read_text("utf-8") == HEADER + numbers(1)


async def test_a_header_alone_is_no_list(database: Database, campaign: int, tmp_path: Path) -> None:
    with pytest.raises(ListFileError, match="a header but no rows"):
        await import_leads(database, "spring", saved(tmp_path, HEADER))


async def test_workers_and_no_workers_read_the_same(
    database: Database, database_url: str, campaign: int, tmp_path: Path
) -> None:
    dice = random.Random(3)
    body = "".join(
        f"x{n},甲,{dice.choice(['138', '12', '+1 212 555 '])}{dice.randrange(10**8):08},0,,\n"
        for n in range(12_000)
    )
    path = saved(tmp_path, HEADER + body)
    dry = ImportOptions(dry_run=True)
    alone = await import_leads(database, "spring", path, replace(dry, workers=0))
    together = await import_leads(database, "spring", path, replace(dry, workers=2))

    assert counts(alone) == counts(together)
    assert alone.problems == together.problems
    assert alone.added > 0
    assert alone.rejected > 0


async def test_two_imports_into_one_campaign_do_not_mix(
    database: Database, campaign: int, tmp_path: Path
) -> None:
    path = saved(tmp_path, HEADER + numbers(50))
    async with stage_leads(database) as other:
        await other._session.execute("begin_lead_merge")
        await other._session.fetch_value("lock_lead_merge", 0x1EAD, campaign)
        with pytest.raises(ImportRunning, match="another import"):
            await import_leads(database, "spring", path)
        await other._session.execute("roll_back_lead_merge")
    assert (await import_leads(database, "spring", path)).added == 50


async def test_a_cancelled_import_leaves_nothing(
    database: Database, database_url: str, campaign: int, tmp_path: Path
) -> None:
    path = saved(tmp_path, HEADER + numbers(20_000))
    reached = asyncio.Event()

    def progress(stage: str, done: int, total: int) -> None:
        if stage == "add":
            reached.set()

    importing = asyncio.create_task(import_leads(database, "spring", path, progress=progress))
    await reached.wait()
    importing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await importing
    assert rows_in(database_url, "SELECT lead_id FROM lead") == []
    # The same connections are as good as new.
    assert (await import_leads(database, "spring", path)).added == 20_000


_KILLED = """
import asyncio, sys
from pathlib import Path
from crm.lead_import import ImportOptions, import_leads
from store.database import Database

def progress(stage, done, total):
    print(stage, flush=True)

async def main():
    database = await Database.open(sys.argv[1])
    await import_leads(database, "spring", Path(sys.argv[2]), ImportOptions(workers=1), progress)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.mark.parametrize("stage", ["read", "add"])
async def test_an_import_that_is_killed_leaves_nothing(
    database: Database, database_url: str, campaign: int, tmp_path: Path, stage: str
) -> None:
    path = saved(tmp_path, HEADER + numbers(60_000))
    script = saved(tmp_path, _KILLED, name="importing.py")
    environment: Mapping[str, str] = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), database_url, str(path)]
    await asyncio.to_thread(_kill_at, stage, command, environment)

    await _until_no_import_runs(database_url)
    assert rows_in(database_url, "SELECT lead_id FROM lead") == []
    assert rows_in(database_url, "SELECT lead_id FROM lead_state") == []
    assert (await import_leads(database, "spring", path)).added == 60_000


def _kill_at(stage: str, command: list[str], environment: Mapping[str, str]) -> None:
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.strip() == stage:
                process.send_signal(signal.SIGKILL)
                break
    assert process.returncode == -signal.SIGKILL


async def _until_no_import_runs(url: str) -> None:
    statement = (
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = 'callfloor' AND (state <> 'idle' OR query LIKE '%lead_staging%')"
    )
    for _ in range(200):
        if not rows_in(url, statement):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the killed import still runs")
