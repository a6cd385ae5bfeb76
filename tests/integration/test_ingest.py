"""Rows in, records out, exactly once: on a real Postgres."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from calls.ids import AttemptId
from calls.outcomes import NetworkResult
from cdr_ingest.ingest import Ingester, IngestReport
from store import records
from store.database import Database, Session
from store.records import RawCel, StoredCall
from tests.fakes.cel_table import answered_call, at, ledger_line, ledger_text, raw_rows
from tests.unit import test_cel_scenarios as scenarios

pytestmark = pytest.mark.postgres

NOW = at("1795391000.0")
SCENARIOS = [
    raw_rows(getattr(scenarios, name))
    for name in ("CUSTOMER_HANGS_UP", "AGENT_HANGS_UP", "BUSY", "MACHINE", "HUMAN", "ABANDONED")
]
ALL_ROWS = [raw for rows in SCENARIOS for raw in rows]
CUT = raw_rows(scenarios.CUT_TALKING)


def ingester(
    database: Database, ledger: Path | None = None, live: frozenset[str] | None = None
) -> Ingester:
    return Ingester(database, ledger, lambda: live, lambda: NOW)


async def add(database: Database, rows: Iterable[RawCel]) -> None:
    async with database.transaction() as session:
        await records.add_cel(session, rows)


async def run(database: Database) -> IngestReport:
    return await ingester(database).run_once(NOW)


def stored(url: str) -> list[tuple[object, ...]]:
    """All that the records hold, by psycopg so that no code of ours stands in between."""
    with psycopg.connect(url) as connection:
        calls = connection.execute("SELECT * FROM call ORDER BY call_id").fetchall()
        parts = connection.execute("SELECT * FROM call_agent ORDER BY call_id, agent").fetchall()
    return [*calls, *parts]


def calls_of(url: str) -> dict[str, tuple[str, Decimal, bool, bool]]:
    query = "SELECT call_id, network_result, talk_seconds, valid, effective FROM call"
    with psycopg.connect(url) as connection:
        return {row[0]: row[1:] for row in connection.execute(query)}


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
    concurrent = [row[:-1] for row in stored(database_url)]
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("TRUNCATE call, call_agent, ingest_position")
    await run(database)
    assert [row[:-1] for row in stored(database_url)] == concurrent


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
        assert await records.read_position(database, "cel") == (0, "")
        await slow.commit()
    assert (await one.run_once(NOW)).rows == 1
    call = (await records.read_calls(database, [rows[0].linkedid]))[rows[0].linkedid]
    assert call.dialled_at == at("1795390582.479902")
    assert await records.read_position(database, "cel") == (len(rows), "")


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
    position, _ = await records.read_position(database, "cel")
    assert position == 100_000 + len(SCENARIOS[0]) + len(SCENARIOS[2])


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
    assert await records.read_position(database, "cel") == (len(ALL_ROWS), "")


async def test_a_call_waits_for_its_end(database: Database, database_url: str) -> None:
    rows = SCENARIOS[0]
    one = ingester(database)
    await add(database, rows[:-1])
    assert (await one.run_once(NOW)).waiting == 1
    assert calls_of(database_url) == {}
    # A new process finds it again, though its rows were read by another.
    await add(database, rows[-1:])
    assert (await run(database)).written == 1


@pytest.mark.parametrize(
    ("live", "seconds", "cut"),
    [
        (None, 3600, 0),  # not known what is live: wait
        (frozenset({CUT[0].linkedid}), 3600, 0),  # it lives
        (frozenset(), 29, 0),  # gone, but its end may still be on the way
        (frozenset(), 31, 1),
    ],
)
async def test_a_call_without_an_end_is_closed_once_it_is_surely_gone(
    database: Database, live: frozenset[str] | None, seconds: int, cut: int
) -> None:
    await add(database, CUT)
    now = at(CUT[-1].eventtime) + timedelta(seconds=seconds)
    one = ingester(database, live=live)
    await one.run_once(at(CUT[-1].eventtime))
    # By the process that waited, and by one that finds it waiting.
    reports = [await one.run_once(now), await ingester(database, live=live).run_once(now)]
    assert [report.cut for report in reports] == [cut, 0]
    found = await records.read_calls(database, [CUT[0].linkedid])
    assert [call.cut_by_restart for call in found.values()] == [True] * cut


async def test_a_cut_call_ends_when_the_link_was_lost_and_stays_so(database: Database) -> None:
    lost = at("1795390700.5")
    later = at("1795390999.0")
    call_id = CUT[0].linkedid

    async def look(link_lost_at: datetime) -> StoredCall:
        one = Ingester(database, None, frozenset, lambda: NOW, link_lost_at=lambda: link_lost_at)
        await one.run_once(NOW)
        return (await records.read_calls(database, [call_id]))[call_id]

    await add(database, CUT)
    call = await look(lost)
    assert (call.ended_at, call.hangup_by) == (lost, "asterisk_restart")
    assert call.talk == lost - at(CUT[-1].eventtime)
    await add(database, CUT[:1])  # a repeated row: looked at again, after another lost link
    assert await look(later) == call


async def test_the_end_may_come_after_all(database: Database, database_url: str) -> None:
    rows = SCENARIOS[0]
    await add(database, rows[:9])
    one = ingester(database, live=frozenset())
    assert (await one.run_once(NOW)).cut == 1
    await add(database, rows[9:])
    assert (await one.run_once(NOW)).written == 1
    (call,) = (await records.read_calls(database, [rows[0].linkedid])).values()
    assert not call.cut_by_restart
    assert call.hangup_by == "customer"


@pytest.mark.parametrize("missing", ["all", "every third", "one call", "none"])
async def test_the_ledger_repairs_the_table(
    database: Database, database_url: str, tmp_path: Path, missing: str
) -> None:
    ledger = tmp_path / "callfloor-cel.csv"
    ledger.write_text(ledger_text(ALL_ROWS))
    there = {
        "all": [],
        "every third": [raw for n, raw in enumerate(ALL_ROWS) if n % 3],
        "one call": [raw for raw in ALL_ROWS if raw not in SCENARIOS[0]],
        "none": ALL_ROWS,
    }[missing]
    await add(database, there)
    one, other = ingester(database, ledger), ingester(database, ledger)
    reports = await asyncio.gather(one.run_once(NOW), other.run_once(NOW))
    assert sum(report.copied for report in reports) == len(ALL_ROWS) - len(there)
    repaired = calls_of(database_url)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("TRUNCATE call, call_agent, cel, ingest_position")
    await add(database, ALL_ROWS)
    await run(database)
    assert repaired == calls_of(database_url)
    assert len(repaired) == len(SCENARIOS)


async def test_young_ledger_lines_are_left_to_cel_pgsql(database: Database, tmp_path: Path) -> None:
    ledger = tmp_path / "callfloor-cel.csv"
    rows = [raw for raw in ALL_ROWS if raw.eventtype != "LINKEDID_END"]
    write(ledger, rows)
    last = at(max(raw.eventtime for raw in rows))
    one = ingester(database, ledger)
    early = await one.run_once(last)
    late = await one.run_once(last + timedelta(seconds=5))
    assert 0 < early.copied < len(rows)
    assert early.copied + late.copied == len(rows)


async def test_a_call_whose_answer_was_lost_is_never_recorded_as_unanswered(
    database: Database, tmp_path: Path
) -> None:
    """Its lead would be dialled again. The call has just ended; the ledger is read in time."""
    ledger, rows = tmp_path / "callfloor-cel.csv", SCENARIOS[5]
    just_now = at(rows[-1].eventtime)
    one = ingester(database, ledger)
    await add(database, [raw for raw in rows if raw.eventtype != "ANSWER"])
    # Asterisk's last line is not on disk yet.
    write(ledger, rows[:-1])
    first = await one.run_once(just_now)
    assert (first.written, first.waiting) == (0, 1)
    write(ledger, rows)
    second = await one.run_once(just_now)
    assert (first.copied + second.copied, second.written, second.waiting) == (1, 1, 0)
    (call,) = (await records.read_calls(database, [rows[0].linkedid])).values()
    assert call.network_result == "answered"


async def test_a_ledger_that_is_not_written_holds_nothing_up_for_long(
    database: Database, tmp_path: Path
) -> None:
    rows = SCENARIOS[0]
    end = at(rows[-1].eventtime)
    one = ingester(database, tmp_path / "never-written.csv")
    await add(database, rows)
    assert (await one.run_once(end + timedelta(seconds=4.9))).written == 0
    assert (await one.run_once(end + timedelta(seconds=5))).written == 1


async def test_a_bad_ledger_line_is_named_once(database: Database, tmp_path: Path) -> None:
    ledger = tmp_path / "callfloor-cel.csv"
    ledger.write_text("nonsense\n" + ledger_line(ALL_ROWS[0]))
    one = ingester(database, ledger)
    report = await one.run_once(NOW)
    assert [str(error) for error in report.bad_rows] == [
        "callfloor-cel.csv byte 0: line: not a record of 20 fields"
    ]
    assert report.copied == 1
    assert (await one.run_once(NOW)).bad_rows == []


async def test_an_unreadable_ledger_is_said_and_the_table_is_read(
    database: Database, tmp_path: Path
) -> None:
    await add(database, ALL_ROWS)
    report = await ingester(database, tmp_path).run_once(NOW)
    assert report.ledger_error == f"{tmp_path}: Is a directory"
    assert report.written == len(SCENARIOS)


@pytest.mark.parametrize(
    ("talk", "valid", "effective"),
    [
        ("4.999999", False, False),
        ("5.000000", True, False),
        ("179.999999", True, False),
        ("180.000000", True, True),
    ],
)
async def test_the_boundaries_are_exact(
    database: Database, database_url: str, talk: str, valid: bool, effective: bool
) -> None:
    await add(database, answered_call(talk))
    await run(database)
    (call,) = calls_of(database_url).values()
    assert call == ("answered", Decimal(talk), valid, effective)


async def test_a_campaign_has_its_rule_and_a_closed_call_keeps_it(
    database: Database, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO campaign (name, rule_version) VALUES ('autumn', 'demo-1')")
        rows = SCENARIOS[4]  # 4.5 s of talk: effective by the demo's rule only
        await add(database, rows)
        await run(database)
        connection.execute("UPDATE campaign SET rule_version = 'standard-1'")
        await add(database, rows[:1])
        await run(database)
        found = connection.execute("SELECT rule_version, effective FROM call").fetchall()
    assert found == [("demo-1", True)]


async def test_what_the_dialers_rescue_asks_for(database: Database) -> None:
    await add(database, ALL_ROWS)
    await run(database)
    attempt = AttemptId(SCENARIOS[0][0].linkedid)
    (settled,) = await records.settled_facts(database, [attempt, AttemptId(str(uuid4()))])
    assert settled.attempt == attempt
    assert (settled.network_result, settled.cause) == (NetworkResult.ANSWERED, 16)
    assert settled.answered_at == at("1795390582.689745")
    assert settled.connected_at == at("1795390582.696578")
    assert settled.ended_at == at("1795390586.192968")
    assert settled.talk == timedelta(seconds=3, microseconds=494_959)
    assert settled.agent == "agent-1004"


async def test_run_goes_on_until_it_is_stopped(database: Database, database_url: str) -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(ingester(database).run(stop))
    await add(database, ALL_ROWS)
    async with asyncio.timeout(10):
        while len(calls_of(database_url)) < len(SCENARIOS):  # noqa: ASYNC110 - another process's view
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


def write(ledger: Path, rows: Iterable[RawCel]) -> None:
    ledger.write_text(ledger_text(rows))


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
