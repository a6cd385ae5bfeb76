"""Calls that agents ask for: refused by what `callfloor why` says, and never twice."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from calls import facts
from calls.agent_state import AgentState
from calls.attempt import PlannedAttempt
from calls.campaign import CampaignStatus, DialOrder
from calls.commands import PauseAgent, PlaceAskedCall
from calls.ids import AgentId, BridgeId, CallId, ChannelId, LeadId
from calls.refusal import Refusal
from calls.switch import LinkDown
from dialer.manual import Ask
from tests.fakes.clock import T0
from tests.fakes.dialer_world import CAMPAIGN, QUEUE, World, plan_of

AGENT, OTHER = AgentId("agent-0"), AgentId("agent-1")
MANUAL = replace(CAMPAIGN, mode="manual")
ASK = Ask(AGENT, CAMPAIGN.name, LeadId(1))


async def manual_world(leads: int = 3, agents: int = 2) -> World:
    world = World(leads=leads, agents=agents)
    world.wishes.wanted = [MANUAL]
    world.manual, world.own = world.with_own_calls()
    world.snapshot()
    await world.tick()
    return world


async def dial(world: World, ask: Ask = ASK) -> PlannedAttempt | Refusal:
    told = await world.manual.dial(ask)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return told


async def dialled(world: World, ask: Ask = ASK) -> PlannedAttempt:
    told = await dial(world, ask)
    assert isinstance(told, PlannedAttempt), told
    return told


async def refused(world: World, ask: Ask = ASK) -> Refusal:
    told = await dial(world, ask)
    assert isinstance(told, Refusal), told
    assert [one for one in world.switch.placed if isinstance(one, PlaceAskedCall)] == []
    assert world.attempts.open == {}
    return told


def start(world: World, planned: PlannedAttempt, endpoint: str, channel: str) -> None:
    now = world.clock.now()
    world.live.apply(
        facts.ChannelStarted(now, ChannelId(channel), CallId(planned.attempt), endpoint, "")
    )


def answer(world: World, channel: str) -> None:
    world.live.apply(facts.ChannelAnswered(world.clock.now(), ChannelId(channel)))


def join(world: World, *channels: str) -> None:
    for channel in channels:
        world.live.apply(facts.BridgeEntered(world.clock.now(), ChannelId(channel), BridgeId("b")))


def end(world: World, *channels: str, cause: int = 16) -> None:
    for channel in channels:
        world.live.apply(facts.ChannelEnded(world.clock.now(), ChannelId(channel), cause))


def seat_state(world: World) -> AgentState:
    seat = world.live.floor.seats.get(AGENT)
    assert seat is not None
    return seat.state


async def test_a_manual_campaign_dials_nothing_by_itself() -> None:
    world = await manual_world()
    assert world.switch.placed == []


@pytest.mark.parametrize("order", list(DialOrder))
async def test_the_intent_is_saved_before_the_call_is_placed_in_the_order_asked_for(
    order: DialOrder,
) -> None:
    world = await manual_world()

    planned = await dialled(world, replace(ASK, order=order))

    (placed,) = world.switch.placed
    assert isinstance(placed, PlaceAskedCall)
    assert (placed.attempt, placed.agent, placed.order) == (planned.attempt, AGENT, order)
    assert world.attempts.open[planned.attempt].asked_by == AGENT


async def test_the_queue_leaves_the_agent_alone_before_anything_is_dialled() -> None:
    world = await manual_world()

    await dialled(world)

    assert world.switch.sent == [PauseAgent(AGENT, QUEUE, True, "dialling")]
    assert world.own.withheld() == {AGENT: "dialling"}


async def test_an_agent_has_one_call_of_its_own_asking_at_a_time() -> None:
    world = await manual_world()
    await dialled(world)

    told = await dial(world, replace(ASK, lead=LeadId(2)))

    assert isinstance(told, Refusal)
    assert told.rule == "seat/own_call"
    assert len(world.switch.placed) == 1


async def test_two_agents_who_ask_for_one_lead_at_once_get_one_call() -> None:
    world = await manual_world()

    told = await asyncio.gather(dial(world), dial(world, replace(ASK, agent=OTHER)))

    assert len(world.switch.placed) == 1
    assert [one.rule for one in told if isinstance(one, Refusal)] == ["list/being_called"]


@pytest.mark.parametrize(
    ("prepare", "rule"),
    [
        (lambda world: world.attempts.do_not_call.add("+8613910000001"), "always-1/do_not_call"),
        (lambda world: setattr(world.attempts.leads[1], "time_zone", ""), "always-1/time_zone"),
        (lambda world: setattr(world.attempts.leads[1], "tries", 2), "always-1/max_tries"),
    ],
)
async def test_what_the_law_forbids_is_refused_with_its_rule_in_both_languages(
    prepare: object, rule: str
) -> None:
    world = await manual_world()
    assert callable(prepare)
    prepare(world)

    told = await refused(world)

    assert told.rule == rule
    assert told.text("zh") != told.text("en")


async def test_a_lead_that_is_not_due_is_refused_until_it_is() -> None:
    world = await manual_world()
    due = T0 + timedelta(hours=2)
    world.attempts.leads[LeadId(1)].status = "scheduled"
    world.attempts.leads[LeadId(1)].next_attempt_at = due

    told = await refused(world)

    assert (told.rule, told.until) == ("list/not_due", due)


async def test_a_campaign_that_does_not_run_is_refused() -> None:
    world = await manual_world()
    world.wishes.wanted = [replace(MANUAL, status=CampaignStatus.PAUSED)]
    await world.tick()
    assert (await refused(world)).rule == "campaign/paused"


@pytest.mark.parametrize(
    ("fact", "rule"),
    [
        (facts.AgentPhoneChanged(T0, AGENT, QUEUE, False, False), "seat/unreachable"),
        (facts.AgentPhoneChanged(T0, AGENT, QUEUE, True, True), "seat/busy"),
        (facts.AgentSignedOut(T0, AGENT, QUEUE), "seat/not_signed_in"),
        (facts.LinkLost(T0, "gone"), "seat/floor_unknown"),
    ],
)
async def test_an_agent_who_is_not_free_is_told_why(fact: facts.Fact, rule: str) -> None:
    world = await manual_world()
    world.live.apply(fact)
    assert (await refused(world)).rule == rule


async def test_an_agent_whom_the_queue_cannot_leave_alone_gets_no_call() -> None:
    world = await manual_world()
    world.switch.error = LinkDown("away")
    assert (await refused(world)).rule == "seat/no_link"
    assert world.own.withheld() == {}


async def test_a_call_of_the_agents_own_asking_takes_no_other_agent_from_the_dialer() -> None:
    world = await manual_world(leads=5, agents=2)
    world.wishes.wanted = [replace(CAMPAIGN, mode="progressive")]
    await dialled(world)

    await world.tick()

    assert len(world.switch.placed) == 2  # the asked one, and one line for the other agent


async def test_agent_first_the_seat_talks_from_the_bridge_and_wraps_up_after_it() -> None:
    world = await manual_world()
    planned = await dialled(world)
    start(world, planned, AGENT, planned.attempt)
    answer(world, planned.attempt)
    assert seat_state(world) is not AgentState.TALKING
    start(world, planned, "carrier", "leg")
    answer(world, "leg")
    join(world, "leg", planned.attempt)
    assert seat_state(world) is AgentState.TALKING
    call, bridge = CallId(planned.attempt), BridgeId("b")
    seen = [(planned.attempt, str(AGENT)), ("leg", "carrier")]
    world.snapshot(
        *(facts.ChannelSeen(ChannelId(one), call, who, "", 6, bridge, 1) for one, who in seen)
    )
    assert seat_state(world) is AgentState.TALKING  # the queue knows nothing of this call
    world.clock.time += timedelta(seconds=7)
    end(world, planned.attempt, "leg")
    assert seat_state(world) is AgentState.WRAP_UP
    await world.settle()
    (settled,) = world.attempts.settled
    assert (settled.result, settled.agent) == ("answered", AGENT)
    assert settled.talk == timedelta(seconds=7)
    assert world.own.withheld() == {}


async def test_an_own_phone_that_is_not_answered_costs_the_lead_nothing() -> None:
    world = await manual_world()
    planned = await dialled(world)
    start(world, planned, AGENT, planned.attempt)
    end(world, planned.attempt, cause=19)

    await world.settle()

    (settled,) = world.attempts.settled
    assert settled.by == "never_sent"
    assert world.attempts.leads[LeadId(1)].tries == 0
    assert isinstance(await dial(world), PlannedAttempt)


async def test_an_agent_who_takes_the_own_phone_and_leaves_has_called_nobody() -> None:
    world = await manual_world()
    planned = await dialled(world)
    start(world, planned, AGENT, planned.attempt)
    answer(world, planned.attempt)
    end(world, planned.attempt)

    await world.settle()

    assert world.attempts.settled[0].by == "never_sent"


async def test_customer_first_an_engaged_line_uses_up_a_try() -> None:
    world = await manual_world()
    planned = await dialled(world, replace(ASK, order=DialOrder.CUSTOMER_FIRST))
    start(world, planned, "carrier", planned.attempt)
    end(world, planned.attempt, cause=17)

    await world.settle()

    assert world.attempts.settled[0].result == "busy"
    assert world.attempts.leads[LeadId(1)].tries == 1


async def test_after_our_own_restart_the_agent_is_still_withheld_until_the_call_ends() -> None:
    before = await manual_world()
    planned = await dialled(before)
    world = World(leads=0, agents=2)
    world.wishes.wanted = [MANUAL]
    world.attempts = before.attempts
    world.dialer._attempts = before.attempts
    world.manual, world.own = world.with_own_calls()
    world.snapshot()

    await world.tick()

    assert world.own.withheld() == {AGENT: "dialling"}
    assert world.switch.placed == []
    assert world.live.floor.call(CallId(planned.attempt)) is not None


async def test_an_asked_call_that_a_crash_kept_from_being_sent_frees_lead_and_agent() -> None:
    world = World(leads=0, agents=2)
    world.wishes.wanted = [MANUAL]
    world.manual, world.own = world.with_own_calls()
    world.attempts.adopt(replace(plan_of(1), asked_by=AGENT))
    world.snapshot()
    await world.tick()
    assert world.own.withheld() == {AGENT: "dialling"}

    world.clock.time += timedelta(seconds=120)
    await world.rescuer.look()
    await world.settle()

    assert world.own.withheld() == {}
    assert world.attempts.leads[LeadId(1)].tries == 0
    assert (world.attempts.settled[0].by, world.switch.placed) == ("never_sent", [])
