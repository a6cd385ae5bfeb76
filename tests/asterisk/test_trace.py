"""A trace of a real Asterisk makes the floor that was live; masked, it tells of nobody."""

import asyncio
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from ami_bridge.masking import masker
from ami_bridge.switch import AsteriskSwitch
from ami_bridge.trace import TraceRecorder, replay
from calls.call_state import CallState
from calls.commands import SignInAgent, SignOutAgent
from calls.floor import Floor
from cli.trace import follow, settle
from lab.lab import Lab
from tests.asterisk.test_ami_bridge import AGENT, QUEUE, STAYS_30_SECONDS, a_call, address_of

pytestmark = pytest.mark.asterisk
TALK_SECONDS = 10.0


async def until_talking(floor: Floor) -> None:
    async with asyncio.timeout(TALK_SECONDS):
        # The floor is a value, nobody says when it changes
        while not any(c.state is CallState.TALKING for c in floor.calls):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def record(lab: Lab, recorder: TraceRecorder) -> Floor:
    """The live floor in the middle of a talk, at the moment when the trace ends."""
    switch, floor = AsteriskSwitch(address_of(lab), recorder=recorder), Floor()
    await switch.start()
    follower = asyncio.create_task(follow(switch, floor))
    await switch.send(SignInAgent(AGENT, QUEUE, "Li Lei"))
    await switch.place(a_call(STAYS_30_SECONDS))
    await until_talking(floor)
    await settle(switch, recorder)
    follower.cancel()
    await switch.send(SignOutAgent(AGENT, QUEUE))
    await switch.close()
    return floor


def replayed(path: Path) -> Floor:
    floor = Floor()
    for fact in replay(path):
        floor.apply(fact)
    return floor


async def test_replay_makes_the_floor_that_was_live(lab: Lab, tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with closing(TraceRecorder(path)) as recorder:
        live = await record(lab, recorder)
    again = replayed(path)

    assert len(live.calls) == len(live.agents) == 1
    assert (again.calls, again.agents, again.is_known) == (live.calls, live.agents, True)


async def test_a_masked_trace_makes_the_same_floor_and_names_nobody(
    lab: Lab, tmp_path: Path
) -> None:
    path = tmp_path / "trace.jsonl"
    with closing(TraceRecorder(path, masker(b"k" * 32))) as recorder:
        live = await record(lab, recorder)
    text, (call,), (seat,) = path.read_text(), replayed(path).calls, replayed(path).agents

    assert "13902030000" not in text
    assert "861012345678" not in text
    assert "Li Lei" not in text
    assert (call.call, call.state, call.agent, call.answered_at) == (
        live.calls[0].call,
        live.calls[0].state,
        live.calls[0].agent,
        live.calls[0].answered_at,
    )
    assert (seat.agent, seat.state, seat.call) == (AGENT, live.agents[0].state, call.call)


def test_the_command_records_and_replays(lab: Lab, tmp_path: Path) -> None:
    address, path = address_of(lab), tmp_path / "trace.jsonl"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")} | {
        "CALLFLOOR_AMI_URL": f"ami://{address.host}:{address.port}",
        "CALLFLOOR_AMI_READER_SECRET": address.reader_secret,
        "CALLFLOOR_AMI_ACTOR_SECRET": address.actor_secret,
    }

    def callfloor(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "cli.main", "trace", *arguments],
            capture_output=True,
            text=True,
            check=True,
            env=environment,
        )
        return done.stdout

    assert "masked" in callfloor("record", str(path), "--seconds", "1")
    told = json.loads(callfloor("replay", str(path), "--format", "json"))
    assert told["known"]
    assert [fact["fact"] for fact in told["facts"]] == ["SnapshotTaken"]
    assert path.stat().st_mode & 0o077 == 0
