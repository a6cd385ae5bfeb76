"""The store on a real Postgres."""

import pytest

from calls.ids import AgentId, QueueName
from store.campaigns import BadReason, CampaignStore
from store.database import Database
from store.errors import DatabaseRefused, DatabaseUnreachable
from store.migrate import check_schema, migrate

pytestmark = pytest.mark.postgres


async def test_migrating_twice_changes_nothing(database_url: str) -> None:
    migrate(database_url)
    check_schema(database_url)


async def test_a_server_that_is_not_there_is_named_in_one_line() -> None:
    with pytest.raises(DatabaseUnreachable, match="cannot connect to the database"):
        await Database.open("postgresql://x:y@127.0.0.1:1/none")


async def test_a_wrong_password_is_refused_not_retried(database_url: str) -> None:
    wrong = database_url.replace("callfloor:", "callfloor:wrong", 1)

    with pytest.raises(DatabaseRefused, match="password authentication failed"):
        await Database.open(wrong)


@pytest.mark.parametrize(
    ("reason", "is_kept"),
    [
        ("x" * 79, True),
        ("x" * 80, False),
        ("午" * 26 + "x", True),
        ("午" * 27, False),
        (" ", False),
    ],
)
async def test_a_pause_reason_is_kept_whole_or_refused(
    database: Database, reason: str, is_kept: bool
) -> None:
    store = CampaignStore(database)
    await store.add_agent(AgentId("agent-1"), "Li Na")
    await store.sign_in(AgentId("agent-1"), QueueName("callfloor"))

    if is_kept:
        await store.pause(AgentId("agent-1"), reason)
    else:
        with pytest.raises(BadReason, match="bytes; it should have 1 to 79"):
            await store.pause(AgentId("agent-1"), reason)

    assert [seat.pause_reason for seat in await store.seats()] == [reason if is_kept else None]
