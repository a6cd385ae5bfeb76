"""Several Asterisks in one process: each its own link, floor and health."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from ami_bridge.switch import AsteriskSwitch
from calls.ids import CallId
from cli.asterisks import LinkCollector, WatchedAsterisk
from tests.fakes.scripted_asterisk import ScriptedAsterisk, channel, event, scripted_asterisk
from tests.fakes.started_switch import QUICK, SECRET, address_of, eventually, hangup

Pair = tuple[ScriptedAsterisk, WatchedAsterisk]


@asynccontextmanager
async def watched(name: str, script: ScriptedAsterisk) -> AsyncIterator[WatchedAsterisk]:
    one = WatchedAsterisk(name, AsteriskSwitch(address_of(script), name=name, timeouts=QUICK))
    task = asyncio.create_task(one.run())
    yield one
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def pair() -> AsyncIterator[tuple[Pair, Pair]]:
    async with (
        scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as north,
        scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as south,
        watched("north", north) as north_watched,
        watched("south", south) as south_watched,
    ):
        yield (north, north_watched), (south, south_watched)


async def test_each_has_its_own_floor(pair: tuple[Pair, Pair]) -> None:
    (north_script, north), (_, south) = pair
    await eventually(lambda: north.health().ok and south.health().ok)
    north_script.reader.send(event("Newchannel", **channel("PJSIP/carrier-01", "u-1", 0)))
    await eventually(lambda: bool(north.live.floor.calls))

    assert [call.call for call in north.live.floor.calls] == [CallId("u-1")]
    assert south.live.floor.calls == ()


async def test_one_that_dies_disturbs_no_other(pair: tuple[Pair, Pair]) -> None:
    (north_script, north), (south_script, south) = pair
    await eventually(lambda: north.health().ok and south.health().ok)
    south_script.reader.send(event("Newchannel", **channel("PJSIP/carrier-01", "u-2", 0)))
    await eventually(lambda: bool(south.live.floor.calls))
    await north_script.stop()
    await eventually(lambda: "no Asterisk at" in north.health().detail)
    assert not north.live.floor.is_known
    south_script.reader.send(hangup("u-2"))
    await eventually(lambda: not south.live.floor.calls)

    assert (north.health().ok, south.health().ok) == (False, True)
    assert "no Asterisk at 127.0.0.1" in north.health().detail
    assert south.switch.health.generation == 1
    await north_script.start()
    await eventually(lambda: north.health().ok)


async def test_one_that_is_not_there_at_the_start_is_tried_again() -> None:
    script = ScriptedAsterisk(secret=SECRET)
    await script.start()
    await script.stop()
    async with watched("late", script) as late:
        await eventually(lambda: late.switch._reader._first.done())
        assert not late.health().ok
        await script.start()
        await eventually(lambda: late.health().ok)
    await script.stop()


async def test_the_figures_name_each_asterisk(pair: tuple[Pair, Pair]) -> None:
    (north_script, north), (_, south) = pair
    await eventually(lambda: north.health().ok and south.health().ok)
    north_script.reader.send(event("VarSet", Variable="A") * 3 + hangup("a", "many"))
    await eventually(lambda: north.switch.health.bad_events == 1)
    registry = CollectorRegistry()
    registry.register(LinkCollector({"north": north.switch, "south": south.switch}))
    lines = generate_latest(registry).decode().splitlines()

    def value(sample: str) -> float:
        return float(next(line for line in lines if line.startswith(sample)).rpartition(" ")[2])

    assert value('callfloor_ami_up{asterisk="north"}') == 1
    assert value('callfloor_ami_bad_events_total{asterisk="north"}') == 1
    assert value('callfloor_ami_bad_events_total{asterisk="south"}') == 0
    assert value('callfloor_ami_events_total{asterisk="north",wanted="no"}') == 3
    assert value('callfloor_ami_reconnects_total{asterisk="north"}') == 0
    assert value('callfloor_ami_pending_actions{asterisk="north"}') == 0
    assert value('callfloor_ami_queue_depth{asterisk="north"}') == 0
    assert 0 <= value('callfloor_ami_snapshot_age_seconds{asterisk="south"}') < 60
    assert 'callfloor_ami_lag_seconds{asterisk="north"} 0.0' in lines


async def test_the_lag_is_asterisks_timestamp_against_our_clock(pair: tuple[Pair, Pair]) -> None:
    (script, north), _ = pair
    await eventually(lambda: north.health().ok)
    late = north.switch._clock().timestamp() - 5
    end = event("Hangup", Timestamp=f"{late:.6f}", Cause=16, **channel("PJSIP/c-1", "u-1", 6))
    script.reader.send(end)
    await eventually(lambda: north.switch.health.lag_seconds > 0)

    assert 5 <= north.switch.health.lag_seconds < 30
