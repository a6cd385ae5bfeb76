"""Two real Asterisks in one process: the restart of one is seen there, and nowhere else."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress

import pytest

from ami_bridge.switch import AsteriskSwitch
from calls.call_state import CallState
from calls.commands import EndCall
from calls.ids import CallId, ChannelId
from calls.live import CallChanged, Change, LiveCall
from cli.asterisks import WatchedAsterisk
from lab.lab import Lab
from tests.asterisk.conftest import LabShelf, empty_floor
from tests.asterisk.test_ami_bridge import a_call, address_of
from tests.fakes.started_switch import eventually

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
