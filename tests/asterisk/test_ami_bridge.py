"""The bridge on a real Asterisk: what a scripted one cannot prove."""

import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest

from ami_bridge.actions import AmiAction
from ami_bridge.doctor import examine
from ami_bridge.errors import ActionRefused, LoginRefused
from ami_bridge.parameters import AmiAddress
from ami_bridge.session import AmiSession
from ami_bridge.switch import AsteriskSwitch
from calls import facts as f
from calls.commands import EndCall, PauseAgent, PlaceCall, SignInAgent, SignOutAgent
from calls.ids import AgentId, AttemptId, CampaignName, ChannelId, QueueName
from lab.lab import Lab

pytestmark = pytest.mark.asterisk

AGENT, QUEUE, EMPTY = AgentId("agent-1001"), QueueName("callfloor"), QueueName("callfloor-empty")
STAYS_30_SECONDS = "+8613902030000"
BUSY = "+8613940000000"


def address_of(lab: Lab, reader_secret: str | None = None) -> AmiAddress:
    reader, actor = lab.pbx.logins["callfloor-reader"], lab.pbx.logins["callfloor-actor"]
    return AmiAddress(
        host=lab.pbx.ami_host,
        port=lab.pbx.ami_port,
        reader_user=reader.user,
        reader_secret=reader_secret or reader.secret,
        actor_user=actor.user,
        actor_secret=actor.secret,
    )


def a_call(number: str, queue: QueueName = QUEUE, **variables: str) -> PlaceCall:
    return PlaceCall(
        attempt=AttemptId(str(uuid.uuid4())),
        campaign=CampaignName("spring"),
        queue=queue,
        number=number,
        trunk="carrier",
        caller_id="+861012345678",
        ring_seconds=20,
        variables=variables,
    )


@pytest.fixture
async def switch(lab: Lab) -> AsyncIterator[AsteriskSwitch]:
    switch = AsteriskSwitch(address_of(lab))
    await switch.start()
    yield switch
    await switch.send(SignOutAgent(AGENT, QUEUE))
    await switch.close()


async def until(switch: AsteriskSwitch, kind: type[f.Fact], about: str) -> list[f.Fact]:
    """Take the facts up to the first of that kind about a channel, attempt or agent."""
    taken: list[f.Fact] = []
    async for fact in switch.facts():
        taken.append(fact)
        if isinstance(fact, kind) and about in (
            getattr(fact, name, None) for name in ("channel", "attempt", "agent")
        ):
            break
    return taken


async def test_a_talk_from_originate_to_hangup_by_id(switch: AsteriskSwitch) -> None:
    """One id all the way; Hangup finds the channel by it; no value splits into two variables."""
    await switch.send(SignInAgent(AGENT, QUEUE, "Li Lei"))
    await switch.send(SignInAgent(AGENT, QUEUE, "Li Lei"))  # is one already: done
    call = a_call(STAYS_30_SECONDS, LEAD='a,b"(c)\\[d')
    channel = ChannelId(call.attempt)
    await switch.place(call)
    await until(switch, f.BridgeEntered, call.attempt)

    snapshot = await switch.snapshot()
    (customer,) = [seen for seen in snapshot.channels if seen.channel == channel]
    (agent,) = [seen for seen in snapshot.channels if seen.endpoint == AGENT]
    assert (ChannelId(customer.call), customer.endpoint, customer.state) == (channel, "carrier", 6)
    assert (agent.call, agent.bridge) == (customer.call, customer.bridge)
    (member,) = [seen for seen in snapshot.agents if (seen.agent, seen.queue) == (AGENT, QUEUE)]
    assert (member.in_call, member.reachable, member.paused) == (True, True, False)

    session = AmiSession(switch._address, switch._address.actor)
    await session.open()
    asked = AmiAction("GetVar", (("Channel", call.attempt), ("Variable", "LEAD")))
    assert (await session.ask(asked)).get("Value") == 'a,b"(c)\\[d'
    await session.close()

    await switch.send(EndCall(channel))
    ended = (await until(switch, f.ChannelEnded, call.attempt))[-1]
    assert isinstance(ended, f.ChannelEnded)
    assert ended.cause == 16
    await switch.send(EndCall(channel))  # is gone already: done


async def test_busy_is_an_ack_then_an_outcome_and_a_cause(switch: AsteriskSwitch) -> None:
    call = a_call(BUSY)
    await switch.place(call)
    facts = await until(switch, f.ChannelEnded, call.attempt)
    if not any(isinstance(fact, f.OriginateResolved) for fact in facts):
        facts += await until(switch, f.OriginateResolved, call.attempt)

    # The test before may still be hanging up.
    (ended,) = [
        fact
        for fact in facts
        if isinstance(fact, f.ChannelEnded) and fact.channel == ChannelId(call.attempt)
    ]
    (resolved,) = [fact for fact in facts if isinstance(fact, f.OriginateResolved)]
    assert ended.cause == 17
    assert not resolved.succeeded


async def test_the_dialplan_says_that_nobody_was_free(switch: AsteriskSwitch) -> None:
    call = a_call(STAYS_30_SECONDS, queue=EMPTY)
    await switch.place(call)
    (mark,) = [
        fact
        for fact in await until(switch, f.CallMarked, call.attempt)
        if isinstance(fact, f.CallMarked)
    ]
    await switch.send(EndCall(ChannelId(call.attempt)))

    assert (mark.mark, mark.value) == ("abandoned", "timeout")


async def test_pause_and_sign_out_come_back_as_facts(switch: AsteriskSwitch) -> None:
    await switch.send(SignInAgent(AGENT, QUEUE, "李雷"))
    await switch.send(PauseAgent(AGENT, QUEUE, paused=True, reason="午餐"))
    paused = (await until(switch, f.AgentPaused, AGENT))[-1]
    await switch.send(SignOutAgent(AGENT, QUEUE))
    await until(switch, f.AgentSignedOut, AGENT)

    assert isinstance(paused, f.AgentPaused)
    assert (paused.paused, paused.reason) == (True, "午餐")
    with pytest.raises(ActionRefused, match="No such queue"):
        await switch.send(SignInAgent(AGENT, QueueName("no-such-queue"), "Li Lei"))


async def test_a_wrong_secret_is_told_in_one_line(lab: Lab) -> None:
    with pytest.raises(LoginRefused, match="user 'callfloor-reader': Authentication failed"):
        await asyncio.wait_for(AsteriskSwitch(address_of(lab, reader_secret="wrong")).start(), 10)


async def test_the_doctor_finds_the_sample_sound(lab: Lab) -> None:
    findings = await examine(address_of(lab), config_folder=lab.pbx.etc_dir)

    wrong = [finding for finding in findings if not finding.is_ok]
    assert [finding.subject for finding in wrong] == (
        [] if lab.tree.version == "22" else ["version"]
    ), wrong
    looked_at = {finding.subject for finding in findings}
    assert looked_at >= {"clock", "second session", "manager.conf", "cel.conf", "cdr.conf"}
