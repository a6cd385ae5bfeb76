"""A real `callfloor serve` with two scripted Asterisks: settings, lanes and Postgres together."""

import asyncio
import json
import urllib.request
from dataclasses import replace

import pytest

from calls.campaign import CampaignStatus
from calls.ids import AgentId, CampaignName, QueueName
from store.campaigns import CampaignStore
from store.database import Database
from tests.fakes.dialer_world import CAMPAIGN
from tests.fakes.scripted_asterisk import ScriptedAsterisk, scripted_asterisk
from tests.integration.test_serve_life import SECRET, environment, last_words, serving

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(60)]

NORTH = replace(
    CAMPAIGN,
    name=CampaignName("north"),
    queue=QueueName("north-queue"),
    trunk="carrier-north",
)


def one_agent(queue: str, agent: str) -> ScriptedAsterisk:
    member: dict[str, object] = {
        "Queue": queue, "Name": agent, "Location": f"PJSIP/{agent}", "StateInterface":
        f"PJSIP/{agent}", "Status": 1, "Paused": 0, "InCall": 0, "PausedReason": "",
    }  # fmt: skip
    return ScriptedAsterisk(secret=SECRET, members=[member])


def north_of(script: ScriptedAsterisk) -> str:
    """The setting that names the second Asterisk and what is dialled there."""
    other = {
        "url": f"ami://127.0.0.1:{script.port}",
        "reader": "reader",
        "reader_secret": SECRET,
        "actor": "actor",
        "actor_secret": SECRET,
        "trunks": [NORTH.trunk],
    }
    return json.dumps({"north": other})


async def fill(database: Database) -> None:
    """Two running campaigns with a lead and a signed-in agent each."""
    store = CampaignStore(database)
    cast = (
        (CAMPAIGN, "+8613910000001", AgentId("agent-1001")),
        (NORTH, "+8613910000501", AgentId("agent-2001")),
    )
    for campaign, number, agent in cast:
        await store.add(campaign)
        await store.set_status(campaign.name, CampaignStatus.RUNNING)
        await database.execute("test_add_lead", campaign.name, number, "Asia/Shanghai")
        await store.add_agent(agent, agent)
        await store.sign_in(agent, campaign.queue)


def readiness(port: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        return str(answer.read(), "utf-8")


async def test_a_service_dials_each_campaign_where_the_settings_say_its_trunk_is(
    database: Database, database_url: str
) -> None:
    await fill(database)
    async with (
        scripted_asterisk(one_agent(CAMPAIGN.queue, "agent-1001")) as main,
        scripted_asterisk(one_agent(NORTH.queue, "agent-2001")) as north,
    ):
        settings = environment(
            main, DATABASE_URL=database_url, AMI_OTHERS=north_of(north), DIALER_DRAIN_SECONDS="0"
        )
        async with serving(settings) as service:
            await main.until(lambda: bool(main.of("Originate")))
            await north.until(lambda: bool(north.of("Originate")))
            told = await asyncio.to_thread(readiness, settings["CALLFLOOR_WEB_PORT"])
            service.terminate()
            assert await last_words(service) == (0, [])

    assert [one.get("Channel") for one in main.of("Originate")] == ["PJSIP/+8613910000001@carrier"]
    assert [one.get("Channel") for one in north.of("Originate")] == [
        "PJSIP/+8613910000501@carrier-north"
    ]
    assert "asterisk north" in told
