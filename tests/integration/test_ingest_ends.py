"""A call is recorded when it has ended, and closed once it is surely gone: on a real Postgres."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from calls.ids import AttemptId
from calls.outcomes import NetworkResult
from cdr_ingest.ingest import Ingester
from store import records
from store.database import Database
from store.records import StoredCall
from tests.fakes.cel_table import at
from tests.fakes.ingested import ALL_ROWS, CUT, NOW, SCENARIOS, add, calls_of, ingester, run

pytestmark = pytest.mark.postgres


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
