"""My regions: the parts of my day, from the same records, on a real Postgres."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from calls.ids import AgentId
from cli.reports_port import ReportsPort
from store.database import Database
from tests.fakes.cel_table import CALL_START

pytestmark = pytest.mark.postgres

ME, OTHER = AgentId("agent-1001"), AgentId("agent-1002")
CALLS: tuple[tuple[Any, ...], ...] = (
    # id, agent, region, result, talk, answered, valid, effective, each agent's part of the talk
    ("a", ME, "浙江", "answered", 200, True, True, True, {ME: 200}),
    ("b", ME, "浙江", "no_answer", 0, False, False, False, {}),
    ("c", ME, "江苏", "answered", 4, True, False, False, {ME: 4}),
    ("d", ME, "江苏", "system_error", 0, False, False, False, {}),
    ("e", OTHER, "上海", "answered", 90, True, True, False, {ME: 60, OTHER: 30}),
)


async def test_the_regions_of_a_day_add_up_to_my_day(database: Database, database_url: str) -> None:
    with psycopg.connect(database_url) as connection:
        for call, agent, region, result, talk, *judged, parts in CALLS:
            connection.execute(
                "INSERT INTO call (call_id, linkedid, direction, number, agent, region,"
                " network_result, dialled_at, ended_at, talk_seconds, answered, valid, effective,"
                " abandoned, rule_version) VALUES (%s, %s, 'outbound', '+8613900000000', %s, %s,"
                " %s, %s, %s, %s, %s, %s, %s, false, 'standard-1')",
                (call, call, agent, region, result, CALL_START, CALL_START, talk, *judged),
            )
            for who, seconds in parts.items():
                connection.execute(
                    "INSERT INTO call_agent (call_id, agent, connected_at, talk_seconds)"
                    " VALUES (%s, %s, %s, %s)",
                    (call, who, CALL_START, seconds),
                )
    port, day = ReportsPort(database, "UTC"), CALL_START.date()
    rows = await port.agent_regions(day, [ME])
    told = {r.region: (r.attempts, r.answered, r.valid, r.effective) for r in rows}
    # A colleague's call in which I talked, too, is the colleague's; my talk in it is mine.
    assert told == {"浙江": (2, 1, 1, 1), "江苏": (1, 1, 0, 0), "上海": (0, 0, 0, 0)}
    assert [row.region for row in rows] == ["浙江", "江苏", "上海"]
    (mine,) = await port.agent_day(day, ME)
    assert (mine.attempts, mine.answered, mine.valid, mine.effective) == (3, 2, 1, 1)
    assert sum((row.talk for row in rows), timedelta()) == mine.talk == timedelta(seconds=264)
    assert {row.agent for row in await port.agent_regions(day, [ME, OTHER])} == {ME, OTHER}
