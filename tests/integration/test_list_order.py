"""Which due leads come first: the order of a list, and priority before it."""

from dataclasses import replace

import pytest

from calls.campaign import ListOrder
from store.database import Database
from tests.integration.test_dialing import open_desk

pytestmark = pytest.mark.postgres


async def planned_order(database: Database, order: ListOrder) -> list[int]:
    desk = await open_desk(database, 30)
    desk.campaign = replace(desk.campaign, list_order=order)
    first = await desk.plan(20)
    rest = await desk.plan(20)
    return [one.lead for one in (*first, *rest)]


async def test_oldest_and_newest_follow_the_import(database: Database) -> None:
    leads = await planned_order(database, ListOrder.OLDEST)

    assert leads == sorted(leads)
    assert len(leads) == 30


async def test_newest_is_the_other_way_round(database: Database) -> None:
    leads = await planned_order(database, ListOrder.NEWEST)

    assert leads == sorted(leads, reverse=True)


async def test_random_takes_each_lead_once_and_follows_no_order(database: Database) -> None:
    leads = await planned_order(database, ListOrder.RANDOM)

    assert len(set(leads)) == 30
    assert leads not in (sorted(leads), sorted(leads, reverse=True))


@pytest.mark.parametrize("order", ListOrder)
async def test_a_priority_comes_before_any_order(database: Database, order: ListOrder) -> None:
    desk = await open_desk(database, 5)
    desk.campaign = replace(desk.campaign, list_order=order)
    await database.execute("test_set_priority", "+8613910000003", 7)

    [first] = await desk.plan(1)

    assert first.number == "+8613910000003"
