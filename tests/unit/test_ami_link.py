"""The link comes up, breaks and comes back, on a scripted Asterisk: rows of the AMI notes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from ami_bridge.errors import (
    AsteriskUnreachable,
    LinkDown,
    LoginRefused,
)
from ami_bridge.link import backoff_seconds
from ami_bridge.parameters import AmiTimeouts
from ami_bridge.switch import AsteriskSwitch
from calls import facts as f
from calls.commands import EndCall
from calls.ids import ChannelId
from tests.fakes.scripted_asterisk import (
    Connection,
    Received,
    ScriptedAsterisk,
    answer,
    channel,
    event,
    scripted_asterisk,
)
from tests.fakes.started_switch import (
    QUICK,
    SECRET,
    a_call,
    address_of,
    hangup,
    started,
    up_again,
)


@pytest.fixture
async def asterisk() -> AsyncIterator[ScriptedAsterisk]:
    async with scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as server:
        yield server


# --- start ---


async def test_start_logs_in_twice_and_begins_with_a_snapshot(asterisk: ScriptedAsterisk) -> None:
    asterisk.channels.append(channel("PJSIP/carrier-01", "u-1", 6))
    asterisk.members.append(
        {"Queue": "sales", "Name": "Li", "Location": "PJSIP/agent-1001", "Paused": 0, "Status": 1}
    )
    switch = AsteriskSwitch(address_of(asterisk), timeouts=QUICK)
    await switch.start()
    snapshot = await switch.next_fact()

    assert isinstance(snapshot, f.SnapshotTaken)
    assert [seen.channel for seen in snapshot.channels] == ["u-1"]
    assert [seen.agent for seen in snapshot.agents] == ["agent-1001"]
    assert asterisk.reader.events == "system,call,agent,user"
    assert asterisk.actor.events == "off"
    health = switch.health
    assert (health.connected, health.generation, health.reconnects) == (True, 1, 0)
    assert health.last_snapshot_at == snapshot.at
    await switch.close()
    assert not switch.health.connected
    assert await switch.next_fact() is None


async def test_events_during_the_snapshot_follow_it(asterisk: ScriptedAsterisk) -> None:
    def late_list(connection: Connection, received: Received) -> None:
        connection.send(event("Newstate", **channel("PJSIP/carrier-01", "early", 6)))
        asterisk._on_coreshowchannels(connection, received)

    asterisk.handlers["CoreShowChannels"] = late_list
    async with started(asterisk) as switch:
        fact = await switch.next_fact()

    assert isinstance(fact, f.ChannelAnswered)
    assert fact.channel == "early"


async def test_row_7_nothing_waits_for_fully_booted(asterisk: ScriptedAsterisk) -> None:
    """A reader without the system class never hears FullyBooted; the link is ready all the same."""

    def login(connection: Connection, received: Received) -> None:
        connection.user = received.get("Username")
        connection.send(answer(received, text="Authentication accepted"))

    asterisk.handlers["Login"] = login
    async with started(asterisk) as switch:
        await switch.place(a_call())

    assert len(asterisk.of("Originate")) == 1


async def test_row_9_a_refused_login_is_told_at_once(asterisk: ScriptedAsterisk) -> None:
    switch = AsteriskSwitch(address_of(asterisk, secret="wrong"), timeouts=QUICK)

    with pytest.raises(LoginRefused, match="refused the login of user 'reader': Authentication"):
        await switch.start()
    logins = len(asterisk.of("Login"))
    await asyncio.sleep(2 * QUICK.backoff_refused)
    assert len(asterisk.of("Login")) == logins  # start() closed what it could not start


async def test_row_9_a_login_refused_later_waits_long_and_is_loud(
    asterisk: ScriptedAsterisk,
) -> None:
    slow = replace(QUICK, backoff_refused=60.0)
    with capture_logs() as logs:
        async with started(asterisk, slow):
            asterisk.refuse_login = "Authentication failed"
            before = len(asterisk.of("Login"))
            asterisk.reader.drop()
            await asterisk.until(lambda: len(asterisk.of("Login")) > before)
            await asyncio.sleep(0.03)

    assert len(asterisk.of("Login")) == before + 1
    refused = [entry for entry in logs if entry["event"] == "ami.login_refused"]
    assert [entry["log_level"] for entry in refused] == ["error"]


async def test_row_10_nobody_there_is_told_with_the_address(asterisk: ScriptedAsterisk) -> None:
    await asterisk.stop()
    switch = AsteriskSwitch(address_of(asterisk), timeouts=QUICK)

    with pytest.raises(AsteriskUnreachable, match=f"no Asterisk at 127.0.0.1:{asterisk.port}"):
        await switch.start()


@pytest.mark.parametrize("banner", ["SSH-2.0-OpenSSH_9.2", ""])
async def test_row_10_what_is_no_asterisk_is_told_in_time(banner: str) -> None:
    async with scripted_asterisk(ScriptedAsterisk(banner=banner)) as server:
        limits = replace(QUICK, connect=0.05)
        switch = AsteriskSwitch(address_of(server), timeouts=limits)
        with pytest.raises(AsteriskUnreachable):
            await switch.start()


async def test_row_10_a_login_without_answer_ends(asterisk: ScriptedAsterisk) -> None:
    asterisk.silent.add("Login")
    switch = AsteriskSwitch(address_of(asterisk), timeouts=replace(QUICK, login=0.02))

    with pytest.raises(AsteriskUnreachable, match="no answer to the login"):
        await switch.start()


# --- loss and return ---


async def test_a_lost_reader_is_told_then_followed_by_a_snapshot(
    asterisk: ScriptedAsterisk,
) -> None:
    async with started(asterisk) as switch:
        asterisk.reader.send(hangup("before"))
        asterisk.startup_time = "09:30:00"
        assert isinstance(await switch.next_fact(), f.ChannelEnded)
        asterisk.reader.drop()
        lost, snapshot = await switch.next_fact(), await switch.next_fact()
        await up_again(switch, 2)
        health = switch.health

    assert isinstance(lost, f.LinkLost)
    assert isinstance(snapshot, f.SnapshotTaken)
    assert snapshot.asterisk_started_at.hour == 9
    assert (health.generation, health.reconnects) == (2, 1)


async def test_no_call_is_placed_blind(asterisk: ScriptedAsterisk) -> None:
    async with started(asterisk) as switch:
        asterisk.silent.add("CoreStatus")  # the reader comes back, but not its snapshot
        asterisk.reader.drop()
        assert isinstance(await switch.next_fact(), f.LinkLost)
        with pytest.raises(LinkDown, match="the event link is not ready"):
            await switch.place(a_call())
        await switch.send(EndCall(ChannelId("u-1")))  # ending a call needs no events

    assert not asterisk.of("Originate")


async def test_row_11_unanswered_pings_drop_the_link(asterisk: ScriptedAsterisk) -> None:
    """A half-open peer takes bytes and never answers."""
    asterisk.silent.add("Ping")
    limits = replace(QUICK, ping_interval=0.01, ping_answer=0.01)
    async with started(asterisk, limits) as switch:
        lost = await switch.next_fact()
        asterisk.silent.clear()
        snapshot = await switch.next_fact()

    assert isinstance(lost, f.LinkLost)
    assert lost.reason == "2 pings unanswered"
    assert isinstance(snapshot, f.SnapshotTaken)


async def test_row_11_answered_pings_hold_the_link(asterisk: ScriptedAsterisk) -> None:
    async with started(asterisk, replace(QUICK, ping_interval=0.005, ping_answer=1.0)) as switch:
        await asterisk.until(lambda: len(asterisk.of("Ping")) >= 10)
        assert switch.health.generation == 1
        assert switch.health.connected


async def test_row_12_close_cancels_a_waiting_reconnect(asterisk: ScriptedAsterisk) -> None:
    slow = replace(QUICK, backoff_first=0.03, backoff_longest=0.03)
    async with started(asterisk, slow) as switch:
        await asterisk.stop()
        assert isinstance(await switch.next_fact(), f.LinkLost)
        await switch.close()
        await switch.close()
        connections = len(asterisk.connections)
        await asterisk.start()
        await asyncio.sleep(0.08)

    assert len(asterisk.connections) == connections


async def test_shutdown_is_a_lost_link_before_the_socket_says_so(
    asterisk: ScriptedAsterisk,
) -> None:
    async with started(asterisk) as switch:
        asterisk.reader.send(event("Shutdown", Shutdown="Cleanly", Restart="False") + hangup("x"))
        lost, snapshot = await switch.next_fact(), await switch.next_fact()

    assert isinstance(lost, f.LinkLost)
    assert lost.reason == "Asterisk is shutting down"
    assert isinstance(snapshot, f.SnapshotTaken)


async def test_booting_that_ends_after_the_snapshot_asks_for_another(
    asterisk: ScriptedAsterisk,
) -> None:
    async with started(asterisk) as switch:
        asterisk.reader.send(event("FullyBooted", Status="Fully Booted"))
        lost, snapshot = await switch.next_fact(), await switch.next_fact()

    assert isinstance(lost, f.LinkLost)
    assert isinstance(snapshot, f.SnapshotTaken)


async def test_a_message_beyond_all_bounds_drops_the_link(asterisk: ScriptedAsterisk) -> None:
    async with started(asterisk) as switch:
        asterisk.reader.send(b"Event: Hangup\r\nX: " + b"x" * (17 << 20))
        lost = await switch.next_fact()

    assert isinstance(lost, f.LinkLost)
    assert "more than 16777216 bytes" in lost.reason


def test_backoff_grows_with_full_jitter_up_to_its_limit() -> None:
    limits = AmiTimeouts()
    longest = [backoff_seconds(n, limits, lambda low, high: high) for n in range(9)]

    assert longest == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0]
    assert backoff_seconds(10_000, limits, lambda low, high: low) == 0.0
