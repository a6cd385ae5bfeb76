"""What goes over the link, on a scripted Asterisk: rows of the AMI notes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from ami_bridge.errors import (
    ActionRefused,
    ActionTimedOut,
    ActionUncertain,
    ConnectionLost,
    LinkDown,
    LoginRefused,
    SnapshotIncomplete,
)
from ami_bridge.switch import AsteriskSwitch
from calls import facts as f
from calls.commands import EndCall, PauseAgent, SignInAgent, SignOutAgent
from calls.ids import ChannelId
from tests.fakes.scripted_asterisk import (
    Connection,
    Received,
    ScriptedAsterisk,
    answer,
    event,
    scripted_asterisk,
)
from tests.fakes.started_switch import (
    AGENT,
    IMPATIENT,
    QUEUE,
    QUICK,
    SECRET,
    a_call,
    address_of,
    eventually,
    hangup,
    next_of,
    started,
    up_again,
)


@pytest.fixture
async def asterisk() -> AsyncIterator[ScriptedAsterisk]:
    async with scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as server:
        yield server


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
        with pytest.raises(ActionRefused, match="field caller_id"):
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
