"""Signs of gaming from real records: silence on recordings, and pauses that agents took."""

import json
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import structlog
from typer.testing import CliRunner

from calls.agent_state import AgentEvent
from calls.ids import AgentId
from calls.live import AgentChanged, LiveAgent
from cdr_ingest.recordings import link_recordings
from cli.main import app
from cli.pause_log import PauseLog
from store.database import Database
from store.sums import PausedTime, read_paused_time
from tests.fakes.cel_table import CALL_START, answered_call
from tests.fakes.ingested import add, ingester
from tests.integration.test_recordings import age
from tests.unit.test_cel_silence import NOISE, SPEECH, Part, write

pytestmark = pytest.mark.postgres

LATER = CALL_START + timedelta(hours=1)
DAY = (CALL_START - timedelta(hours=3), CALL_START + timedelta(hours=21))


@pytest.fixture
async def silent_calls(database: Database, tmp_path: Path) -> list[str]:
    """Two calls with a long silence, in two ways, beside one without."""
    talked, silent, left_running = (answered_call("200") for _ in range(3))
    await add(database, [*talked, *silent, *left_running])
    await ingester(database).run_once(LATER)
    sounds: dict[str, list[Part]] = {
        talked[0].linkedid: [(199, SPEECH), (1, 0)],
        silent[0].linkedid: [(100, SPEECH), (31, NOISE), (69, SPEECH)],
        # Neither side sent a sound for 110 s, so these are missing from the file.
        left_running[0].linkedid: [(90, SPEECH)],
    }
    for call, parts in sounds.items():
        age(write(tmp_path / f"{call}.wav", parts), 1_000_000_000)
    assert (await link_recordings(database, tmp_path, LATER)).linked == 3
    return [silent[0].linkedid, left_running[0].linkedid]


def test_a_long_silence_in_an_effective_call_is_named(
    silent_calls: list[str], database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLFLOOR_DATABASE_URL", database_url)
    told = CliRunner().invoke(app, ["report", "gaming", "--day", "2026-11-22", "--format", "json"])
    structlog.reset_defaults()
    signs = [one for one in json.loads(told.output) if one["sign"] == "long_silence"]
    assert {(one["agent"], one["why"]) for one in signs} == {
        ("agent-1001", f"call {call}: {why} of 200.0 s talk")
        for call, why in zip(
            silent_calls,
            ("31.0 s of silence at a stretch, 16 %", "0.0 s of silence at a stretch, 55 %"),
            strict=True,
        )
    }


def paused(minute: int, is_paused: bool, reason: str = "break") -> AgentChanged:
    at = CALL_START + timedelta(minutes=minute)
    ready = LiveAgent.fresh(AgentId("agent-1001"), "Li", CALL_START).moved(
        AgentEvent.SIGNED_IN, CALL_START
    )
    return AgentChanged(ready.with_pause(is_paused, reason, at)._replace(since=at))


async def test_pauses_are_kept_as_the_floor_saw_them(database: Database, database_url: str) -> None:
    log = PauseLog(database)
    for change in (paused(0, True), paused(0, True), paused(10, False), paused(20, True)):
        log.note(change)
    await log.save()
    assert await read_paused_time(database, CALL_START, CALL_START + timedelta(minutes=30)) == [
        PausedTime("agent-1001", 2, timedelta(minutes=20))
    ]
    # The service died; the new one finds the agent ready again.
    anew = PauseLog(database)
    anew.note(paused(25, False))
    await anew.save()
    (told,) = await read_paused_time(database, *DAY)
    assert told.paused == timedelta(minutes=15)
    (part,) = await read_paused_time(
        database, CALL_START + timedelta(minutes=5), CALL_START + timedelta(minutes=9)
    )
    assert part.paused == timedelta(minutes=4)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT DISTINCT reason FROM agent_pause").fetchall() == [
            ("break",)
        ]
