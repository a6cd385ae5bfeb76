"""The main job on a real Asterisk: every record is what the numbering plan says it must be."""

import pytest

from calls.effective_call import RULES
from calls.outcomes import NetworkResult
from cli.demo_floor import DATABASE_VARIABLE, DemoFloor, DemoPlan
from lab.sample_list import sample_leads
from tests.asterisk.main_job import check_record, check_tries, play
from tests.fakes.named_server import whats_there

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(420)]

LEADS = 60
AGENTS = 8


async def test_every_record_is_what_the_numbering_plan_says() -> None:
    await play_and_check("22")


async def test_so_is_every_record_on_asterisk_16_and_a_server_that_the_user_names(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose server is left as it was: the demo has a database of its own there, and drops it."""
    monkeypatch.setenv(DATABASE_VARIABLE, postgres_url)
    before = whats_there(postgres_url)

    await play_and_check("16")

    assert whats_there(postgres_url) == before


async def play_and_check(version: str) -> None:
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
