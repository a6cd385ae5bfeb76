"""The main job while parts of it die: the list still ends, nothing twice, nothing lost."""

import asyncio
import random
from decimal import Decimal

import pytest

from calls.effective_call import RULES
from cli.demo_floor import DemoFloor, DemoPlan
from lab.numbering_plan import expected
from lab.sample_list import sample_leads
from store.database import Database
from tests.asterisk.main_job import HUMAN_STAYS_SECONDS, Record, check_record, check_tries, play

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(420)]

LEADS = 40
AGENTS = 7
KILLS = 10


def _floor() -> DemoFloor:
    return DemoFloor(DemoPlan(sample_leads(LEADS), agents=AGENTS))


def _check_all(records: list[Record]) -> None:
    rule = RULES["demo-1"]
    check_tries(records, {lead.number for lead in sample_leads(LEADS)})
    for record in records:
        check_record(record, rule)


async def test_ten_kills_of_the_service_lose_and_double_nothing() -> None:
    dice = random.Random()

    async def kill_ten_times(floor: DemoFloor, database: Database) -> None:
        for _ in range(KILLS):
            await asyncio.sleep(dice.uniform(0.5, 4.0))
            floor.kill_service()
            await asyncio.sleep(dice.uniform(0.0, 2.0))
            floor.start_service()

    with _floor() as floor:
        floor.start_world()
        result, records = await play(floor, kill_ten_times)

    _check_all(records)
    assert (result.unreconciled, result.double_dialled) == (0, 0)


async def test_a_crash_of_postgres_loses_and_doubles_nothing() -> None:
    async def crash_postgres(floor: DemoFloor, database: Database) -> None:
        for _ in range(2):
            await asyncio.sleep(6.0)
            floor.postgres.kill()
            await asyncio.sleep(3.0)
            floor.postgres.start()

    with _floor() as floor:
        floor.start_world()
        result, records = await play(floor, crash_postgres)

    _check_all(records)
    assert (result.unreconciled, result.double_dialled) == (0, 0)


async def test_a_stop_lets_the_calls_finish_and_a_start_goes_on() -> None:
    async def stop_and_start(floor: DemoFloor, database: Database) -> None:
        for _ in range(2):
            await asyncio.sleep(7.0)
            assert floor.stop_service() == 0, floor.log_tail()
            left_open = await database.fetch("list_open_attempts")
            assert left_open == []
            floor.start_service()

    with _floor() as floor:
        floor.start_world()
        result, records = await play(floor, stop_and_start)

    _check_all(records)
    assert (result.unreconciled, result.double_dialled) == (0, 0)


async def test_calls_cut_by_a_crash_of_asterisk_are_recorded_as_such() -> None:
    cut: set[str] = set()

    async def crash_asterisk(floor: DemoFloor, database: Database) -> None:
        await asyncio.sleep(10.0)
        floor.pbx_lab.pbx.kill()
        await asyncio.sleep(1.0)
        floor.pbx_lab.pbx.start()
        floor.pbx_lab.wait_registered(60.0)

    with _floor() as floor:
        floor.start_world()
        result, records = await play(floor, crash_asterisk)

    cut = {record.number for record in records if record.hangup_by == "asterisk_restart"}
    assert cut
    assert {record.number for record in records} == {lead.number for lead in sample_leads(LEADS)}
    rule = RULES["demo-1"]
    for record in records:
        plan = expected(record.number)
        if record.hangup_by == "asterisk_restart":
            longest = HUMAN_STAYS_SECONDS if plan.amd_result == "human" else plan.talk_seconds or 0
            assert record.talk_seconds <= Decimal(str(longest)) + 1, record
        else:
            check_record(record, rule)
    assert (result.unreconciled, result.double_dialled) == (0, 0)
