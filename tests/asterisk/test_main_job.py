"""The main job on a real Asterisk: every record is what the numbering plan says it must be."""

import pytest

from calls.effective_call import RULES
from calls.outcomes import NetworkResult
from cli.demo_floor import DemoFloor, DemoPlan
from lab.sample_list import sample_leads
from tests.asterisk.main_job import check_record, check_tries, play

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(420)]

LEADS = 60
AGENTS = 8


@pytest.mark.parametrize("version", ["22", "16"])
async def test_every_record_is_what_the_numbering_plan_says(version: str) -> None:
    leads = sample_leads(LEADS)
    rule = RULES["demo-1"]
    with DemoFloor(DemoPlan(leads, agents=AGENTS, version=version)) as floor:
        floor.start_world()
        result, records = await play(floor)

    check_tries(records, {lead.number for lead in leads}, version)
    for record in records:
        check_record(record, rule, version)
        assert record.settled_by == "floor", record
    assert {record.network_result for record in records} == set(NetworkResult)
    assert {record.amd_result for record in records} >= {"human", "machine"}
    assert (result.unreconciled, result.double_dialled) == (0, 0)
    assert result.agents == AGENTS
    assert result.attempts >= result.answered >= result.valid >= result.effective > 0
