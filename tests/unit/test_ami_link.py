"""The link against a scripted Asterisk: the bad days, each a row of the notes on panoramisk."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from ami_bridge.errors import (
    ActionRefused,
    ActionTimedOut,
    ActionUncertain,
    AsteriskUnreachable,
    ConnectionLost,
    LinkDown,
    LoginRefused,
    SnapshotIncomplete,
)
from ami_bridge.link import backoff_seconds
from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.switch import AsteriskSwitch
from calls import facts as f
from calls.commands import EndCall, PauseAgent, PlaceCall, SignInAgent, SignOutAgent
from calls.ids import AgentId, AttemptId, CampaignName, ChannelId, QueueName
from tests.fakes.scripted_asterisk import (
    Connection,
    Received,
    ScriptedAsterisk,
    answer,
    channel,
    event,
    scripted_asterisk,
)

SECRET = "do-not-log-me"
QUICK = AmiTimeouts(
    connect=2.0,
    login=2.0,
    action=2.0,
    snapshot=2.0,
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


@pytest.fixture
async def asterisk() -> AsyncIterator[ScriptedAsterisk]:
    async with scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as server:
        yield server


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


# --- reading ---


async def test_row_3_one_bad_event_costs_only_itself(asterisk: ScriptedAsterisk) -> None:
    with capture_logs() as logs:
        async with started(asterisk) as switch:
            asterisk.reader.send(hangup("a") + hangup("b", "many") + hangup("c"))
            ended = [await switch.next_fact(), await switch.next_fact()]
            health = switch.health

    assert [fact.channel for fact in ended if isinstance(fact, f.ChannelEnded)] == ["a", "c"]
    assert (health.connected, health.generation, health.bad_events) == (True, 1, 1)
    assert [e["problem"] for e in logs if e["event"] == "ami.event_not_understood"] == [
        "Hangup: header Cause is no number: 'many'"
    ]


async def test_row_3_an_error_of_our_own_does_not_close_the_connection(
    asterisk: ScriptedAsterisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(frame: object, now: object) -> None:
        raise ZeroDivisionError

    async with started(asterisk) as switch:
        with monkeypatch.context() as patch, capture_logs() as logs:
            patch.setattr("ami_bridge.feed.translate", broken)
            asterisk.reader.send(hangup("a"))
            await eventually(lambda: bool(logs))
        asterisk.reader.send(hangup("b"))
        fact = await switch.next_fact()

    assert [entry["event"] for entry in logs] == ["ami.handler_failed"]
    assert isinstance(fact, f.ChannelEnded)
    assert fact.channel == "b"


async def test_row_4_facts_keep_the_order_of_many_events_in_one_chunk(
    asterisk: ScriptedAsterisk,
) -> None:
    tasks_before = len(asyncio.all_tasks())
    async with started(asterisk) as switch:
        asterisk.reader.send(b"".join(hangup(str(number)) for number in range(500)))
        taken = [await switch.next_fact() for _ in range(500)]
        tasks = len(asyncio.all_tasks())

    assert [fact.channel for fact in taken if isinstance(fact, f.ChannelEnded)] == [
        str(number) for number in range(500)
    ]
    assert tasks - tasks_before < 10  # no task per event


async def test_row_4_a_full_queue_is_a_lost_link_never_a_silent_drop(
    asterisk: ScriptedAsterisk,
) -> None:
    async with started(asterisk, queue_limit=10) as switch:
        asterisk.reader.send(b"".join(hangup(str(number)) for number in range(50)))
        before = await next_of(switch, f.LinkLost)
        after = await next_of(switch, f.SnapshotTaken)
        await up_again(switch, 2)
        asterisk.reader.send(hangup("new"))
        fresh = await switch.next_fact()

    lost = before.pop()
    assert isinstance(lost, f.LinkLost)
    assert lost.reason == "the fact queue is full"
    assert [fact.channel for fact in before if isinstance(fact, f.ChannelEnded)] == [
        str(number) for number in range(10)
    ]
    assert len(after) == 1
    assert isinstance(fresh, f.ChannelEnded)
    assert fresh.channel == "new"


async def test_row_16_originate_resolves_at_the_ack_and_its_response_is_a_fact(
    asterisk: ScriptedAsterisk,
) -> None:
    async with started(asterisk) as switch:
        await switch.place(a_call())
        asterisk.reader.send(
            event("OriginateResponse", ActionID="attempt-1", Response="Failure", Reason=5)
        )
        fact = await switch.next_fact()

    assert isinstance(fact, f.OriginateResolved)
    assert (fact.attempt, fact.succeeded, fact.reason) == ("attempt-1", False, 5)


# --- acting ---


async def test_row_5_an_originate_is_never_sent_again(asterisk: ScriptedAsterisk) -> None:
    asterisk.silent.add("Originate")
    async with started(asterisk) as switch:
        placing = asyncio.create_task(switch.place(a_call()))
        await asterisk.until(lambda: len(asterisk.of("Originate")) == 1)
        asterisk.actor.drop()
        with pytest.raises(ConnectionLost) as caught:
            await placing
        await asterisk.until(lambda: len(asterisk.of("Login")) == 3)
        await up_again(switch, 1)
        await switch.send(EndCall(ChannelId("u-1")))  # the new connection works

    assert caught.value.maybe_executed
    assert len(asterisk.of("Originate")) == 1


async def test_row_6_a_half_answered_list_ends_with_the_link(asterisk: ScriptedAsterisk) -> None:
    def half(connection: Connection, received: Received) -> None:
        connection.send(answer(received, EventList="start", text="Channels will follow"))
        connection.drop()

    async with started(asterisk) as switch:
        asterisk.handlers["CoreShowChannels"] = half
        with pytest.raises(ConnectionLost):
            await switch.snapshot()
        asterisk.handlers.clear()


async def test_row_8_timed_out_actions_leave_nothing_behind(asterisk: ScriptedAsterisk) -> None:
    late: list[bytes] = []
    asterisk.handlers["Originate"] = lambda _, received: late.append(answer(received))
    async with started(asterisk, IMPATIENT) as switch:
        results = await asyncio.gather(
            *(switch.place(a_call(number)) for number in range(100)), return_exceptions=True
        )
        left = switch.health.pending_actions
        asterisk.actor.send(b"".join(late))
        await switch.send(SignOutAgent(AGENT, QUEUE))  # answered after all the late ones

        assert {type(result) for result in results} == {ActionTimedOut}
        assert all(isinstance(r, ActionUncertain) and r.maybe_executed for r in results)
        assert (left, switch.health.pending_actions, switch.health.connected) == (0, 0, True)


async def test_row_8_a_caller_that_gives_up_leaves_nothing_behind(
    asterisk: ScriptedAsterisk,
) -> None:
    asterisk.silent.add("Originate")
    async with started(asterisk) as switch:
        placing = asyncio.create_task(switch.place(a_call()))
        await asterisk.until(lambda: len(asterisk.of("Originate")) == 1)
        placing.cancel()
        await asyncio.wait({placing})
        assert switch.health.pending_actions == 0


async def test_row_14_queue_add_completes_and_repetitions_count_as_done(
    asterisk: ScriptedAsterisk,
) -> None:
    def refuse(text: str) -> None:
        for action in ("QueueAdd", "QueueRemove", "QueuePause", "Hangup"):
            asterisk.handlers[action] = lambda connection, received: connection.send(
                answer(received, "Error", text)
            )

    async with started(asterisk) as switch:
        await switch.send(SignInAgent(AGENT, QUEUE, "Li Lei"))
        refuse("Unable to add interface: Already there")
        await switch.send(SignInAgent(AGENT, QUEUE, "Li Lei"))
        refuse("Unable to remove interface: Not there")
        await switch.send(SignOutAgent(AGENT, QUEUE))
        refuse("No such channel")
        await switch.send(EndCall(ChannelId("u-1")))
        refuse("Interface not found")
        with pytest.raises(ActionRefused, match="QueuePause: Interface not found") as caught:
            await switch.send(PauseAgent(AGENT, QUEUE, paused=True))

    assert not caught.value.maybe_executed


async def test_row_15_a_refused_list_completes(asterisk: ScriptedAsterisk) -> None:
    async with started(asterisk) as switch:
        asterisk.handlers["QueueStatus"] = lambda connection, received: connection.send(
            answer(received, "Error", "Invalid/unknown command: QueueStatus")
        )
        with pytest.raises(ActionRefused, match="QueueStatus: Invalid/unknown command"):
            await switch.snapshot()


async def test_a_list_that_lacks_items_is_no_snapshot(asterisk: ScriptedAsterisk) -> None:
    def short(connection: Connection, received: Received) -> None:
        action_id = received.get("ActionID")
        connection.send(answer(received, EventList="start"))
        connection.send(
            f"Event: CoreShowChannelsComplete\r\nActionID: {action_id}\r\n"
            "EventList: Complete\r\nListItems: 3\r\n\r\n".encode()
        )

    async with started(asterisk) as switch:
        asterisk.handlers["CoreShowChannels"] = short
        with pytest.raises(SnapshotIncomplete, match="3 items announced, 0 seen"):
            await switch.snapshot()


async def test_row_17_a_value_that_breaks_out_never_reaches_asterisk(
    asterisk: ScriptedAsterisk,
) -> None:
    evil = replace(a_call(), caller_id="1\r\n\r\nAction: Command\r\nCommand: core stop now")
    async with started(asterisk) as switch:
        with pytest.raises(ActionRefused, match="field CallerID"):
            await switch.place(evil)
        await switch.place(a_call())

    assert not asterisk.of("Command")
    assert len(asterisk.of("Originate")) == 1


async def test_row_18_secrets_are_never_logged_or_shown(asterisk: ScriptedAsterisk) -> None:
    address = address_of(asterisk)
    with capture_logs() as logs:
        async with started(asterisk):
            asterisk.actor.drop()
            await asterisk.until(lambda: len(asterisk.of("Login")) == 3)
        with pytest.raises(LoginRefused) as caught:
            await AsteriskSwitch(address_of(asterisk, secret="xyzzy"), timeouts=QUICK).start()

    shown = f"{logs} {address!r} {address.reader!r} {caught.value!r} {caught.value.__cause__!r}"
    assert SECRET not in shown
    assert "xyzzy" not in shown


async def test_row_23_nothing_is_sent_or_kept_while_the_link_is_down(
    asterisk: ScriptedAsterisk,
) -> None:
    switch = AsteriskSwitch(address_of(asterisk), timeouts=QUICK)
    with pytest.raises(LinkDown):
        await switch.place(a_call())
    with pytest.raises(LinkDown) as caught:
        await switch.send(EndCall(ChannelId("u-1")))
    await switch.start()
    await switch.close()

    assert not caught.value.maybe_executed
    assert not asterisk.of("Originate")
    assert not asterisk.of("Hangup")


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
