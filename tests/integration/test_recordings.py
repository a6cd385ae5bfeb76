"""A call's recording is linked, kept for its time, and purged by rule after it (C5)."""

import os
import wave
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from cdr_ingest.ingest import Ingester
from cdr_ingest.recordings import is_intact, link_recordings, purge_recordings
from store import cel_rows, records
from store.database import Database
from store.recordings import read_recording
from tests.fakes.cel_table import CALL_START, answered_call

pytestmark = pytest.mark.postgres

NOW = CALL_START + timedelta(hours=1)


def write_sound(path: Path, seconds: int = 2) -> None:
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\0\1" * 8000 * seconds)
    age(path, 10_000_000_000 // 10)


def age(path: Path, at: int) -> None:
    os.utime(path, (at, at))


@pytest.fixture
async def call_id(database: Database) -> str:
    """A recorded call's id."""
    rows = answered_call("2")
    async with database.transaction() as session:
        await cel_rows.add_cel(session, rows)
    await Ingester(database, None, lambda: None, lambda: NOW).run_once(NOW)
    return rows[0].linkedid


async def test_a_file_is_linked_once_with_checksum_and_length(
    database: Database, call_id: str, tmp_path: Path
) -> None:
    write_sound(tmp_path / f"{call_id}.wav")
    write_sound(tmp_path / "another.wav")
    (tmp_path / f"{call_id}.txt").write_text("no sound")
    first = await link_recordings(database, tmp_path, NOW)
    assert (first.linked, first.known, first.waiting, first.bad) == (1, 0, 1, [])
    again = await link_recordings(database, tmp_path, NOW)
    assert (again.linked, again.known) == (0, 1)
    found = await read_recording(database, call_id)
    assert found is not None
    assert (found.seconds, found.size_bytes) == (Decimal(2), 32_044)
    assert is_intact(found)
    (call,) = (await records.read_calls(database, [call_id])).values()
    assert call.recording == found.path
    (tmp_path / f"{call_id}.wav").write_bytes(b"other")
    assert not is_intact(found)


async def test_a_file_that_is_written_or_torn_is_left(
    database: Database, call_id: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{call_id}.wav"
    path.write_bytes(b"RIFF")
    age(path, int(NOW.timestamp()))
    assert (await link_recordings(database, tmp_path, NOW)).bad == []
    later = await link_recordings(database, tmp_path, NOW + timedelta(minutes=1))
    assert [message.split(":")[0] for message in later.bad] == [path.name]
    assert await read_recording(database, call_id) is None


async def test_c5_there_on_day_thirty_and_purged_by_rule_after(
    database: Database, database_url: str, call_id: str, tmp_path: Path
) -> None:
    path = tmp_path / f"{call_id}.wav"
    write_sound(path)
    await link_recordings(database, tmp_path, NOW)
    keep = timedelta(days=30)
    assert await purge_recordings(database, keep, CALL_START + keep, login="purger") == []
    assert path.exists()
    with pytest.raises(ValueError, match="at least 30 days"):
        await purge_recordings(database, timedelta(days=29), NOW, login="purger")
    (purged,) = await purge_recordings(
        database, keep, CALL_START + keep + timedelta(microseconds=1), login="purger"
    )
    assert not path.exists()
    assert purged.call_id == call_id
    left = await read_recording(database, call_id)
    assert left is not None
    assert left.purged_at is not None
    with psycopg.connect(database_url) as connection:
        logged = connection.execute("SELECT call_id, login, what FROM recording_access").fetchall()
    assert logged == [(call_id, "purger", "purge")]
    assert await purge_recordings(database, keep, NOW + 2 * keep, login="purger") == []
