"""Faults of panoramisk that ours cannot have: rows of the AMI notes that no other file covers."""

import copy
import logging
import pickle
import re
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ami_bridge.errors import TranslationError
from ami_bridge.framing import Frame
from ami_bridge.snapshot import Lists
from ami_bridge.switch import AsteriskSwitch
from ami_bridge.translate import translate
from calls import facts as f
from calls.call_table import REMEMBERED_ENDED_CALLS
from calls.floor import Floor
from calls.ids import CallId, ChannelId
from tests.fakes.scripted_asterisk import ScriptedAsterisk, channel, event, scripted_asterisk
from tests.fakes.started_switch import (
    QUICK,
    SECRET,
    address_of,
    eventually,
    hangup,
    started,
    up_again,
)

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
async def asterisk() -> AsyncIterator[ScriptedAsterisk]:
    async with scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as server:
        yield server


class FullDisk:
    """A recorder that fails at its first event."""

    def __init__(self) -> None:
        self.seen: list[Frame] = []

    def __call__(self, at: datetime, frame: Frame) -> None:
        self.seen.append(frame)
        raise OSError(28, "No space left on device")

    def begin(self, at: datetime) -> None: ...

    def snapshot(self, at: datetime, lists: Lists) -> None: ...

    def lost(self, at: datetime, reason: str) -> None: ...


async def test_row_19_a_recorder_that_fails_costs_neither_event_nor_link(
    asterisk: ScriptedAsterisk,
) -> None:
    recorder = FullDisk()
    switch = AsteriskSwitch(address_of(asterisk), timeouts=QUICK, recorder=recorder)
    with capture_logs() as logs:
        await switch.start()
        assert isinstance(await switch.next_fact(), f.SnapshotTaken)
        asterisk.reader.send(hangup("a") + hangup("b"))
        ended = [await switch.next_fact(), await switch.next_fact()]
        generation = switch.health.generation
        await switch.close()

    assert [fact.channel for fact in ended if isinstance(fact, f.ChannelEnded)] == ["a", "b"]
    assert (generation, len(recorder.seen)) == (1, 1)
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == [
        "ami.recorder_failed"
    ]


def test_row_21_a_mistyped_header_is_an_error_never_an_empty_value() -> None:
    frame = Frame(b"Event: Hangup\r\nUniqueid: 1", "Hangup")

    with pytest.raises(TranslationError, match="header Uniqeid is missing"):
        frame.need("Uniqeid")
    assert not hasattr(frame, "Uniqueid")
    assert not hasattr(frame, "uniqeid")


def test_row_21_a_message_can_be_copied_and_pickled() -> None:
    frame = Frame(b"Event: Hangup\r\nUniqueid: 1", "Hangup")
    for same in (copy.copy(frame), copy.deepcopy(frame), pickle.loads(pickle.dumps(frame))):  # noqa: S301 # our own bytes
        assert (same.name, same.text) == (frame.name, frame.text)


def start_and_end(uniqueid: str, at: datetime) -> list[f.Fact]:
    facts = []
    for name in ("Newchannel", "Hangup"):
        headers = channel("PJSIP/carrier-01", uniqueid, 6, Cause=16).items()
        text = "\r\n".join([f"Event: {name}", *(f"{key}: {value}" for key, value in headers)])
        fact = translate(Frame(text.encode(), name), at)
        assert fact is not None
        facts.append(fact)
    return facts


def test_row_24_calls_of_one_second_are_not_merged_and_ended_calls_are_freed() -> None:
    floor = Floor()
    floor.apply(f.SnapshotTaken(NOW, NOW, (), ()))
    ends = []
    for number in range(REMEMBERED_ENDED_CALLS + 500):
        start, end = start_and_end(f"1790000000.{number}", NOW + timedelta(milliseconds=number))
        floor.apply(start)
        ends.append(end)
        if number == 499:
            assert len(floor.calls) == 500
    for end in ends:
        floor.apply(end)

    assert floor.calls == ()
    assert (len(floor._table.presence), len(floor._table.clocks)) == (0, 0)
    assert len(floor._table.ended) == REMEMBERED_ENDED_CALLS
    assert floor.apply(f.ChannelRang(NOW, ChannelId("1790000000.499"))) == []
    assert floor.call(CallId("1790000000.499")) is None


async def test_row_25_no_message_is_formatted_for_the_log_at_any_level(
    asterisk: ScriptedAsterisk, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), capture_logs() as logs:
        async with started(asterisk) as switch:
            caplog.clear()
            logs.clear()
            asterisk.reader.send(event("VarSet", Variable="A") * 500 + hangup("x") * 500)
            for _ in range(500):
                await switch.next_fact()
            said = [*logs, *caplog.records]

    assert said == []


async def test_row_11_the_kernel_watches_the_connection_too(asterisk: ScriptedAsterisk) -> None:
    async with started(asterisk) as switch:
        session = switch._reader.session
        assert session is not None
        assert session._protocol is not None
        sock = session._protocol.transport.get_extra_info("socket")
        options = [
            sock.getsockopt(*option)
            for option in (
                (socket.SOL_SOCKET, socket.SO_KEEPALIVE),
                (socket.IPPROTO_TCP, socket.TCP_KEEPIDLE),
                (socket.IPPROTO_TCP, socket.TCP_KEEPINTVL),
                (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT),
            )
        ]

    assert options == [1, 10, 10, 10_000]


async def test_row_9_a_refused_login_is_told_by_the_health_until_it_is_mended(
    asterisk: ScriptedAsterisk,
) -> None:
    async with started(asterisk) as switch:
        asterisk.refuse_login = "Authentication failed"
        asterisk.actor.drop()
        await eventually(lambda: "refused the login of user 'actor'" in switch.health.problem)
        assert not switch.health.connected
        asterisk.refuse_login = ""
        await up_again(switch, 1)
        assert switch.health.problem == ""


def test_the_table_of_the_docs_names_a_test_that_exists_for_each_of_the_25_rows() -> None:
    tests = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_ami_*.py"))
    table = Path("docs/ami_bridge.md").read_text("utf-8")
    rows = re.findall(r"^\| (\d+) \|.*", table, re.MULTILINE)
    named = re.findall(r"`(test_row_(\d+)_\w*)", table)

    assert [int(row) for row in rows] == list(range(1, 26))
    assert {int(row) for _, row in named} == set(range(1, 26))
    assert [name for name, _ in named if f"def {name}" not in tests] == []
