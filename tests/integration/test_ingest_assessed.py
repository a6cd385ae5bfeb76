"""What counts is judged exactly, by the rule of the time: on a real Postgres."""

from decimal import Decimal

import psycopg
import pytest

from store.database import Database
from tests.fakes.cel_table import answered_call
from tests.fakes.ingested import SCENARIOS, add, calls_of, run

pytestmark = pytest.mark.postgres


@pytest.mark.parametrize(
    ("talk", "valid", "effective"),
    [
        ("4.999999", False, False),
        ("5.000000", True, False),
        ("179.999999", True, False),
        ("180.000000", True, True),
    ],
)
async def test_the_boundaries_are_exact(
    database: Database, database_url: str, talk: str, valid: bool, effective: bool
) -> None:
    await add(database, answered_call(talk))
    await run(database)
    (call,) = calls_of(database_url).values()
    assert call == ("answered", Decimal(talk), valid, effective)


async def test_a_campaign_has_its_rule_and_a_closed_call_keeps_it(
    database: Database, database_url: str
) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("INSERT INTO campaign (name, rule_version) VALUES ('autumn', 'demo-1')")
        rows = SCENARIOS[4]  # 4.5 s of talk: effective by the demo's rule only
        await add(database, rows)
        await run(database)
        connection.execute("UPDATE campaign SET rule_version = 'standard-1'")
        await add(database, rows[:1])
        await run(database)
        found = connection.execute("SELECT rule_version, effective FROM call").fetchall()
    assert found == [("demo-1", True)]
