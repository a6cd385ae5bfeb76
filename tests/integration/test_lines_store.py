"""Lines and outlooks of real records: caller IDs by day, trunks, leads that came to their end."""

from datetime import UTC, datetime, timedelta
from types import MappingProxyType

import pytest

from calls.abandonment import AbandonmentCount
from calls.campaign import CampaignStatus
from calls.ids import AgentId, QueueName
from cli.campaign_outlook import Outlooks
from dialer.calling_profiles import read_profiles
from store.campaigns import CampaignStore, UnknownAgent
from store.database import Database
from store.lines import CallerIdSum, LineStore, TrunkSum
from tests.integration.test_dialing import open_desk

pytestmark = pytest.mark.postgres
SHOWN = "+862110000001"


async def recorded(database: Database, now: datetime) -> int:
    """Record a call of today, a failed one, and one of three days ago; return a lead."""
    await open_desk(database, 1)
    lead: int = await database.fetch_value("test_any_lead")
    for call, days, result in [
        ("today", 0.0, "answered"),
        ("failed", 0.0, "system_error"),
        ("before", 3.0, "answered"),
    ]:
        answered = now - timedelta(days=days)
        await database.execute("test_add_call", call, "spring", answered, None, True, None, result)
        await database.execute("test_call_went_by", call, "carrier", SHOWN, lead)
    calls = ["today", "failed", "before"]
    since, until = now - timedelta(days=9), now + timedelta(days=1)
    await database.execute("add_to_sums", calls, since, until, 1)
    return lead


async def test_lines_are_summed_by_campaign_without_our_own_failures(database: Database) -> None:
    now = datetime.now(UTC)
    await recorded(database, now)
    store = LineStore(database)
    (line,) = await store.caller_ids(now.date())
    assert line in (
        CallerIdSum("spring", SHOWN, 1, 1, 1, 1),
        CallerIdSum("spring", SHOWN, 2, 2, 0, 0),  # the sums' zone is a day ahead just now
    )
    assert await store.trunks(now - timedelta(hours=1)) == [TrunkSum("spring", "carrier", 2, 1)]
    assert await store.trunks(now + timedelta(hours=1)) == []


async def test_an_outlook_has_the_laws_window_its_cap_and_the_lists_end(
    database: Database,
) -> None:
    lead = await recorded(database, datetime.now(UTC))
    await database.execute("test_end_lead", lead)
    store = CampaignStore(database)
    await store.set_status("spring", CampaignStatus.RUNNING)
    campaign = await store.campaign("spring")

    packs = read_profiles(None)
    (outlook,) = (await Outlooks(database, packs).of([campaign], {campaign.name: 5})).values()
    assert outlook.abandonment == AbandonmentCount(3, 3)
    assert outlook.cap == min(campaign.max_abandonment, packs["standard-1"].max_abandonment)
    assert outlook.finish_at is not None
    assert timedelta(hours=4) < outlook.finish_at - datetime.now(UTC) < timedelta(hours=6)
    assert await Outlooks(database, MappingProxyType({})).of([campaign], {}) == {}


async def test_who_is_moved_keeps_the_pause(database: Database) -> None:
    store, agent = CampaignStore(database), AgentId("agent-1001")
    with pytest.raises(UnknownAgent, match="not signed in"):
        await store.move(agent, QueueName("other"))
    await store.add_agent(agent, "Li Wei")
    await store.sign_in(agent, QueueName("callfloor"))
    await store.pause(agent, "wrap-up")
    await store.move(agent, QueueName("other"))
    [seat] = await store.seats()
    assert (seat.queue, seat.pause_reason) == ("other", "wrap-up")
