"""A call's recording is linked, kept for its time, and purged by rule after it (C5)."""

import asyncio
import os
import wave
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from cdr_ingest import recording_round
from cdr_ingest.ingest import Ingester
from cdr_ingest.recording_round import RecordingRound
from cdr_ingest.recordings import is_intact, link_recordings, purge_recordings
from config.timeouts import RECORDING_SETTLED_SECONDS
from store import cel_rows, records
from store.database import Database
from store.recordings import read_recording
from tests.fakes.cel_table import CALL_START, answered_call

pytestmark = pytest.mark.postgres

NOW = CALL_START + timedelta(hours=1)
SETTLED = timedelta(seconds=RECORDING_SETTLED_SECONDS)


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


async def test_the_services_round_links_what_settled_and_looks_at_it_once(
    database: Database, call_id: str, tmp_path: Path
) -> None:
    folder = tmp_path / "monitor"
    linker = RecordingRound(database, folder, lambda: NOW)
    with pytest.raises(FileNotFoundError):  # before Asterisk's first recording
        await linker.work(NOW)
    folder.mkdir()
    path = folder / f"{call_id}.wav"
    write_sound(path)
    age(path, int(NOW.timestamp()))
    assert (await linker.work(NOW + SETTLED)).linked == 0
    first = await linker.work(NOW + SETTLED + timedelta(seconds=1))
    assert (first.linked, first.done) == (1, {call_id})
    found = await read_recording(database, call_id)
    assert found is not None
    assert (found.seconds, found.path) == (Decimal(2), str(path))
    again = await linker.work(NOW + 2 * SETTLED)
    assert (again.linked, again.known, again.waiting) == (0, 0, 0)
    # A service that starts anew knows it from Postgres.
    anew = await RecordingRound(database, folder, lambda: NOW).work(NOW + 2 * SETTLED)
    assert (anew.linked, anew.known) == (0, 1)


async def test_a_round_goes_on_after_trouble_and_tells_it_once(
    database: Database, call_id: str, tmp_path: Path
) -> None:
    torn = tmp_path / f"{call_id}.wav"
    torn.write_bytes(b"RIFF")
    age(torn, 1_000_000_000)
    linker = RecordingRound(database, tmp_path, lambda: NOW)
    with capture_logs() as logged:
        assert len((await linker.work(NOW)).bad) == 1
        assert len((await linker.work(NOW)).bad) == 1
    assert [line["event"] for line in logged] == ["recording_unreadable"]
    write_sound(torn)
    assert (await linker.work(NOW)).linked == 1


async def test_the_running_round_survives_a_folder_that_is_not_there(
    database: Database, call_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recording_round, "RECORDING_LINK_SECONDS", 0.01)
    folder, stop = tmp_path / "monitor", asyncio.Event()
    looked = asyncio.Event()

    def now() -> datetime:
        looked.set()
        return NOW

    running = asyncio.create_task(RecordingRound(database, folder, now).run(stop))
    await looked.wait()
    looked.clear()
    await looked.wait()  # it came back, so the first look has failed
    folder.mkdir()
    write_sound(folder / f"{call_id}.wav")
    async with asyncio.timeout(10):
        while await read_recording(database, call_id) is None:
            looked.clear()
            await looked.wait()
    stop.set()
    await running


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
