"""What was seen of a call in part, on a real Postgres."""

from dataclasses import replace
from datetime import timedelta

import pytest

from calls.attempt import Settlement
from calls.ids import AgentId
from calls.outcomes import NetworkResult
from store.database import Database
from tests.integration.test_dialing import NOW, open_desk

pytestmark = pytest.mark.postgres


async def test_a_half_seen_call_is_kept_until_the_records_say_more(database: Database) -> None:
    desk = await open_desk(database, 1)
    [planned] = await desk.plan(1)
    seen = Settlement(
        planned.attempt,
        "floor",
        NetworkResult.ANSWERED,
        NOW + timedelta(seconds=60),
        cause=16,
        ringing_at=NOW + timedelta(seconds=2),
        answered_at=NOW + timedelta(seconds=5),
        connected_at=NOW + timedelta(seconds=6),
        talk=timedelta(seconds=1, microseconds=5),
        agent=AgentId("agent-1001"),
    )

    await desk.attempts.save_half_seen(seen, NOW)
    [still_open] = await desk.attempts.open_attempts()
    assert still_open.half_seen == seen

    assert await desk.settle(planned, NetworkResult.BUSY)
    await desk.attempts.save_half_seen(replace(seen, cause=21), NOW)
    assert await desk.attempts.open_attempts() == []
