"""The outbound list behind a picture: what was recorded of each call, on a real Postgres."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import psycopg
import pytest

from store.call_list import CallFilter, CallKey, CallLine, CallListStore
from store.database import Database
from store.pictures import PictureWish
from store.recordings import Recording, link_recording, mark_purged
from tests.fakes.cel_table import CALL_START, answered_call
from tests.fakes.ingested import add, ingester

pytestmark = pytest.mark.postgres

WISH = PictureWish(
    CALL_START - timedelta(days=1), CALL_START + timedelta(days=1), "UTC", [], sees_no_campaign=True
)


async def recorded_call(database: Database) -> str:
    rows = answered_call("200")
    await add(database, rows)
    await ingester(database).run_once(CALL_START + timedelta(hours=1))
    return rows[0].linkedid


async def line(database: Database, region: str | None = None) -> CallLine | None:
    found = await CallListStore(database).page(WISH, CallFilter(region=region), 10)
    return found[0] if found else None


async def test_the_region_is_the_one_that_was_recorded(
    database: Database, database_url: str
) -> None:
    call = await recorded_call(database)
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO campaign (name) VALUES ('autumn')")
        (lead,) = connection.execute(
            "INSERT INTO lead (campaign_id, phone, province)"
            " SELECT campaign_id, '+8613900000000', '江苏' FROM campaign"
            " RETURNING lead_id"
        ).fetchone() or (0,)
        connection.execute(
            "INSERT INTO attempt (attempt_id, lead_id, campaign_id, number, trunk, caller_id,"
            " ring_seconds, planned_at) SELECT %s, %s, campaign_id, '+8613900000000', 'carrier',"
            " '', 30, now() FROM campaign",
            (call, lead),
        )
        connection.execute("UPDATE call SET region = '浙江', attempt_id = call_id::uuid")
    told = await line(database)
    assert told is not None
    assert told.province == "浙江"  # the list was edited since then
    assert await line(database, "浙江") == told
    assert await line(database, "江苏") is None


async def test_a_call_says_whether_its_recording_is_kept(database: Database) -> None:
    call = await recorded_call(database)
    told = await line(database)
    assert told is not None
    assert not told.recording
    found = Recording(call, f"/x/{call}.wav", 4, bytes(32), Decimal(1), CALL_START.astimezone(UTC))
    await link_recording(database, found)
    told = await line(database)
    assert told is not None
    assert told.recording
    async with database.transaction() as session:
        await mark_purged(session, call, "rule")
    told = await line(database)
    assert told is not None
    assert not told.recording


async def record_many(url: str, count: int) -> None:
    """Calls of two lists, some in one and the same microsecond, the last lead tried three times."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("INSERT INTO campaign (name) VALUES ('spring')")
        connection.execute(
            "INSERT INTO lead (campaign_id, phone, company, call_list)"
            " SELECT campaign_id, '+86139' || lpad(n::text, 8, '0'), 'Company ' || n,"
            " CASE WHEN n %% 2 = 0 THEN 'even' ELSE 'odd' END"
            " FROM campaign, generate_series(1, %s) AS n",
            (count,),
        )
        connection.execute(
            "INSERT INTO attempt (attempt_id, lead_id, campaign_id, number, trunk, caller_id,"
            " ring_seconds, planned_at, ringing_at, settled_at, settled_by)"
            " SELECT gen_random_uuid(), lead_id, campaign_id, phone, 'carrier', '', 30,"
            " %s + interval '1 s' * (lead_id / 3), %s + interval '1 s' * (lead_id / 3),"
            " now(), 'floor'"
            " FROM lead",
            (CALL_START, CALL_START),
        )
        for settled in ("floor", "never_sent"):
            connection.execute(
                "INSERT INTO attempt (attempt_id, lead_id, campaign_id, number, trunk, caller_id,"
                " ring_seconds, planned_at, settled_at, settled_by)"
                " SELECT gen_random_uuid(), lead_id, campaign_id, number, 'carrier', '', 30,"
                " planned_at - interval '1 day', now(), %s FROM attempt"
                " WHERE ringing_at IS NOT NULL ORDER BY lead_id DESC LIMIT 1",
                (settled,),
            )
        connection.execute(
            "INSERT INTO call (call_id, attempt_id, linkedid, campaign, direction, number, agent,"
            " network_result, dialled_at, answered_at, ended_at, talk_seconds, answered, abandoned,"
            " valid, effective, rule_version, region, lead_id, call_list)"
            " SELECT attempt_id::text, attempt_id, attempt_id::text, 'spring', 'outbound', number,"
            " 'agent-1001', CASE WHEN lead_id % 5 = 0 THEN 'busy' ELSE 'no_answer' END,"
            " planned_at, NULL, planned_at + interval '7 s', 0, false, false, false, false,"
            " 'standard-1', '浙江', lead_id, l.call_list FROM attempt INNER JOIN lead AS l"
            " USING (lead_id) WHERE ringing_at IS NOT NULL"
        )


