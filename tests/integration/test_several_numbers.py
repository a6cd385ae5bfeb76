"""A lead with several numbers, from the file to the attempts, on a real Postgres."""

from pathlib import Path

import pytest

from calls.attempt import LeadCandidate, Verdict
from calls.outcomes import NetworkResult
from crm.lead_import import import_leads
from dialer.calling_profiles import find_profile
from dialer.law import CallingRules
from dialer.settlement import judge_lead
from store.database import Database
from store.do_not_call import ScopedDoNotCall
from store.lead_import import DoNotCallList
from store.lead_looks import LeadLooks
from tests.integration.test_dialing import NOW, Desk, open_desk

pytestmark = pytest.mark.postgres
FIRST, SECOND, THIRD = "+8613910000001", "+8613910000002", "+8613910000003"


def judge(candidate: LeadCandidate) -> Verdict:
    return judge_lead(candidate, CallingRules(find_profile("always-1"), 9, 9), NOW)


async def desk_with_one_lead(database: Database, folder: Path) -> Desk:
    desk = await open_desk(database, 0)
    file = folder / "list.csv"
    # The same number twice is one number.
    file.write_text("phone,phone2,phone3,phone4\n13910000001,13910000002,13910000001,13910000003\n")
    await import_leads(database, "spring", file)
    return desk


async def dialled(desk: Desk, result: NetworkResult) -> str:
    [planned] = await desk.plan(5, judge)
    assert await desk.settle(planned, result)
    return planned.number


async def test_numbers_are_tried_in_order_and_a_dead_one_never_again(
    database: Database, tmp_path: Path
) -> None:
    desk = await desk_with_one_lead(database, tmp_path)

    assert await dialled(desk, NetworkResult.NO_ANSWER) == FIRST
    assert await dialled(desk, NetworkResult.INVALID) == SECOND
    assert await dialled(desk, NetworkResult.INVALID) == THIRD
    assert await dialled(desk, NetworkResult.ANSWERED) == FIRST
    assert await desk.plan(5, judge) == []


async def test_an_imported_list_takes_out_one_number(database: Database, tmp_path: Path) -> None:
    desk = await desk_with_one_lead(database, tmp_path)
    await ScopedDoNotCall(database).replace_list("cn-refused", [FIRST], NOW, None)

    assert await desk.plan(5, judge) == []  # this look takes the number out
    [planned] = await desk.plan(5, judge)

    assert planned.number == SECOND


async def test_an_opt_out_by_any_number_ends_the_lead(database: Database, tmp_path: Path) -> None:
    desk = await desk_with_one_lead(database, tmp_path)
    [lead] = await LeadLooks(database).leads_of_number(THIRD)

    assert await DoNotCallList(database).add(THIRD, "asked", None) == 1

    assert await desk.plan(5, judge) == []
    look = await LeadLooks(database).look(lead, NOW)
    assert look is not None
    assert (look.status, look.done_reason) == ("done", "do_not_call")
    assert look.candidate.do_not_call_list == "internal"
