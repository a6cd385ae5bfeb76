"""The outbound list behind a picture: what was recorded of each call, on a real Postgres."""

from datetime import UTC, timedelta
from decimal import Decimal

import psycopg
import pytest

from store.database import Database
from store.pictures import CallLine, PictureStore, PictureWish
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
    found = await PictureStore(database).calls(WISH, 10, region=region)
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
