"""A15 to A19 of the acceptance list: what pay depends on, from CEL rows to money."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

import psycopg
import pytest

from cdr_ingest.ingest import Ingester
from reports.assessment import BonusRule, ScoreRule, bonus, score
from store import cel_rows, records, sums
from store.cel_rows import RawCel
from store.database import Database
from store.sums import By, Measures
from tests.fakes.cel_table import CALL_START, answered_call, failed_call

pytestmark = pytest.mark.postgres

DAY = date(2026, 11, 22)
NOW = CALL_START + timedelta(days=2)


def seed_day(campaign: str = "autumn") -> Iterator[list[RawCel]]:
    """7 originations: 1 system error, 2 no answers, 4 answered."""
    start = (CALL_START + timedelta(minutes=10 * n) for n in count())
    yield failed_call(34, next(start), campaign)
    yield failed_call(19, next(start), campaign)
    yield failed_call(19, next(start), campaign)
    for talk in ("10", "179", "180", "200"):
        yield answered_call(talk, next(start), campaign=campaign)


async def ingest(database: Database, calls: Iterator[list[RawCel]] | list[list[RawCel]]) -> None:
    async with database.transaction() as session:
        await cel_rows.add_cel(session, [raw for call in calls for raw in call])
    await Ingester(database, None, lambda: None, lambda: NOW).run_once(NOW)


async def day(database: Database, *, with_adjustments: bool = False) -> Measures:
    (row,) = await sums.read_sums(database, By.DAY, DAY, DAY, with_adjustments=with_adjustments)
    return row.measures


async def close(database: Database) -> None:
    async with records.ingest_transaction(database) as session:
        assert await sums.close_days(session, DAY + timedelta(days=1)) == [DAY]


def add_rule(url: str, version: str, effective_seconds: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO effective_call_rule VALUES (%s, 5, %s)", (version, effective_seconds)
        )
        connection.execute(
            "INSERT INTO campaign (name, rule_version) VALUES ('autumn', %s)"
            " ON CONFLICT (name) DO UPDATE SET rule_version = excluded.rule_version",
            (version,),
        )


async def test_a15_daily_outbound_count_and_time(database: Database) -> None:
    await ingest(database, seed_day())
    told = await day(database)
    assert (told.attempts, told.answered) == (6, 4)
    assert told.talk == timedelta(seconds=569)


@pytest.mark.parametrize(
    ("threshold", "talks", "effective", "seconds"),
    [
        ("180", ("10", "179", "180", "200"), 2, 380),
        ("90", ("10", "179", "180", "200"), 3, 559),
        ("180", ("179.9", "179.999999"), 0, 0),  # no rounding up
    ],
)
async def test_a16_three_minutes(
    database: Database,
    database_url: str,
    threshold: str,
    talks: tuple[str, ...],
    effective: int,
    seconds: int,
) -> None:
    add_rule(database_url, "wanted", threshold)
    await ingest(database, [answered_call(talk, campaign="autumn") for talk in talks])
    told = await day(database)
    assert (told.effective, told.effective_talk) == (effective, timedelta(seconds=seconds))


async def test_a17_assessed_by_both(database: Database) -> None:
    await ingest(database, seed_day())
    told = await day(database)
    reached = score(told.attempts, told.talk, ScoreRule("v1", 6, timedelta(seconds=600)))
    assert (f"{reached.attempts:.1%}", f"{reached.talk:.1%}") == ("100.0%", "94.8%")
    found = await records.read_calls(database, await records.call_ids_since(database, CALL_START))
    counted = [call for call in found.values() if call.network_result != "system_error"]
    talk = sum((call.talk for call in counted), timedelta(0))
    assert score(len(counted), talk, ScoreRule("v1", 6, timedelta(seconds=600))) == reached


@pytest.mark.parametrize(
    ("effective", "money"), [(160, 0), (150, -10), (175, 15), (190, 20), (0, -160)]
)
def test_a18_bonus_by_count(effective: int, money: int) -> None:
    rule = BonusRule("S2", target=160, per_call=Decimal(1), most=Decimal(20))
    assert bonus(effective, rule) == money


async def test_a19_a_new_rule_changes_no_closed_day(database: Database, database_url: str) -> None:
    add_rule(database_url, "first", "180")
    await ingest(database, seed_day())
    await close(database)
    before = await day(database)
    add_rule(database_url, "second", "90")
    one = Ingester(database, None, lambda: None, lambda: NOW)
    for _ in range(3):
        report = await one.run_again(CALL_START - timedelta(days=1), NOW)
        assert (report.written, report.unchanged) == (0, 7)
    assert await day(database) == before
    assert await day(database, with_adjustments=True) == before
    rows = await sums.read_sums(database, By.AGENT, DAY, DAY)
    assert {row.rules for row in rows} == {("first",)}


async def test_a19_a_late_call_is_an_adjustment(database: Database) -> None:
    calls = list(seed_day())
    await ingest(database, calls[:-1])
    await close(database)
    closed = await day(database)
    await ingest(database, calls[-1:])
    assert await day(database) == closed
    whole = await day(database, with_adjustments=True)
    assert (whole.attempts, whole.effective, whole.talk) == (6, 2, timedelta(seconds=569))
    (late,) = [a for a in await sums.read_adjustments(database, DAY, DAY) if a.attempts]
    assert (late.call_id, late.effective) == (calls[-1][0].linkedid, 1)
    assert await sums.differing_sums(database, DAY, DAY) == []


async def test_a19_late_rows_adjust_by_the_difference(database: Database) -> None:
    """The bridge's end comes after the day was closed: the talk was counted too long."""
    rows = answered_call("190", campaign="autumn")
    late = [raw for raw in rows if raw.eventtype == "BRIDGE_EXIT"]
    earlier = [
        RawCel("shortened", **{
            name: getattr(raw, name) for name in RawCel.__dataclass_fields__ if name not in
            ("origin", "id")
        })
        for raw in rows if raw not in late
    ]  # fmt: skip
    await ingest(database, [earlier])
    await close(database)
    closed = await day(database)
    await ingest(database, [late])
    assert await day(database) == closed
    assert (await day(database, with_adjustments=True)).attempts == 1
    assert await sums.differing_sums(database, DAY, DAY) == []


async def test_every_way_to_add_up_gives_the_same(database: Database) -> None:
    await ingest(database, [*seed_day(), *seed_day("spring")])
    totals = {
        by: [
            sum(getattr(row.measures, name) for row in rows)
            for name in ("attempts", "answered", "human", "connected", "valid", "effective")
        ]
        + [sum((row.measures.talk for row in rows), timedelta(0))]
        for by in By
        for rows in [await sums.read_sums(database, by, DAY, DAY)]
    }
    assert set(map(str, totals.values())) == {str(totals[By.DAY])}
    assert totals[By.DAY][0] == 12


async def test_a_new_time_zone_makes_the_sums_anew(database: Database) -> None:
    late = datetime(2026, 11, 22, 23, 0, tzinfo=UTC)  # the 23rd in Shanghai
    await ingest(database, [answered_call("200", late)])
    assert [row.key for row in await sums.read_sums(database, By.DAY, DAY, DAY)] == ["2026-11-22"]
    moved = Ingester(database, None, lambda: None, lambda: NOW, time_zone="Asia/Shanghai")
    await moved.run_once(NOW)
    found = await sums.read_sums(database, By.DAY, DAY, DAY + timedelta(days=2))
    assert [row.key for row in found] == ["2026-11-23"]
    (hour,) = await sums.read_sums(database, By.WEEKDAY_HOUR, DAY, DAY + timedelta(days=2))
    assert hour.key == "1 07"
