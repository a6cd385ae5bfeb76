"""The rule that pay depends on, with real talk and the real thresholds."""

from decimal import Decimal

import pytest

from cli.demo_floor import DemoFloor, DemoPlan
from lab.sample_list import MAIN_CAMPAIGN, SampleLead
from tests.asterisk.main_job import play

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(420)]


def _long_call(seconds: int, serial: int) -> SampleLead:
    number = f"+8613902{seconds:03d}{serial:03d}"
    return SampleLead(MAIN_CAMPAIGN, number, "长谈公司", "陈经理", "", "", "", "")


async def test_three_minutes_of_real_talk_are_one_effective_call() -> None:
    """181 s and 179 s of real talk by the real thresholds: one is effective, both are valid."""
    leads = [_long_call(181, 0), _long_call(179, 10)]
    with DemoFloor(DemoPlan(leads, agents=3, rule="standard-1")) as floor:
        floor.start_world()
        result, records = await play(floor)

    assert (result.answered, result.valid, result.effective) == (2, 2, 1)
    assert result.unreconciled == 0
    shorter, longer = sorted(record.talk_seconds for record in records)
    assert Decimal("178.8") <= shorter < 180 <= longer <= Decimal("181.2")
