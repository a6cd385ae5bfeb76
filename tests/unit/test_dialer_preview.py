"""Previews: a lead is leased to one agent, dialled once, and never lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from calls import facts
from calls.campaign import CampaignStatus, PreviewEnd
from calls.commands import PauseAgent, PlaceAskedCall
from calls.ids import AgentId, AttemptId
from calls.preview import Preview
from calls.refusal import Refusal
from tests.fakes.dialer_world import CAMPAIGN, QUEUE, World

AGENT, OTHER = AgentId("agent-0"), AgentId("agent-1")
PREVIEWED = replace(CAMPAIGN, mode="preview", preview_seconds=30, max_skips=2)


async def preview_world(leads: int = 3, agents: int = 1, **changes: object) -> World:
    world = World(leads=leads, agents=agents)
    world.wishes.wanted = [replace(PREVIEWED, **changes)]  # type: ignore[arg-type] # of a test
    world.manual, world.own = world.with_own_calls()
    world.snapshot()
    await world.tick()
    return world


def shown(world: World, agent: AgentId = AGENT) -> Preview:
    (one,) = [one for one in world.asked.shown.values() if one.agent == agent]
    return one


async def decide(world: World, *, dials: bool, preview: AttemptId | None = None) -> object:
    told = await world.own.decide(AGENT, preview or shown(world).preview, dials=dials)
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    return told


async def later(world: World, seconds: float) -> None:
    world.clock.time += timedelta(seconds=seconds)
    await world.tick()


async def test_each_ready_agent_is_shown_another_lead_and_none_is_dialled() -> None:
    world = await preview_world(agents=2)
    await world.tick()
    assert {one.agent for one in world.asked.shown.values()} == {AGENT, OTHER}
    assert len({one.lead for one in world.asked.shown.values()}) == 2
    assert world.switch.placed == []
    assert world.own.withheld() == {AGENT: "preview", OTHER: "preview"}
    assert world.switch.sent == [PauseAgent(one, QUEUE, True, "preview") for one in (AGENT, OTHER)]


async def test_an_agent_dials_what_it_sees_and_the_lease_becomes_the_attempt() -> None:
    world = await preview_world()
    preview = shown(world)

    assert await decide(world, dials=True) == preview.preview

    (placed,) = world.switch.placed
    assert isinstance(placed, PlaceAskedCall)
    assert (placed.attempt, placed.agent) == (preview.preview, AGENT)
    assert world.asked.shown == {}


async def test_what_was_dialled_cannot_be_dialled_again() -> None:
    world = await preview_world()
    preview = shown(world).preview
    await decide(world, dials=True)

    told = await decide(world, dials=True, preview=preview)

    assert isinstance(told, Refusal)
    assert told.rule == "seat/not_shown"
    assert len(world.switch.placed) == 1


async def test_skipping_shows_the_next_lead_within_the_limit() -> None:
    world = await preview_world()
    seen = []
    for _ in range(2):
        seen.append(shown(world).lead)
        assert await decide(world, dials=False) is None
        await world.tick()
    seen.append(shown(world).lead)
    assert len(set(seen)) == 3

    told = await decide(world, dials=False)

    assert isinstance(told, Refusal)
    assert told.rule == "seat/skip_limit"
    await decide(world, dials=True)
    assert world.asked.skipped == {}


async def test_time_returns_the_lead_and_pauses_the_agent_who_is_away() -> None:
    world = await preview_world(leads=1)
    await later(world, 30)
    assert world.asked.shown == {}
    assert world.pauses == [(AGENT, "missed preview")]
    assert world.switch.placed == []


async def test_time_dials_the_lead_where_the_campaign_says_so() -> None:
    world = await preview_world(preview_end=PreviewEnd.DIAL)
    preview = shown(world).preview
    await later(world, 30)
    (placed,) = world.switch.placed
    assert placed.attempt == preview


async def test_a_preview_that_ended_while_we_were_down_is_not_dialled() -> None:
    world = await preview_world(leads=1, preview_end=PreviewEnd.DIAL)
    await later(world, 3600)
    assert world.switch.placed == []


@pytest.mark.parametrize(
    "gone",
    [
        facts.AgentSignedOut(PREVIEWED_AT := World().clock.now(), AGENT, QUEUE),
        facts.AgentPhoneChanged(PREVIEWED_AT, AGENT, QUEUE, False, False),
        facts.AgentPaused(PREVIEWED_AT, AGENT, QUEUE, True, "lunch"),
    ],
)
async def test_the_lead_of_an_agent_who_goes_away_comes_back(gone: facts.Fact) -> None:
    world = await preview_world(leads=1, preview_end=PreviewEnd.DIAL)
    world.live.apply(gone)
    await later(world, 1)
    assert world.asked.shown == {}
    assert all(lead.status in ("ready", "scheduled") for lead in world.attempts.leads.values())
    assert (world.switch.placed, world.pauses) == ([], [])


@pytest.mark.parametrize(
    "change", [{"status": CampaignStatus.PAUSED}, {"mode": "progressive"}, {"mode": "manual"}]
)
async def test_a_mode_switched_while_it_runs_gives_its_leads_back(change: dict[str, str]) -> None:
    world = await preview_world(leads=1)
    lead = shown(world).lead
    world.wishes.wanted = [replace(PREVIEWED, **change)]  # type: ignore[arg-type] # of a test
    await later(world, 1)
    assert world.asked.shown == {}
    assert world.attempts.leads[lead].status != "leased" or world.switch.placed


async def test_a_lead_that_the_law_forbids_meanwhile_is_not_dialled_and_goes_back() -> None:
    world = await preview_world(leads=1)
    world.attempts.do_not_call.add("+8613910000001")

    told = await decide(world, dials=True)

    assert isinstance(told, Refusal)
    assert told.rule == "always-1/do_not_call"
    assert (world.asked.shown, world.switch.placed) == ({}, [])
