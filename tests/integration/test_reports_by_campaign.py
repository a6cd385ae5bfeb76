"""Reports of some campaigns only, and the calls behind recordings, from real records."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from cdr_ingest.ingest import Ingester
from store import cel_rows, sums
from store.cel_rows import RawCel
from store.database import Database
from store.recordings import RecordingStore
from store.sums import By
from tests.fakes.cel_table import CALL_START, answered_call

pytestmark = pytest.mark.postgres

DAY = date(2026, 11, 22)
NOW = CALL_START + timedelta(days=2)


@pytest.fixture
async def recorded(database: Database) -> list[list[RawCel]]:
    """Two calls of spring and one of autumn, recorded; all of one agent."""
    calls = [
        answered_call("200", CALL_START + timedelta(minutes=10 * n), campaign=campaign)
        for n, campaign in enumerate(("spring", "spring", "autumn"))
    ]
    async with database.transaction() as session:
        await cel_rows.add_cel(session, [raw for call in calls for raw in call])
    await Ingester(database, None, lambda: None, lambda: NOW).run_once(NOW)
    return calls


@pytest.mark.parametrize(
    ("campaigns", "attempts"),
    [
        (None, 3),
        (["spring"], 2),
        (["autumn"], 1),
        (["spring", "autumn"], 3),
        (["other"], 0),
        ([], 0),
    ],
)
@pytest.mark.parametrize("by", list(By))
async def test_a_report_counts_the_campaigns_that_were_asked_for(
    database: Database,
    recorded: list[list[RawCel]],
    by: By,
    campaigns: Sequence[str] | None,
    attempts: int,
) -> None:
    rows = await sums.read_sums(database, by, DAY, DAY, campaigns=campaigns)
    assert sum(row.measures.attempts for row in rows) == attempts


async def test_the_days_of_one_key_count_the_campaigns_that_were_asked_for(
    database: Database, recorded: list[list[RawCel]]
) -> None:
    (agent,) = await sums.read_sums(database, By.AGENT, DAY, DAY)
    (row,) = await sums.read_days_of(database, By.AGENT, agent.key, DAY, DAY, campaigns=["spring"])
    assert row.measures.attempts == 2


async def test_a_call_without_a_recording_is_told_from_no_call(
    database: Database, recorded: list[list[RawCel]]
) -> None:
    store = RecordingStore(database)
    found = await store.find(recorded[2][0].linkedid)
    assert found is not None
    assert (found.campaign, found.recording) == ("autumn", None)
    assert await store.find("no such call") is None
