"""The store on a real Postgres."""

import pytest

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
