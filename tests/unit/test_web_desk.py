"""The desk: no call before the result of the last is said, and nothing of other agents'."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from aiohttp import ClientSession

from calls import facts
from calls.call_state import CallState
from calls.commands import EndCall, JoinCall
from calls.ids import AgentId, BridgeId, CallId, ChannelId
from calls.switch import LinkDown
from store.desk import LeadCard
from store.organisations import Owners
from store.phones import Phone
from tests.fakes.web_services import (
    HEADERS,
    QUEUE,
    Ports,
    get_json,
    now,
    post_json,
    served,
    sign_in,
)

AGENT = AgentId("agent-1001")
CALL = "0b7c1c1e-5d5e-4f8e-9a53-3a6b1f6d2c11"
NUMBER = "+8613912341234"
CARD = LeadCard(
    CALL, 7, "spring", NUMBER, "华东五金", "陈经理", "", "", "浙江", "", "", "", "", "", 1, ()
)
DIALOG = {"call_id": "abc@host", "to_tag": "one", "from_tag": "two"}


def talk(ports: Ports) -> None:
    """Let the agent be signed in and talk."""
    ports.desk.cards[CALL] = CARD
    ports.floor.know()
    ports.floor.sign_in(AGENT, "Li Wei")
    ports.floor.plan(CALL, NUMBER, "spring")
    channel, leg = ChannelId(CALL), ChannelId("leg")
    ports.floor.apply(
        facts.ChannelAnswered(now(), channel),
        facts.AgentOffered(now(), AGENT, channel, QUEUE),
        facts.ChannelStarted(now(), leg, CallId(CALL), AGENT, ""),
        facts.AgentConnected(now(), AGENT, channel, QUEUE),
        facts.BridgeEntered(now(), channel, BridgeId("b")),
        facts.BridgeEntered(now(), leg, BridgeId("b")),
    )


def hang_up(ports: Ports) -> None:
    """Let the customer hang up."""
    ports.floor.apply(facts.ChannelEnded(now(), ChannelId(CALL), 16))


async def wait_until(http: ClientSession, **wanted: Any) -> Any:
    """Look at the desk until it is as wanted."""
    async with asyncio.timeout(5):
        while True:
            desk = await get_json(http, "/api/v1/desk")
            if all(desk[name] == value for name, value in wanted.items()):
                return desk


async def test_the_desk_shows_who_is_on_the_line_with_the_number_masked() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talk(ports)
        desk = await wait_until(http, to_wrap_up=CALL)
    assert desk["lead"]["contact"] == "陈经理"
    assert desk["lead"]["number"] == desk["call"]["number"] == "+86139****1234"
    assert NUMBER not in str(desk)


async def test_a_talk_pauses_the_seat_until_its_result_is_said() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talk(ports)
        await wait_until(http, to_wrap_up=CALL)
        assert ("pause", AGENT, "wrap-up") in ports.seats.asked
        await post_json(
            http, "/api/v1/desk/wrap-up", {"call": CALL, "disposition": "interested"}, 409
        )
        hang_up(ports)
        await wait_until(http, call=None)
        await post_json(http, "/api/v1/desk/ready", {}, 409)
        await post_json(http, "/api/v1/desk/wrap-up", {"call": CALL, "disposition": "sold"})
        assert ports.desk.saved[-1].disposition == "sold"
        assert ports.seats.asked[-1] == ("pause", AGENT, None)
        await post_json(http, "/api/v1/desk/ready", {})
        last: tuple[str, str, str | None] = ports.seats.asked[-1]
        assert last == ("sign_in", AGENT, "callfloor")


async def test_a_pause_asked_for_during_a_call_comes_after_its_result() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talk(ports)
        await wait_until(http, to_wrap_up=CALL)
        await post_json(http, "/api/v1/desk/pause", {"reason": "lunch"})
        hang_up(ports)
        await wait_until(http, call=None)
        await post_json(http, "/api/v1/desk/wrap-up", {"call": CALL, "disposition": "other"})
        assert ports.seats.asked[-1] == ("pause", AGENT, "lunch")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"call": "another-call", "disposition": "sold"}, 404),
        ({"call": CALL, "disposition": "great"}, 400),
        ({"call": CALL, "disposition": "callback"}, 400),
        ({"call": CALL, "disposition": "callback", "callback_at": "2020-01-01T00:00:00Z"}, 400),
        ({"call": CALL, "disposition": "callback", "callback_at": "2036-01-01T00:00:00"}, 400),
        ({"call": CALL}, 400),
    ],
)
async def test_a_result_that_cannot_be_is_refused_and_nothing_saved(
    body: dict[str, str], status: int
) -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talk(ports)
        hang_up(ports)
        await get_json(http, "/api/v1/desk")
        ports.desk.agents[CALL] = AGENT
        await post_json(http, "/api/v1/desk/wrap-up", body, status)
    assert ports.desk.saved == []


async def test_who_handed_the_call_over_says_its_result_while_the_customer_talks_on() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talk(ports)
        await wait_until(http, to_wrap_up=CALL)
        ports.floor.apply(
            facts.ChannelStarted(now(), ChannelId("other"), CallId(CALL), "agent-1002", ""),
            facts.BridgeEntered(now(), ChannelId("other"), BridgeId("b")),
            facts.ChannelEnded(now(), ChannelId("leg"), 16),
        )
        await wait_until(http, call=None)
        (call,) = ports.floor.floor.calls
        assert (call.state, call.agent) == (CallState.TALKING, "agent-1002")
        await post_json(http, "/api/v1/desk/wrap-up", {"call": CALL, "disposition": "interested"})
        assert (await get_json(http, "/api/v1/desk"))["to_wrap_up"] is None
    assert ports.desk.saved[-1].agent == AGENT
    assert ports.seats.asked[-1] == ("pause", AGENT, None)


async def test_a_call_without_a_lead_can_be_wrapped_up_but_promises_nothing() -> None:
    ports = Ports()
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talk(ports)
        del ports.desk.cards[CALL]
        await wait_until(http, to_wrap_up=CALL)
        hang_up(ports)
        await wait_until(http, call=None)
        for more in ({"do_not_call": True}, {"callback_at": at}):
            body = {"call": CALL, "disposition": "other", **more}
            told = await post_json(http, "/api/v1/desk/wrap-up", body, 400)
            assert next(iter(more)) in told["message"]
        await post_json(http, "/api/v1/desk/wrap-up", {"call": CALL, "disposition": "other"})
    assert len(ports.desk.saved) == 1


async def test_a_callback_is_kept_in_utc() -> None:
    ports = Ports()
    ports.desk.agents[CALL], ports.desk.cards[CALL] = AGENT, CARD
    at = (datetime.now(UTC) + timedelta(days=1)).replace(microsecond=0)
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        body = {"call": CALL, "disposition": "callback", "callback_at": at.isoformat()}
        await post_json(http, "/api/v1/desk/wrap-up", {**body, "callback_any": True})
    assert ports.desk.saved[-1].callback_at == at
    assert ports.desk.saved[-1].callback_any


async def test_a_restart_in_the_wrap_up_asks_for_the_result_again() -> None:
    ports = Ports()
    ports.floor.know()
    ports.floor.sign_in(AGENT, "Li Wei")
    ports.floor.apply(facts.AgentPaused(now(), AGENT, QUEUE, True, "wrap-up"))
    ports.desk.unsaved, ports.desk.cards[CALL] = CALL, CARD
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        desk = await get_json(http, "/api/v1/desk")
    assert desk["to_wrap_up"] == CALL
    assert desk["lead"]["company"] == "华东五金"


async def test_a_page_loaded_again_learns_the_dialog_of_its_call() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        talk(ports)
        await wait_until(http, to_wrap_up=CALL)
        await post_json(http, "/api/v1/desk/dialog", DIALOG)
        assert (await get_json(http, "/api/v1/desk"))["dialog"] == DIALOG
        await post_json(http, "/api/v1/desk/dialog", {**DIALOG, "to_tag": "x\r\nVia: y"}, 400)
        hang_up(ports)
        await wait_until(http, dialog=None)


async def test_a_page_is_told_of_changes_at_once() -> None:
    ports = Ports()
    ports.floor.know()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        async with http.ws_connect("/api/v1/desk/live", headers=HEADERS) as socket:
            assert (await socket.receive_json(timeout=2))["seat"] is None
            ports.floor.sign_in(AGENT, "Li Wei")
            async with asyncio.timeout(2):
                while (await socket.receive_json()).get("seat") is None:
                    pass


async def test_the_phones_secret_goes_to_its_own_seat_only() -> None:
    ports = Ports()
    ports.phones.phones["agent-1001"] = Phone("agent-1001", "Li Wei", "s" * 32)
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        async with http.get("/api/v1/desk/phone") as response:
            assert (await response.json())["endpoint"] == "agent-1001"
            assert response.headers["Cache-Control"] == "no-store"
        await sign_in(http, "supervisor")
        await get_json(http, "/api/v1/desk/phone", 404)


async def test_a_supervisors_acts_reach_the_switch_and_the_log() -> None:
    ports = Ports()
    ports.accounts.accounts["supervisor"] = ports.accounts.accounts["supervisor"].__class__(
        "supervisor", ports.accounts.accounts["supervisor"].role, AgentId("agent-9001")
    )
    talk(ports)
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        for how in ("listen", "whisper", "barge"):
            await post_json(http, "/api/v1/agents/agent-1001/listen", {"how": how})
        await post_json(http, "/api/v1/agents/agent-1001/listen", {"how": "spy"}, 400)
        await post_json(http, "/api/v1/agents/agent-7/listen", {"how": "listen"}, 404)
        await post_json(http, "/api/v1/agents/agent-1001/take-over", {}, 409)
        await post_json(http, f"/api/v1/calls/{CALL}/end", {})
        await post_json(http, "/api/v1/agents/agent-1001/sign-out", {})
        ports.switch.failure = LinkDown("no link")
        await post_json(http, f"/api/v1/calls/{CALL}/end", {}, 503)
    joins = [one for one in ports.switch.sent if isinstance(one, JoinCall)]
    assert [(one.phone, one.agent, one.how) for one in joins] == [
        ("agent-9001", "agent-1001", how) for how in ("listen", "whisper", "barge")
    ]
    assert [one.channel for one in ports.switch.sent if isinstance(one, EndCall)] == [CALL]
    assert ports.seats.asked[-1] == ("sign_out", "agent-1001", None)
    assert {act.action for act in ports.audit.acts} == {
        "sign_in",
        "listen",
        "take_over",
        "call_end",
        "seat_sign_out",
    }


async def test_a_supervisors_own_leg_is_no_call_of_the_floor() -> None:
    ports = Ports()
    ports.floor.know()
    started = facts.ChannelStarted(now(), ChannelId("join-1"), CallId("join-1"), "agent-9001", "")
    ports.floor.apply(started)
    assert ports.floor.floor.calls == ()


async def test_an_agent_is_told_which_colleagues_are_signed_in_and_no_strangers() -> None:
    ports = Ports()
    ports.floor.know()
    ports.floor.sign_in("agent-1001", "Li Wei")
    ports.floor.sign_in("agent-1002", "Wang Fang")
    ports.floor.sign_in("agent-1003", "Stranger")
    ports.owners.now = Owners(agents={"agent-1003": "other"})
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        told = (await get_json(http, "/api/v1/desk/colleagues"))["colleagues"]
    assert told == [{"agent": "agent-1002", "name": "Wang Fang", "state": "ready"}]


async def test_my_day_is_shown_by_region_and_nobody_elses() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        desk = await get_json(http, "/api/v1/desk")
    assert [row["region"] for row in desk["regions"]] == ["浙江", ""]
    first = {**desk["regions"][0]}
    assert first.pop("talk_seconds") == 650.25
    assert first == {"region": "浙江", "attempts": 7, "answered": 4, "valid": 3, "effective": 2}


async def test_regions_follow_the_day_while_the_desk_is_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("web.desks.DESK_DAY_SECONDS", 0.02)
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        async with http.ws_connect("/api/v1/desk/live") as socket:
            assert len((await socket.receive_json(timeout=5))["regions"]) == 2
            ports.reports.rows[0] = replace(ports.reports.rows[0], attempts=11)
            ports.reports.regions[1] = replace(ports.reports.regions[1], attempts=4)
            async with asyncio.timeout(5):
                while True:
                    told = await socket.receive_json()
                    if told["type"] == "desk" and told["day"]["attempts"] == 11:
                        break
    assert told["regions"][1]["attempts"] == 4
