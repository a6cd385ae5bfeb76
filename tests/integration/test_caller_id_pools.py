"""Pools of caller IDs on a real Postgres: figures from attempts, and `callfloor caller-ids`."""

import json
from datetime import timedelta
from typing import Literal

import pytest

from calls.attempt import LeadHistory, LeadOutcome, PlannedAttempt, Settlement
from calls.caller_ids import CallerIdHealth, CallerIdRule
from calls.campaign import CampaignStatus
from calls.outcomes import NetworkResult
from store.caller_ids import CallerIdLimits, CallerIdStore
from store.campaigns import CampaignStore
from store.database import Database
from tests.integration.test_cli import assert_one_line, run
from tests.integration.test_dialing import NOW, SHANGHAI, YES, Desk, open_desk

pytestmark = pytest.mark.postgres
BEIJING, OTHER = "+861088880001", "+862188880001"
DONE = LeadOutcome("done", None, "answered", uses_up_try=True)


async def called_from(desk: Desk, number: str, minutes_ago: int) -> PlannedAttempt:
    at = NOW - timedelta(minutes=minutes_ago)
    [planned] = await desk.attempts.plan(
        desk.campaign, [SHANGHAI], 1, at, lambda lead: YES, lambda customer: number
    )
    return planned


async def end(
    desk: Desk,
    planned: PlannedAttempt,
    result: NetworkResult,
    seconds: float = 0,
    by: Literal["floor", "never_sent"] = "floor",
) -> None:
    answered = planned.planned_at if result is NetworkResult.ANSWERED else None
    over = planned.planned_at + timedelta(seconds=seconds)
    settlement = Settlement(planned.attempt, by, result, over, answered_at=answered)

    def decide(history: LeadHistory) -> LeadOutcome:
        return DONE

    await desk.attempts.settle(settlement, over, decide)


async def test_a_numbers_figures_are_those_of_its_calls_of_a_day(database: Database) -> None:
    desk = await open_desk(database, 8)
    store = CallerIdStore(database)
    assert await store.pools(NOW) == {}
    assert await store.add(desk.campaign, BEIJING, "order 1234")
    assert not await store.add(desk.campaign, BEIJING, "order 1234")
    human = NetworkResult.ANSWERED
    for minutes, result, seconds in (
        (25 * 60, human, 1.0),  # yesterday
        (70, human, 5.9),  # short
        (50, human, 6.0),  # not short
        (40, NetworkResult.NO_ANSWER, 20.0),
    ):
        await end(desk, await called_from(desk, BEIJING, minutes), result, seconds)
    unsent = await called_from(desk, BEIJING, 30)
    await end(desk, unsent, NetworkResult.SYSTEM_ERROR, by="never_sent")
    await called_from(desk, BEIJING, 20)  # goes on
    await called_from(desk, OTHER, 10)

    pool = (await store.pools(NOW))[desk.campaign.name]

    assert pool.numbers == (
        CallerIdHealth(
            BEIJING, calls=4, answered=2, short=1, last_hour=3,
            first_in_hour=NOW - timedelta(minutes=50), last_at=NOW - timedelta(minutes=20),
        ),
    )  # fmt: skip
    assert (pool.rule, pool.max_calls_per_hour) == (CallerIdRule.EVEN, 60)


async def test_limits_change_one_by_one(database: Database) -> None:
    desk = await open_desk(database, 0)
    store = CallerIdStore(database)
    await store.add(desk.campaign, BEIJING, "order 1234")
    await store.set_limits(desk.campaign, CallerIdLimits(rule=CallerIdRule.LOCAL))
    await store.set_limits(desk.campaign, CallerIdLimits(rest=timedelta(hours=2)))
    pool = (await store.pools(NOW))[desk.campaign.name]
    assert (pool.rule, pool.rest) == (CallerIdRule.LOCAL, timedelta(hours=2))
    assert await store.remove(desk.campaign, BEIJING)
    assert not await store.remove(desk.campaign, BEIJING)
    assert await store.pools(NOW) == {}


async def test_a_user_adds_lists_and_removes_numbers(database: Database, database_url: str) -> None:
    await open_desk(database, 1)
    added = run("caller-ids", "add", "spring", BEIJING, "--proof", "order 1234", url=database_url)
    assert added.stdout == f"{BEIJING} is in the pool of spring\n", added.stderr
    assert_one_line(
        run("caller-ids", "add", "spring", "12x", "--proof", "p", url=database_url),
        1,
        "number '12x': should be 2 to 20 digits",
    )
    assert_one_line(
        run("caller-ids", "add", "spring", BEIJING, "--proof", "p", url=database_url),
        1,
        f"{BEIJING} is in the pool of spring already",
    )
    run("caller-ids", "set", "spring", "--per-hour", "7", "--rule", "local", url=database_url)
    listed = run("caller-ids", "list", "spring", "--format", "json", url=database_url)
    [row] = json.loads(listed.stdout)
    assert (row["number"], row["calls_24h"], row["resting_until"]) == (BEIJING, 0, "")

    removed = run("caller-ids", "remove", "spring", BEIJING, url=database_url)
    assert (removed.returncode, removed.stdout) == (0, f"{BEIJING} is out of the pool of spring\n")


async def test_why_tells_that_every_number_rests(database: Database, database_url: str) -> None:
    desk = await open_desk(database, 2)
    await CampaignStore(database).set_status("spring", CampaignStatus.RUNNING)
    store = CallerIdStore(database)
    await store.add(desk.campaign, BEIJING, "order 1234")
    await store.set_limits(desk.campaign, CallerIdLimits(max_calls_per_hour=1))
    await database.execute("test_called_from", "spring", BEIJING)
    lead = await database.fetch_value("test_any_lead")

    for asked in (("why", str(lead)), ("why", "--campaign", "spring")):
        told = run(*asked, "--format", "json", url=database_url)
        row = json.loads(told.stdout)[0]
        assert (row["allowed"], row["rule"]) == ("no", "campaign/caller_ids_rest")
        assert row["until"]
