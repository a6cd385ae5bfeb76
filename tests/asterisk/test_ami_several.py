"""Two real Asterisks in one process: each dials its own, and the restart of one is its own."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

import pytest

from ami_bridge.switch import AsteriskSwitch
from calls.call_state import CallState
from calls.commands import EndCall
from calls.ids import AgentId, CallId, CampaignName, ChannelId, QueueName
from calls.live import CallChanged, Change, LiveCall
from cli.asterisks import WatchedAsterisk
from cli.clock import SystemClock
from cli.lanes import Lane
from lab.lab import Lab
from store.campaigns import Seat
from tests.asterisk.conftest import LabShelf, empty_floor
from tests.asterisk.test_ami_bridge import a_call, address_of
from tests.fakes.dialer_world import CAMPAIGN
from tests.fakes.started_switch import eventually
from tests.fakes.two_lanes import TwoLanes, running

pytestmark = pytest.mark.asterisk

RINGS_ON = "+8613931000000"


@pytest.fixture
def labs(lab_shelf: LabShelf) -> Iterator[tuple[Lab, Lab]]:
    pair = lab_shelf.take("22"), lab_shelf.take("16")
    yield pair
    for lab in pair:
        empty_floor(lab)


async def test_the_restart_of_one_asterisk_disturbs_no_other(labs: tuple[Lab, Lab]) -> None:
    watched = [
        WatchedAsterisk(lab.tree.version, AsteriskSwitch(address_of(lab), name=lab.tree.version))
        for lab in labs
    ]
    north, south = watched
    ended: list[LiveCall] = []

    def note_ends(change: Change) -> None:
        if isinstance(change, CallChanged) and change.call.state is CallState.ENDED:
            ended.append(change.call)

    for one in watched:
        one.live.listen(note_ends)
    running = [asyncio.create_task(one.run()) for one in watched]
    await eventually(lambda: all(one.health().ok for one in watched))
    calls = [a_call(RINGS_ON) for _ in watched]
    for one, call in zip(watched, calls, strict=True):
        await one.switch.place(call)
    ids = [CallId(call.attempt) for call in calls]
    await eventually(
        lambda: all(one.live.floor.call(i) for one, i in zip(watched, ids, strict=True))
    )

    labs[1].pbx.restart()  # from this thread: Asterisk dies with the one that started it
    await eventually(lambda: south.switch.health.generation == 2 and south.health().ok)

    assert [call.call for call in ended] == [ids[1]]
    assert south.live.lost_because == "Asterisk is shutting down"
    assert south.live.floor.calls == ()
    assert (north.switch.health.generation, north.health().ok) == (1, True)
    assert north.live.floor.call(ids[0]) is not None
    assert north.live.lost_at is None
    await north.switch.send(EndCall(ChannelId(ids[0])))
    for task in running:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


SOUTH_QUEUE = QueueName("callfloor-empty")
SOUTH = replace(
    CAMPAIGN, campaign_id=2, name=CampaignName("south"), queue=SOUTH_QUEUE, trunk="carrier-south"
)
SECOND_TRUNK = """
[carrier-south]
type = endpoint
transport = transport-udp
context = from-carrier
aors = carrier
disallow = all
allow = alaw,ulaw
set_var = CHANNEL(hangup_handler_push)=carrier-result,s,1
"""


@contextmanager
def second_trunk(lab: Lab) -> Iterator[None]:
    """Give the lab's PBX one more trunk to its carrier."""
    path = lab.pbx.etc_dir / "pjsip.conf"
    before = path.read_text(encoding="utf-8")
    path.write_text(before + SECOND_TRUNK, encoding="utf-8")
    lab.pbx.console("module reload res_pjsip.so")
    yield
    path.write_text(before, encoding="utf-8")
    if lab.pbx.pid is not None:
        lab.pbx.console("module reload res_pjsip.so")


def _rings(lane: Lane) -> bool:
    return any(call.state is CallState.RINGING for call in lane.live.floor.calls)


async def test_each_campaign_is_dialled_through_its_own_asterisk(labs: tuple[Lab, Lab]) -> None:
    addresses = address_of(labs[0]), address_of(labs[1])
    two = TwoLanes(addresses, (CAMPAIGN, SOUTH), SystemClock())
    two.wishes.seated = [
        Seat(AgentId("agent-1001"), "Li Lei", CAMPAIGN.queue, None),
        Seat(AgentId("agent-1002"), "Han Meimei", SOUTH_QUEUE, None),
    ]
    two.add_leads(CAMPAIGN, [RINGS_ON])
    two.add_leads(SOUTH, [RINGS_ON[:-1] + "1"])
    with second_trunk(labs[1]):
        async with running(two.main), running(two.north):
            for lane in two.lanes.all:
                await lane.roster.look()
            await eventually(lambda: two.main.live.floor.ready_agents(CAMPAIGN.queue) == 1)
            await eventually(lambda: two.north.live.floor.ready_agents(SOUTH_QUEUE) == 1)
            await two.tick()
            await eventually(lambda: all(_rings(lane) for lane in two.lanes.all))
            numbers = [[call.number for call in one.live.floor.calls] for one in two.lanes.all]
            assert numbers == [[RINGS_ON], [RINGS_ON[:-1] + "1"]]

            labs[1].pbx.restart()
            await eventually(lambda: two.north.switch.health.generation == 2)
            await eventually(lambda: two.north.live.floor.is_known)
            assert two.north.live.floor.calls == ()
            assert [call.number for call in two.main.live.floor.calls] == [RINGS_ON]
            assert two.main.switch.health.generation == 1
            (attempt,) = two.main.dialer.state.open
            await two.lanes.send(EndCall(ChannelId(attempt)))
            await eventually(lambda: two.main.live.floor.calls == ())
            assert two.main.dialer.state.open == {}
            assert len(two.main.settler.waiting) == 1
