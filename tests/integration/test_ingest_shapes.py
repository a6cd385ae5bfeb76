"""Recorded call shapes, ingested: what Postgres then says of hold, turns and parts."""

import csv

import psycopg
import pytest

from cdr_ingest.ingest import Ingester
from store import cel_rows
from store.cel_rows import RawCel
from store.database import Database
from tests.fakes.cel_table import at
from tests.replay.shape_takes import ROOT, VERSIONS, records_of

pytestmark = pytest.mark.postgres

TAKES = [
    (name, version)
    for name in ("conference_room", "park_and_retrieve", "attended_transfer_by_keys", "pickup")
    for version in VERSIONS
]
LATER = at("1795500000.0")


def rows_of(name: str, version: str) -> list[RawCel]:
    with (ROOT / name / f"{version}.cel.csv").open(encoding="utf-8", newline="") as lines:
        return [RawCel(f"{name}:{n}", *row) for n, row in enumerate(csv.reader(lines), start=1)]


async def ingest(database: Database) -> None:
    await Ingester(database, None, frozenset, lambda: LATER).run_once(LATER)


@pytest.mark.parametrize(("name", "version"), TAKES)
async def test_a_shape_is_one_record_in_postgres(
    database: Database, database_url: str, name: str, version: str
) -> None:
    async with database.transaction() as session:
        await cel_rows.add_cel(session, rows_of(name, version))
    await ingest(database)
    (expected,) = records_of(name, version)

    with psycopg.connect(database_url) as connection:
        calls = connection.execute(
            "SELECT call_id, talk_seconds, hold_seconds, turns FROM call_record"
        ).fetchall()
        parts = connection.execute(
            "SELECT agent, talk_seconds, ring_seconds FROM call_part ORDER BY connected_at, agent"
        ).fetchall()
    ((call_id, talk, hold, turns),) = calls
    assert call_id == expected.call_id
    assert (float(talk), float(hold)) == (
        expected.talk.total_seconds(),
        expected.hold.total_seconds(),
    )
    assert turns == [turn.kind.value for turn in expected.turns]
    assert [(agent, float(t), float(r)) for agent, t, r in parts] == [
        (p.agent, p.talk.total_seconds(), p.ring.total_seconds()) for p in expected.agents if p.ring
    ]


async def test_who_waited_in_a_room_joins_the_call_that_comes_later(
    database: Database, database_url: str
) -> None:
    """The agents' rows are read, and recorded as calls of their own, before the customer's."""
    rows = rows_of("conference_room", "22")
    (expected,) = records_of("conference_room", "22")
    late = [row for row in rows if row.linkedid == expected.linkedid]
    for part in ([row for row in rows if row not in late], late):
        async with database.transaction() as session:
            await cel_rows.add_cel(session, part)
        await ingest(database)

    with psycopg.connect(database_url) as connection:
        found = connection.execute("SELECT call_id, turns FROM call_record").fetchall()
    assert found == [(expected.call_id, ["blind_transfer", "conference"])]
