"""What agents say of a call that is still under way, on a real Postgres."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from calls.attempt import PlannedAttempt, Settlement
from calls.ids import AgentId
from calls.outcomes import NetworkResult
from dialer.settlement import lead_outcome
from store.callbacks import CallbackStore, OpenCallback
from store.database import Database
from store.desk import DeskStore, WrapUp
from tests.integration.test_dialing import NOW, Desk, open_desk

pytestmark = pytest.mark.postgres
LI, WANG = "agent-1001", "agent-1002"
LATER = datetime.now(UTC).replace(microsecond=0) + timedelta(days=2)


async def under_way(database: Database) -> tuple[Desk, PlannedAttempt, WrapUp]:
    """One open attempt, and what Li says of it: interested, nothing else."""
    desk = await open_desk(database, 1)
    (planned,) = await desk.plan(1)
    return desk, planned, WrapUp(planned.attempt, LI, "interested", "asks for steel", None, False)


async def promises(database: Database) -> list[OpenCallback]:
    callbacks = CallbackStore(database)
    await callbacks.due(LATER)  # what was called is closed
    return await callbacks.open()


async def said_before(database: Database, planned: PlannedAttempt) -> tuple[str | None, str]:
    """Disposition and note of the settled attempt as a later call's desk shows them."""
    (row,) = await database.fetch("desk_last_calls", planned.lead, uuid4())
    return row["disposition"], row["note"]


async def test_a_result_said_before_the_end_is_there_after_it_and_the_lead_goes_its_way(
    database: Database,
) -> None:
    desk, planned, said = await under_way(database)
    await DeskStore(database).save(said)
    assert (await desk.lead(planned))[0] == "leased"

    assert await desk.settle(planned, NetworkResult.ANSWERED)
    assert (await desk.lead(planned))[0] == "done"
    assert await said_before(database, planned) == ("interested", "asks for steel")


async def test_a_callback_promised_before_the_end_stands_at_once_and_after_it(
    database: Database,
) -> None:
    desk, planned, said = await under_way(database)
    await DeskStore(database).save(replace(said, disposition="callback", callback_at=LATER))
    assert [(one.agent_id, one.due_at) for one in await promises(database)] == [(LI, LATER)]
    assert await desk.plan(1) == []

    await desk.settle(planned, NetworkResult.ANSWERED)
    assert await desk.lead(planned) == ("scheduled", 1, None)
    assert [one.due_at for one in await promises(database)] == [LATER]


@pytest.mark.parametrize("result", [NetworkResult.ANSWERED, NetworkResult.BUSY])
async def test_who_opts_out_before_the_end_is_on_the_list_at_once_and_not_dialled_again(
    database: Database, result: NetworkResult
) -> None:
    desk, planned, said = await under_way(database)
    await DeskStore(database).save(replace(said, do_not_call=True))
    listed = await database.fetch("list_do_not_call", "", 10)
    assert [row["phone"] for row in listed] == [planned.number]

    await desk.settle(planned, result)
    assert (await desk.lead(planned))[0] == "done"
    await desk.attempts.promote(desk.campaign, LATER)
    assert await desk.plan(1, now=LATER) == []


@pytest.mark.parametrize("is_settled", [False, True])
async def test_the_colleagues_word_counts_and_takes_no_promise_back(
    database: Database, is_settled: bool
) -> None:
    desk, planned, said = await under_way(database)
    store = DeskStore(database)
    await store.save(replace(said, disposition="callback", callback_at=LATER))
    if is_settled:
        await desk.settle(planned, NetworkResult.ANSWERED)
    await store.save(replace(said, agent=WANG, disposition="sold", note="ten tons"))
    if not is_settled:
        await desk.settle(planned, NetworkResult.ANSWERED)

    assert await desk.lead(planned) == ("scheduled", 1, None)
    assert [(one.agent_id, one.due_at) for one in await promises(database)] == [(LI, LATER)]
    assert await said_before(database, planned) == ("sold", "asks for steel\nten tons")


async def test_who_corrects_the_own_word_replaces_it(database: Database) -> None:
    desk, planned, said = await under_way(database)
    store = DeskStore(database)
    await store.save(replace(said, disposition="callback", callback_at=LATER))
    await store.save(replace(said, note="no steel"))
    await desk.settle(planned, NetworkResult.ANSWERED)

    assert (await desk.lead(planned))[0] == "done"
    assert await promises(database) == []
    assert await said_before(database, planned) == ("interested", "no steel")


async def test_a_result_said_in_the_moment_of_settlement_is_kept_either_way(
    database: Database,
) -> None:
    desk = await open_desk(database, 12)
    store, attempts = DeskStore(database), await desk.plan(12)
    words = [WrapUp(one.attempt, LI, "callback", "", LATER, False) for one in attempts]
    ends = [desk.settle(one, NetworkResult.ANSWERED) for one in attempts]
    await asyncio.gather(
        *(act for pair in zip(map(store.save, words), ends, strict=True) for act in pair)
    )

    assert {await desk.lead(one) for one in attempts} == {("scheduled", 1, None)}
    assert len(await promises(database)) == 12


async def test_a_call_of_no_attempt_keeps_its_result(database: Database) -> None:
    await DeskStore(database).save(WrapUp("1790000000.7", LI, "other", "wrong shop", None, False))
    row = await database.fetch_row("test_wrap_up", "1790000000.7")
    assert row is not None
    assert (row["agent_id"], row["note"]) == (LI, "wrong shop")


async def test_only_who_said_nothing_is_asked_for_the_result(database: Database) -> None:
    desk, planned, said = await under_way(database)
    store = DeskStore(database)
    await store.save(said)
    end = Settlement(
        planned.attempt, "floor", NetworkResult.ANSWERED, NOW, connected_at=NOW, agent=AgentId(WANG)
    )
    await desk.attempts.settle(end, NOW, lambda history: lead_outcome(desk.campaign, end, history))

    since = NOW - timedelta(hours=1)
    assert await store.last_unsaved_call(WANG, since) == planned.attempt
    await store.save(replace(said, agent=WANG))
    assert await store.last_unsaved_call(WANG, since) is None
