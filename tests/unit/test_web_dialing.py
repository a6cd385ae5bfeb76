"""Calls that agents ask for, from the page: only one's own, masked, refused in both languages."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from calls import facts
from calls.commands import EndCall
from calls.ids import AgentId, AttemptId, BridgeId, CallId, CampaignName, ChannelId
from calls.refusal import Refusal
from store.callbacks import OpenCallback
from store.desk import LeadCard, ShownLead
from store.organisations import Owners
from tests.fakes.web_services import QUEUE, Ports, get_json, now, post_json, served, sign_in

AGENT = AgentId("agent-1001")
CALL = "0b7c1c1e-5d5e-4f8e-9a53-3a6b1f6d2c11"
NUMBER = "+8613912341234"
UNTIL = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
CARD = LeadCard(
    CALL, 7, "spring", NUMBER, "华东五金", "陈经理", "", "", "浙江", "", "", "", "", "", 1, ()
)


def seated() -> Ports:
    ports = Ports()
    ports.floor.know()
    ports.floor.sign_in(AGENT, "Li Wei")
    return ports


def rings(ports: Ports, agent: AgentId = AGENT) -> None:
    """Let a call that the agent asked for be on its way."""
    call = ChannelId(CALL)
    ports.desk.cards[CALL] = CARD
    ports.floor.apply(
        facts.AttemptPlanned(
            now(), AttemptId(CALL), CampaignName("spring"), QUEUE, NUMBER, asked_by=agent
        ),
        facts.ChannelStarted(now(), call, CallId(CALL), "carrier", ""),
        facts.ChannelRang(now(), call),
    )


def promise(agent: str | None, missed_at: datetime | None = None) -> OpenCallback:
    return OpenCallback(
        1, 7, "spring", agent, UNTIL, missed_at, "", "华东五金", "陈经理", NUMBER, "Asia/Shanghai"
    )


async def dial(http: ClientSession, status: int = 200, **body: object) -> Any:
    return await post_json(http, "/api/v1/desk/dial", {"campaign": "spring", **body}, status)


async def test_an_agent_dials_a_lead_or_a_number() -> None:
    ports = seated()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        assert await dial(http, lead=7) == {"call": "call-1", "refusal": None}
        await dial(http, number="139 1234 1234", order="customer_first")
    assert ports.dialing.asked == [
        ("lead", AGENT, "spring", 7, None),
        ("number", AGENT, "spring", "139 1234 1234", "customer_first"),
    ]


async def test_a_refusal_names_rule_and_until_when_in_both_languages() -> None:
    ports = seated()
    ports.dialing.told = Refusal("cn-1/hours", "08:30 is outside 09:00-21:00", UNTIL)
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        told = (await dial(http, lead=7))["refusal"]
    assert told["rule"] == "cn-1/hours"
    assert datetime.fromisoformat(told["until"]) == UNTIL
    assert "outside" in told["reason"]
    assert told["reason_zh"] == "不在可呼时段"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"lead": 7, "number": "139"}, 400),
        ({"lead": 0}, 400),
        ({"number": "alice"}, 400),
        ({"number": "139", "order": "nobody_first"}, 400),
        ({"lead": 7, "campaign": "not-mine"}, 404),
    ],
)
async def test_what_cannot_be_dialled_never_reaches_the_dialer(
    body: dict[str, object], status: int
) -> None:
    ports = seated()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        await dial(http, status, **body)
    assert ports.dialing.asked == []


async def test_the_desk_shows_the_call_on_its_way_and_its_lead_with_the_number_masked() -> None:
    ports = seated()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        rings(ports)
        desk = await get_json(http, "/api/v1/desk")
    assert desk["dialing"]["call"]["state"] == "ringing"
    assert desk["lead"]["contact"] == "陈经理"
    assert NUMBER not in str(desk)


async def test_the_desk_shows_the_lead_to_decide_on_with_the_number_masked() -> None:
    ports = seated()
    later = UNTIL + timedelta(minutes=1)
    ports.dialing.looks_at = ShownLead(CALL, CARD, UNTIL, later, True, 2, None, "")
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        shown = (await get_json(http, "/api/v1/desk/dialing"))["preview"]
        await post_json(http, "/api/v1/desk/preview", {"preview": CALL, "act": "skip"})
    assert (shown["lead"]["number"], shown["skips_left"]) == ("+86139****1234", 2)
    assert ports.dialing.asked == [("decide", AGENT, CALL, False)]


async def test_an_agent_ends_its_own_call_only() -> None:
    ports = seated()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        await post_json(http, "/api/v1/desk/hang-up", {}, 404)
        rings(ports, AgentId("agent-1002"))
        await post_json(http, "/api/v1/desk/hang-up", {}, 404)
        assert ports.switch.sent == []
        ports.floor.apply(facts.ChannelEnded(now(), ChannelId(CALL), 17))


async def test_ending_an_own_call_is_saved_before_it_is_done() -> None:
    ports = seated()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        rings(ports)
        await post_json(http, "/api/v1/desk/hang-up", {})
    assert ports.dialing.asked == [("cancel", CALL)]
    assert ports.switch.sent == [EndCall(ChannelId(CALL))]


async def test_my_callbacks_are_mine_with_the_number_masked() -> None:
    ports = seated()
    ports.dialing.promises = [promise(AGENT), promise("agent-1002")]
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        (mine,) = (await get_json(http, "/api/v1/desk/callbacks"))["callbacks"]
    assert mine["agent"] == AGENT
    assert mine["number"] == "+86139****1234"


async def test_a_leader_sees_missed_callbacks_and_hands_them_on() -> None:
    ports = seated()
    ports.owners.now = Owners(agents={"agent-1002": "main"})
    ports.dialing.promises = [promise(AGENT, missed_at=UNTIL), promise(None)]
    async with served(ports.services) as http:
        await sign_in(http, "leader")
        (missed,) = (await get_json(http, "/api/v1/callbacks?missed=true"))["callbacks"]
        body = {"of": AGENT, "to": "agent-1002"}
        done = await post_json(http, "/api/v1/callbacks/assign", body)
        await post_json(http, "/api/v1/callbacks/assign", {"of": AGENT, "to": AGENT}, 400)
        await post_json(http, "/api/v1/callbacks/assign", {"of": AGENT, "to": "agent-9"}, 400)
    assert missed["is_missed"]
    assert done == {"assigned": 1}
    assert ports.dialing.asked == [("assign", [], AGENT, "agent-1002", None)]


def talks(ports: Ports) -> None:
    """Let the agent talk in the call that it asked for."""
    rings(ports)
    call, leg = ChannelId(CALL), ChannelId("leg")
    ports.floor.apply(
        facts.ChannelAnswered(now(), call),
        facts.ChannelStarted(now(), leg, CallId(CALL), AGENT, ""),
        facts.BridgeEntered(now(), call, BridgeId("b")),
        facts.BridgeEntered(now(), leg, BridgeId("b")),
    )


@pytest.mark.parametrize("reason", ["dialling", "preview", "callback"])
async def test_a_talk_of_the_own_asking_is_wrapped_up_like_any(reason: str) -> None:
    ports = seated()
    ports.floor.apply(facts.AgentPaused(now(), AGENT, QUEUE, True, reason))
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talks(ports)
        desk = await get_json(http, "/api/v1/desk")
        assert desk["to_wrap_up"] == CALL
        assert ("pause", AGENT, "wrap-up") in ports.seats.asked
        await dial(http, 409, lead=8)


async def test_who_was_on_a_break_goes_back_to_it_after_the_own_call() -> None:
    ports = seated()
    ports.floor.apply(facts.AgentPaused(now(), AGENT, QUEUE, True, "lunch"))
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talks(ports)
        await get_json(http, "/api/v1/desk")
        ports.floor.apply(facts.ChannelEnded(now(), ChannelId(CALL), 16))
        await get_json(http, "/api/v1/desk")
        body = {"call": CALL, "disposition": "interested"}
        await post_json(http, "/api/v1/desk/wrap-up", body)
    assert ports.seats.asked[-1] == ("pause", AGENT, "lunch")


async def test_no_time_is_agreed_at_which_the_law_forbids_the_call() -> None:
    ports = seated()
    ports.dialing.is_lawful = False
    ports.desk.agents[CALL] = AGENT
    ports.desk.cards[CALL] = replace(CARD, time_zone="Asia/Shanghai")
    at = (now() + timedelta(days=1)).isoformat()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        body = {"call": CALL, "disposition": "callback", "callback_at": at}
        told = await post_json(http, "/api/v1/desk/wrap-up", body, 400)
    assert "calling hours" in told["message"]
    assert ports.desk.saved == []
