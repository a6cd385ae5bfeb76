"""Callbacks: kept to the second by the agent who promised, or by any; an alarm when missed."""

from dataclasses import replace
from datetime import timedelta

from calls import facts
from calls.commands import PlaceAskedCall
from calls.ids import AgentId, CallId, ChannelId, LeadId
from calls.preview import DueCallback
from tests.fakes.clock import T0
from tests.fakes.dialer_world import CAMPAIGN, QUEUE, World

AGENT, OTHER = AgentId("agent-0"), AgentId("agent-1")
DUE = T0 + timedelta(minutes=5)
PROMISE = DueCallback(1, LeadId(1), CAMPAIGN.name, AGENT, DUE, is_missed=False)


async def callback_world(
    promise: DueCallback = PROMISE, mode: str = "progressive", leads: int = 1
) -> World:
    world = World(leads=leads, agents=2)
    world.wishes.wanted = [replace(CAMPAIGN, mode=mode)]
    world.manual, world.own = world.with_own_calls()
    world.callbacks.add(promise)
    world.snapshot()
    await world.tick()
    return world


async def at(world: World, seconds: float) -> None:
    """Look at this many seconds after the promised time."""
    world.clock.time = DUE + timedelta(seconds=seconds)
    await world.tick()


def placed(world: World) -> list[tuple[str, int]]:
    return [
        (one.agent, world.attempts.planned[one.attempt].lead)
        for one in world.switch.placed
        if isinstance(one, PlaceAskedCall)
    ]


async def test_the_agent_who_promised_calls_when_it_is_due_and_not_before() -> None:
    world = await callback_world()
    await at(world, -0.5)
    assert placed(world) == []
    await at(world, 0)
    assert placed(world) == [(AGENT, 1)]
    await at(world, 1)
    assert len(world.switch.placed) == 1


async def test_nothing_else_comes_to_the_agent_shortly_before() -> None:
    world = await callback_world(leads=3)
    world.switch.placed.clear()
    world.live.floor.seats._agents.pop(OTHER, None)  # only who promised is there
    world.attempts.leads[LeadId(2)].status = world.attempts.leads[LeadId(3)].status = "ready"
    await at(world, -10)
    assert world.own.withheld() == {AGENT: "callback"}
    assert world.switch.placed == []


async def test_the_dialer_leaves_a_promised_lead_to_its_agent() -> None:
    world = await callback_world()
    world.live.apply(facts.AgentPaused(T0, AGENT, QUEUE, True, "lunch"))
    await at(world, 5)
    assert world.switch.placed == []  # the other agent is free, but it is not its promise
    world.live.apply(facts.AgentPaused(T0, AGENT, QUEUE, False, ""))
    await at(world, 6)
    assert placed(world) == [(AGENT, 1)]


async def test_a_promise_of_nobody_in_particular_is_kept_by_who_is_free() -> None:
    world = await callback_world(replace(PROMISE, agent=None))
    world.live.apply(facts.AgentPaused(T0, AGENT, QUEUE, True, "lunch"))
    await at(world, 0)
    assert placed(world) == [(OTHER, 1)]


async def test_a_promise_that_was_not_kept_raises_the_alarm_once_and_stays_open() -> None:
    world = await callback_world()
    world.live.apply(facts.AgentSignedOut(T0, AGENT, QUEUE))
    await at(world, 59)
    assert not world.callbacks.open[LeadId(1)].is_missed
    await at(world, 60)
    assert world.callbacks.open[LeadId(1)].is_missed


async def test_a_missed_promise_holds_its_agent_no_longer() -> None:
    world = await callback_world(replace(PROMISE, is_missed=True))
    world.live.apply(facts.AgentPhoneChanged(T0, AGENT, QUEUE, False, False))
    await at(world, 100)
    assert world.own.withheld() == {}


async def test_in_mode_manual_the_agent_keeps_the_time() -> None:
    world = await callback_world(mode="manual")
    await at(world, 1)
    assert (world.switch.placed, world.own.withheld()) == ([], {})


async def test_in_mode_preview_the_agent_sees_the_lead_first() -> None:
    world = await callback_world(mode="preview")
    await at(world, 0)
    assert [(one.agent, one.lead) for one in world.asked.shown.values()] == [(AGENT, 1)]
    assert world.switch.placed == []


async def test_an_engaged_customer_is_called_again_by_the_same_agent() -> None:
    world = await callback_world()
    await at(world, 0)
    (call,) = world.switch.placed
    channel = ChannelId(call.attempt)
    now = world.clock.now()
    world.live.apply(facts.ChannelStarted(now, channel, CallId(call.attempt), AGENT, ""))
    world.live.apply(facts.ChannelAnswered(now, channel))
    leg = ChannelId("leg")
    world.live.apply(facts.ChannelStarted(now, leg, CallId(call.attempt), "carrier", ""))
    world.live.apply(facts.ChannelEnded(now, leg, 17))
    world.live.apply(facts.ChannelEnded(now, channel, 17))
    await world.settle()
    await at(world, 2)
    again = world.callbacks.open[LeadId(1)]
    assert (again.agent, again.due_at) == (AGENT, now + timedelta(minutes=20))


async def test_what_the_law_forbids_is_not_called_though_it_was_promised() -> None:
    world = await callback_world()
    world.attempts.do_not_call.add("+8613910000001")
    await at(world, 0)
    await at(world, 1)
    assert world.switch.placed == []
