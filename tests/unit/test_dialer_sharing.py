"""Campaigns share agents by priority; no agent is counted twice."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from calls import facts
from calls.campaign import Campaign
from calls.ids import AgentId, CallId, CampaignName, ChannelId, QueueName
from calls.pace_reason import PaceCode
from dialer.sharing import dialling_order, fair_share
from tests.fakes.clock import T0
from tests.fakes.dialer_world import CAMPAIGN, QUEUE, World, plan_of


def named(name: str, priority: int = 0, **more: Any) -> Campaign:
    return replace(CAMPAIGN, name=CampaignName(name), priority=priority, **more)


def world_of(*campaigns: Campaign, agents: int, leads: int = 9) -> World:
    world = World(leads=0, agents=agents)
    world.wishes.wanted = list(campaigns)
    for index, campaign in enumerate(campaigns):
        for n in range(leads):
            number = f"+8613910{index:03d}{n:03d}"
            world.attempts.add_lead(campaign.name, number, "Asia/Shanghai")
    world.snapshot()
    return world


def placed(world: World) -> dict[str, int]:
    counts: dict[str, int] = {}
    for command in world.switch.placed:
        counts[command.campaign] = counts.get(command.campaign, 0) + 1
    return counts


async def test_the_higher_priority_gets_the_agents() -> None:
    world = world_of(named("low", 0), named("high", 5), agents=3)

    await world.tick()

    assert placed(world) == {"high": 3}
    assert world.dialer.state.paces[CampaignName("low")].reason.code is PaceCode.OTHERS_FIRST


async def test_what_the_higher_one_cannot_use_goes_to_the_lower() -> None:
    world = world_of(named("low", 0), named("high", 5, max_lines=1), agents=3)

    await world.tick()

    assert placed(world) == {"high": 1, "low": 2}


async def test_equals_share_equally_and_take_turns_with_the_odd_one() -> None:
    world = world_of(named("a"), named("b"), agents=4)

    await world.tick()

    assert placed(world) == {"a": 2, "b": 2}


async def test_lines_on_the_way_keep_their_agents_from_a_campaign_that_starts_later() -> None:
    low, high = named("low", 0), named("high", 5)
    world = world_of(low, agents=2)
    await world.tick()
    assert placed(world) == {"low": 2}

    world.wishes.wanted = [low, high]
    for n in range(5):
        world.attempts.add_lead(high.name, f"+8613920000{n:03d}", "Asia/Shanghai")
    await world.tick()

    assert placed(world) == {"low": 2}


async def test_an_agent_of_two_queues_is_dialled_for_once() -> None:
    other = QueueName("other")
    world = world_of(named("a"), named("b", queue=other), agents=1)
    world.live.apply(facts.AgentSignedIn(T0, AgentId("agent-0"), other, "", False, ""))

    await world.tick()
    await world.tick()

    assert sum(placed(world).values()) == 1


async def test_a_caller_from_outside_takes_an_agent_at_the_next_tick() -> None:
    world = world_of(named("a"), agents=2)
    caller = ChannelId("in-1")
    world.live.apply(facts.ChannelStarted(T0, caller, CallId(caller), "carrier", "1"))
    world.live.apply(facts.CallQueued(T0, caller, QUEUE))

    await world.tick()

    assert placed(world) == {"a": 1}


@pytest.mark.parametrize("leaving", ["paused", "signed_out", "phone"])
async def test_an_agent_who_leaves_lowers_the_pace_at_the_next_tick(leaving: str) -> None:
    world = world_of(named("a"), agents=2)
    agent = AgentId("agent-0")
    told = {
        "paused": facts.AgentPaused(T0, agent, QUEUE, paused=True, reason="lunch"),
        "signed_out": facts.AgentSignedOut(T0, agent, QUEUE),
        "phone": facts.AgentPhoneChanged(T0, agent, QUEUE, reachable=True, busy=True),
    }
    world.live.apply(told[leaving])

    await world.tick()

    assert placed(world) == {"a": 1}


def test_equals_go_round() -> None:
    campaigns = [named("a"), named("b"), named("c", 1)]

    orders = [[c.name for c in dialling_order(campaigns, turn)] for turn in (0, 1, 2)]

    assert orders == [["c", "a", "b"], ["c", "b", "a"], ["c", "a", "b"]]


@pytest.mark.parametrize(
    ("available", "held", "rivals", "share"),
    [(4, 0, 1, 2), (3, 0, 1, 2), (3, 3, 1, 3), (0, 2, 0, 0)],
)
def test_a_share_is_fair_and_keeps_what_is_on_the_way(
    available: int, held: int, rivals: int, share: int
) -> None:
    assert fair_share(available, held, rivals) == share


async def test_a_switch_of_mode_holds_from_the_next_tick() -> None:
    world = world_of(named("a", mode="manual"), agents=2)
    await world.tick()
    assert placed(world) == {}

    world.wishes.wanted = [named("a", mode="progressive")]
    world.clock.time += timedelta(seconds=0.5)
    await world.tick()

    assert placed(world) == {"a": 2}


async def test_a_line_that_a_dead_service_planned_and_never_sent_holds_up_no_agent() -> None:
    world = world_of(named("demo"), agents=1)
    world.attempts.adopt(plan_of(99))
    await world.tick()
    assert placed(world) == {}, "it may show its channel any moment"

    world.clock.time += timedelta(seconds=5.5)
    await world.tick()

    assert placed(world) == {"demo": 1}
