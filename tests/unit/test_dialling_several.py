"""Dialling through several Asterisks: each campaign where its trunk is, each Asterisk by itself."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from calls.commands import EndCall, JoinCall
from calls.ids import AgentId, CampaignName, ChannelId, QueueName
from calls.pace_reason import PaceCode
from store.campaigns import Seat
from tests.fakes.clock import ManualClock
from tests.fakes.dialer_world import CAMPAIGN
from tests.fakes.scripted_asterisk import ScriptedAsterisk, channel, event, scripted_asterisk
from tests.fakes.started_switch import QUICK, SECRET, address_of, eventually
from tests.fakes.two_lanes import TwoLanes, running

NORTH = replace(
    CAMPAIGN,
    campaign_id=2,
    name=CampaignName("north"),
    queue=QueueName("north-queue"),
    trunk="carrier-north",
)


class Hall(TwoLanes):
    """Two scripted Asterisks, `main` and `north`, and a lane on each."""

    def __init__(self, main: ScriptedAsterisk, north: ScriptedAsterisk) -> None:
        self.main_script, self.north_script, self.clock = main, north, ManualClock()
        addresses = (address_of(main), address_of(north))
        super().__init__(addresses, (CAMPAIGN, NORTH), self.clock, QUICK)


def dialled(script: ScriptedAsterisk) -> list[str]:
    return [one.get("Channel") for one in script.of("Originate")]


def _script(queue: str, agent: str) -> ScriptedAsterisk:
    member: dict[str, object] = {
        "Queue": queue, "Name": agent, "Location": f"PJSIP/{agent}", "StateInterface":
        f"PJSIP/{agent}", "Status": 1, "Paused": 0, "InCall": 0, "PausedReason": "",
    }  # fmt: skip
    return ScriptedAsterisk(secret=SECRET, members=[member])


@pytest.fixture
async def hall() -> AsyncIterator[Hall]:
    async with (
        scripted_asterisk(_script(CAMPAIGN.queue, "agent-1001")) as main,
        scripted_asterisk(_script(NORTH.queue, "agent-2001")) as north,
    ):
        hall = Hall(main, north)
        async with running(hall.main), running(hall.north):
            yield hall


async def test_each_campaign_is_dialled_where_its_trunk_is(hall: Hall) -> None:
    hall.add_leads(CAMPAIGN, ["+8613910000001"])
    hall.add_leads(NORTH, ["+8613910000501"])
    await hall.tick()
    await eventually(lambda: bool(hall.main_script.of("Originate")))
    await eventually(lambda: bool(hall.north_script.of("Originate")))

    assert dialled(hall.main_script) == ["PJSIP/+8613910000001@carrier"]
    assert dialled(hall.north_script) == ["PJSIP/+8613910000501@carrier-north"]


async def test_a_dead_asterisk_is_not_chosen_and_disturbs_no_other(hall: Hall) -> None:
    hall.add_leads(CAMPAIGN, ["+8613910000001"])
    hall.add_leads(NORTH, ["+8613910000501"])
    await hall.north_script.stop()
    await eventually(lambda: not hall.north.switch.health.connected)
    await eventually(lambda: not hall.north.live.floor.is_known)
    await hall.tick()
    await eventually(lambda: bool(hall.main_script.of("Originate")))

    assert dialled(hall.main_script) == ["PJSIP/+8613910000001@carrier"]
    assert hall.north_script.of("Originate") == []
    assert [planned.campaign for planned in hall.attempts.open.values()] == [CAMPAIGN.name]
    pace = hall.lanes.pace(NORTH.name)
    assert pace is not None
    assert pace.reason.code in (PaceCode.FLOOR_UNKNOWN, PaceCode.NO_LINK)
    assert hall.main.switch.health.generation == 1
    assert hall.main.live.lost_at is None


async def test_what_was_sent_when_one_died_is_settled_by_its_id_and_never_sent_again(
    hall: Hall,
) -> None:
    hall.north_script.silent.add("Originate")
    hall.add_leads(NORTH, ["+8613910000501"])
    await hall.tick()
    await eventually(lambda: bool(hall.north_script.of("Originate")))
    await hall.north_script.stop()
    await eventually(lambda: not hall.north.live.floor.is_known)
    (attempt,) = hall.north.dialer.state.open
    await hall.main.rescuer.look()
    await hall.tick()
    assert set(hall.north.dialer.state.open) == {attempt}, "it may have been dialled"
    assert hall.main.dialer.state.open == {}

    await hall.north_script.start()
    await eventually(lambda: hall.north.switch.health.connected)
    await eventually(lambda: hall.north.live.floor.is_known)
    await hall.tick()
    await hall.clock.sleep(600)
    await hall.north.rescuer.look()

    assert hall.north.dialer.state.open == {}
    assert hall.north.settler.waiting == {attempt}
    assert len(hall.north_script.of("Originate")) == 1
    assert hall.main_script.of("Originate") == []


async def test_an_agent_sits_at_the_asterisk_of_its_queue_only(hall: Hall) -> None:
    hall.wishes.seated = [
        Seat(AgentId("agent-1001"), "Li Lei", CAMPAIGN.queue, None),
        Seat(AgentId("agent-2001"), "Han Meimei", NORTH.queue, None),
        Seat(AgentId("agent-2002"), "Jim", NORTH.queue, None),
        Seat(AgentId("agent-1002"), "Kate", QueueName("reception"), None),
    ]
    for lane in hall.lanes.all:
        await lane.roster.look()

    added = {
        name: [(one.get("Queue"), one.get("Interface")) for one in script.of("QueueAdd")]
        for name, script in (("main", hall.main_script), ("north", hall.north_script))
    }
    assert added == {
        "main": [("reception", "PJSIP/agent-1002")],
        "north": [("north-queue", "PJSIP/agent-2002")],
    }
    assert hall.main_script.of("QueueRemove") == hall.north_script.of("QueueRemove") == []


async def test_supervisors_reach_a_call_and_an_agent_where_they_are(hall: Hall) -> None:
    started = event("Newchannel", **channel("PJSIP/carrier-north-01", "call-9", 0))
    hall.north_script.reader.send(started)
    await eventually(lambda: bool(hall.north.live.floor.calls))
    await hall.lanes.send(EndCall(ChannelId("call-9")))
    join = JoinCall(ChannelId("join-1"), AgentId("sup-1"), AgentId("agent-2001"), "listen")
    await hall.lanes.send(join)

    assert [one.get("Channel") for one in hall.north_script.of("Hangup")] == ["call-9"]
    assert [one.get("ChannelId") for one in hall.north_script.of("Originate")] == ["join-1"]
    assert hall.main_script.of("Hangup") == hall.main_script.of("Originate") == []


async def test_what_is_live_is_known_only_if_every_asterisk_can_say(hall: Hall) -> None:
    hall.main_script.reader.send(event("Newchannel", **channel("PJSIP/carrier-01", "call-1", 0)))
    hall.north_script.reader.send(event("Newchannel", **channel("PJSIP/c-01", "call-2", 0)))
    await eventually(lambda: hall.lanes.live_calls() == frozenset({"call-1", "call-2"}))
    await hall.north_script.stop()
    await eventually(lambda: not hall.north.live.floor.is_known)

    assert hall.lanes.live_calls() is None
    assert hall.lanes.link_lost_at() == hall.north.live.lost_at
