"""Abandoned calls counted in real records: the legal definition, windows, and calls left out."""

from datetime import UTC, datetime, timedelta

import pytest

from calls.abandonment import AbandonmentCount
from calls.campaign import ListOrder, Mode
from calls.ids import CallId
from store.abandonment import AbandonmentStore
from store.campaigns import CampaignChange, CampaignStore, UnknownCampaign
from store.database import Database
from store.errors import DatabaseRefused
from tests.integration.test_dialing import open_desk

pytestmark = pytest.mark.postgres
NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

CALLS = [
    # days ago, seconds to the agent, abandoned, machine, network result, campaign
    ("in-time", 0.1, 1.9, False, None, "answered", "spring"),
    ("late", 0.1, 2.1, False, "human", "answered", "spring"),
    ("nobody", 0.1, None, True, None, "answered", "spring"),
    ("machine", 0.1, None, False, "machine", "answered", "spring"),
    ("mailbox", 0.1, 1.0, False, None, "forwarded", "spring"),
    ("old", 40, 1.0, False, None, "answered", "spring"),
    ("other", 0.1, None, True, None, "answered", "autumn"),
]


async def recorded(database: Database) -> AbandonmentStore:
    for call, days, wait, abandoned, amd, result, campaign in CALLS:
        answered = NOW - timedelta(days=days)
        connected = None if wait is None else answered + timedelta(seconds=wait)
        await database.execute(
            "test_add_call", call, campaign, answered, connected, abandoned, amd, result
        )
    return AbandonmentStore(database)


async def test_windows_are_counted_by_the_legal_definition(database: Database) -> None:
    campaign = (await open_desk(database, 0)).campaign
    store = await recorded(database)
    starts = [NOW - timedelta(days=1), NOW - timedelta(days=60)]

    counts = await store.count(campaign, starts, [], 2.0)
    assert counts == [AbandonmentCount(3, 2), AbandonmentCount(4, 2)]

    without = await store.count(campaign, starts, [CallId("late"), CallId("nobody")], 2.0)
    assert without == [AbandonmentCount(1, 0), AbandonmentCount(2, 0)]
    assert await store.began_at(campaign) == NOW - timedelta(days=40)
    known = await store.recorded([CallId("late"), CallId("unheard")])
    assert known == {CallId("late")}


async def test_a_running_campaign_is_changed_and_what_is_not_named_stays(
    database: Database,
) -> None:
    campaign = (await open_desk(database, 0)).campaign
    store = CampaignStore(database)
    change = CampaignChange(mode=Mode.POWER, ratio=1.5, list_order=ListOrder.NEWEST)

    await store.change("spring", change)

    changed = await store.campaign("spring")
    assert (changed.mode, changed.ratio, changed.list_order) == ("power", 1.5, ListOrder.NEWEST)
    assert (changed.max_lines, changed.priority) == (campaign.max_lines, 0)
    with pytest.raises(UnknownCampaign):
        await store.change("winter", change)
    with pytest.raises(DatabaseRefused):
        await store.change("spring", CampaignChange(ratio=0.5))