SPRING = replace(WISH, campaigns=["spring"])


async def test_pages_hold_every_call_once_and_their_total(
    database: Database, database_url: str
) -> None:
    await record_many(database_url, 40)
    store, seen = CallListStore(database), list[CallLine]()
    while found := await store.page(SPRING, CallFilter(), 7, seen[-1].key if seen else None):
        seen += found
    assert await store.count(SPRING, CallFilter()) == len(seen) == 40
    assert [line.key for line in seen] == sorted({one.key for one in seen}, key=place, reverse=True)
    assert {line.tries for line in seen} == {1, 2}  # one that was never sent is no try
    (twice,) = [line for line in seen if line.tries == 2]
    assert (twice.company, twice.ring_seconds) == ("Company 40", 7.0)
    with psycopg.connect(database_url, autocommit=True) as connection:
        # What is recorded anew while somebody turns pages moves no row of the pages to come.
        connection.execute("DELETE FROM call WHERE call_id = %s", (seen[0].call_id,))
    assert await store.page(SPRING, CallFilter(), 7, seen[6].key) == seen[7:14]


def place(key: CallKey) -> tuple[datetime, str]:
    return key.dialled_at, key.call_id


@pytest.mark.parametrize(
    ("chosen", "count"),
    [
        (CallFilter(list_name="even"), 20),
        (CallFilter(list_name="none of them"), 0),
        (CallFilter(network_result="busy"), 8),
        (CallFilter(network_result="busy", list_name="odd"), 4),
        (CallFilter(region="浙江"), 40),
        (CallFilter(region=""), 0),
        (CallFilter(number_end="0017"), 1),
        (CallFilter(number_end="8613900000017"), 1),
        (CallFilter(effective=True), 0),
        (CallFilter(hour=CALL_START.astimezone(UTC).hour), 40),
        (CallFilter(hour=(CALL_START.astimezone(UTC).hour + 1) % 24), 0),
        (CallFilter(weekday=CALL_START.astimezone(UTC).isoweekday()), 40),
    ],
)
async def test_a_filter_gives_the_same_calls_in_page_and_count(
    database: Database, database_url: str, chosen: CallFilter, count: int
) -> None:
    await record_many(database_url, 40)
    store = CallListStore(database)
    assert len(await store.page(SPRING, chosen, 100)) == count
    assert await store.count(SPRING, chosen) == count


async def test_other_campaigns_and_agents_are_not_in_the_list(
    database: Database, database_url: str
) -> None:
    await record_many(database_url, 3)
    store = CallListStore(database)
    for wish in (WISH, replace(SPRING, campaign="autumn"), replace(SPRING, agent="agent-1002")):
        assert await store.page(wish, CallFilter(), 10) == []
        assert await store.count(wish, CallFilter()) == 0
