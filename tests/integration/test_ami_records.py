"""Records that Asterisk tells over AMI become the same records, also while Postgres is away."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from ami_bridge.records import RecordFeed, hear_records
from cdr_ingest.ami_records import CDR_FIELDS, CEL_FIELDS
from cdr_ingest.cdr_import import ImportReport, take_batch
from cdr_ingest.rows import parse_cel
from cdr_ingest.sources import AmiRecords, Batch, CelReading
from cli import ami_records
from store.database import Database
from store.errors import StoreError
from tests.fakes.cel_table import CALL_START, answered_call, at
from tests.fakes.ingested import calls_of, ingester
from tests.fakes.scripted_asterisk import ScriptedAsterisk, event, scripted_asterisk
from tests.fakes.started_switch import QUICK, SECRET, address_of
from tests.integration.test_cdr_import import ROW

pytestmark = pytest.mark.postgres

ZONE = ZoneInfo("Asia/Shanghai")
CALL = answered_call("180.000001")
LATER = CALL_START + timedelta(hours=1)


@pytest.fixture
async def asterisk() -> AsyncIterator[ScriptedAsterisk]:
    async with scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as server:
        yield server


def tell_call(asterisk: ScriptedAsterisk) -> int:
    """Let Asterisk tell every event of one call; return how many."""
    for raw in CALL:
        moment = at(raw.eventtime)
        fields = {header: getattr(raw, column) for column, header in CEL_FIELDS.items()}
        asterisk.connections[-1].send(
            event(
                "CEL",
                Timestamp=raw.eventtime,
                EventTime=moment.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"),
                **fields,
            )
        )
    return len(CALL)


async def take(database: Database, feed: RecordFeed, count: int) -> ImportReport:
    report = ImportReport()
    async for batch in AmiRecords(feed.batches(), ZONE).batches():
        await take_batch(database, "ami", batch, report, most_named=9)
        if report.rows >= count:
            return report
    return report


async def test_events_heard_make_the_record_that_the_table_would(
    database: Database, database_url: str, asterisk: ScriptedAsterisk
) -> None:
    async with hear_records(address_of(asterisk), QUICK) as feed:
        assert asterisk.connections[-1].events == "call,cdr"
        report = await take(database, feed, tell_call(asterisk))
    assert (report.copied, report.bad) == (len(CALL), [])
    await ingester(database).run_once(LATER)
    ((result, talk, _, effective),) = calls_of(database_url).values()
    assert (result, str(talk), effective) == ("answered", "180.000001", True)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT DISTINCT source FROM cel").fetchall() == [("ami",)]


async def test_a_cdr_heard_is_a_record_until_events_tell_more(
    database: Database, database_url: str, asterisk: ScriptedAsterisk
) -> None:
    async with hear_records(address_of(asterisk), QUICK) as feed:
        fields = {header: ROW.get(column, "") for column, header in CDR_FIELDS.items()}
        asterisk.connections[-1].send(event("Cdr", **fields))
        asterisk.connections[-1].send(event("Cdr", **{**fields, "Duration": "long"}))
        report = await take(database, feed, 2)
    assert (report.written, report.bad_rows) == (1, 1)
    assert report.bad == ["ami event 2: duration: 'long' should be whole seconds"]
    assert [str(talk) for _, talk, _, _ in calls_of(database_url).values()] == ["200.000000"]


async def test_what_is_heard_while_postgres_is_away_is_taken_in_once_it_is_back(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0

    async def away_twice(*arguments: Any) -> None:
        nonlocal tries
        tries += 1
        if tries <= 2:
            raise StoreError("away")
        await take_batch(*arguments)

    monkeypatch.setattr(ami_records, "take_batch", away_twice)
    monkeypatch.setattr(ami_records, "INGEST_POLL_SECONDS", 0)
    batch = Batch(tuple(CelReading(raw, parse_cel(raw)) for raw in CALL), len(CALL))
    await ami_records.keep_batch(database, batch, ImportReport(), "ami")
    await ingester(database).run_once(LATER)
    assert (tries, len(calls_of(database_url))) == (3, 1)
