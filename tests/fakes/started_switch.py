"""A switch on a scripted Asterisk: short limits, commands, and ways to wait without sleeping."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.switch import AsteriskSwitch
from calls import facts as f
from calls.commands import PlaceCall
from calls.ids import AgentId, AttemptId, CampaignName, QueueName
from tests.fakes.scripted_asterisk import (
    ScriptedAsterisk,
    channel,
    event,
)

SECRET = "do-not-log-me"
QUICK = AmiTimeouts(
    connect=2.0,
    login=2.0,
    action=2.0,
    snapshot=2.0,
    refresh=0.002,
    ping_interval=60.0,
    ping_answer=0.02,
    sweep=0.005,
    backoff_first=0.002,
    backoff_longest=0.01,
    backoff_refused=0.02,
    stable=60.0,
)
IMPATIENT = replace(QUICK, action=0.02)
AGENT, QUEUE = AgentId("agent-1001"), QueueName("sales")


def address_of(asterisk: ScriptedAsterisk, secret: str = SECRET) -> AmiAddress:
    return AmiAddress("127.0.0.1", asterisk.port, "reader", secret, "actor", secret)


def a_call(number: int = 1) -> PlaceCall:
    return PlaceCall(
        attempt=AttemptId(f"attempt-{number}"),
        campaign=CampaignName("spring"),
        queue=QUEUE,
        number="+8613800138000",
        trunk="carrier",
        caller_id="+861012345678",
        ring_seconds=30,
    )


@asynccontextmanager
async def started(
    asterisk: ScriptedAsterisk, timeouts: AmiTimeouts = QUICK, queue_limit: int = 1000
) -> AsyncIterator[AsteriskSwitch]:
    """A switch that is up, its first snapshot already taken from the queue."""
    switch = AsteriskSwitch(address_of(asterisk), timeouts=timeouts, queue_limit=queue_limit)
    await switch.start()
    try:
        assert isinstance(await switch.next_fact(), f.SnapshotTaken)
        yield switch
    finally:
        await switch.close()


async def next_of(switch: AsteriskSwitch, kind: type[f.Fact]) -> list[f.Fact]:
    """Take facts up to and including the first of that kind."""
    taken: list[f.Fact] = []
    async for fact in switch.facts():
        taken.append(fact)
        if isinstance(fact, kind):
            break
    return taken


async def eventually(condition: Callable[[], bool]) -> None:
    """Wait for what nothing announces; the test's timeout is the limit."""
    while not condition():  # noqa: ASYNC110 # there is no event to wait for
        await asyncio.sleep(0.001)


async def up_again(switch: AsteriskSwitch, generation: int) -> None:
    """Wait until both logins are ready; a snapshot tells of the reader only."""
    await eventually(lambda: switch.health.connected and switch.health.generation >= generation)


def hangup(uniqueid: str, cause: int | str = 16) -> bytes:
    return event("Hangup", **channel("PJSIP/carrier-01", uniqueid, 6), Cause=cause)
