"""The live WebSocket: the whole floor, then changes, and nobody who slows the others down."""

import asyncio
import base64
import itertools
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError
from structlog.testing import capture_logs

from calls import facts
from calls.campaign import CampaignStatus
from calls.ids import AgentId, ChannelId
from calls.live import CallChanged, LiveCall
from store.accounts import Account, Role
from store.errors import DatabaseUnreachable
from tests.fakes.web_services import QUEUE, QUICK, Ports, get_json, now, post_json, served, sign_in
from web.floor_feed import FloorFeed
from web.hub import LiveClient
from web.ports import FloorOverrun, FloorView
from web.settings import WebSettings

LI = AgentId("agent-1001")


@asynccontextmanager
async def watching(
    ports: Ports, settings: WebSettings = QUICK
) -> AsyncIterator[tuple[ClientSession, ClientWebSocketResponse]]:
    """A supervisor's open live page."""
    async with served(ports.services, settings) as http:
        assert await sign_in(http, "supervisor") == 200
        async with http.ws_connect("/api/v1/live") as page:
            yield http, page


async def next_message(page: ClientWebSocketResponse, *kinds: str) -> Any:
    """Wait for the next message of these kinds."""
    async with asyncio.timeout(2):
        while True:
            message = await page.receive_json()
            if message["type"] in kinds:
                return message


async def closed_with(page: ClientWebSocketResponse) -> int:
    """Read until the server closes; return its code."""
    async with asyncio.timeout(2):
        while (message := await page.receive()).type is WSMsgType.TEXT:
            pass
    assert message.type is WSMsgType.CLOSE
    code: int = message.data
    return code


async def test_the_first_message_is_the_whole_floor() -> None:
    ports = Ports()
    ports.floor.know()
    ports.floor.sign_in(LI, "Li Wei")
    ports.floor.plan("call-1", "+8613912341234", "spring")
    async with watching(ports) as (http, page):
        floor = await page.receive_json()
        assert floor["type"] == "floor"
        assert floor["unknown_because"] == ""
        assert [(a["agent"], a["state"]) for a in floor["agents"]] == [("agent-1001", "ready")]
        assert [(c["call"], c["state"], c["number"]) for c in floor["calls"]] == [
            ("call-1", "dialling", "+86139****1234")
        ]
        same = await get_json(http, "/api/v1/floor")
        assert (same["calls"], same["agents"]) == (floor["calls"], floor["agents"])


async def test_a_change_is_pushed_within_half_a_second() -> None:
    ports = Ports()
    ports.floor.know()
    async with watching(ports, WebSettings(port=0)) as (_, page):
        await page.receive_json()
        loop = asyncio.get_running_loop()
        slowest = 0.0
        for number in range(3):
            began = loop.time()
            ports.floor.sign_in(f"agent-{number}", "")
            message = await next_message(page, "changes")
            slowest = max(slowest, loop.time() - began)
            assert [a["agent"] for a in message["agents"]] == [f"agent-{number}"]
        assert slowest < 0.5


async def test_what_leaves_the_floor_is_named_and_no_number_is_whole() -> None:
    ports = Ports()
    ports.floor.know()
    ports.floor.sign_in(LI, "Li Wei")
    ports.floor.plan("call-1", "+8613912341234", "spring")
    async with watching(ports) as (_, page):
        await page.receive_json()
        ports.floor.apply(facts.ChannelAnswered(now(), ChannelId("call-1")))
        changed = await next_message(page, "changes")
        assert [(c["state"], c["number"]) for c in changed["calls"]] == [
            ("waiting", "+86139****1234")
        ]
        ports.floor.apply(
            facts.ChannelEnded(now(), ChannelId("call-1"), 16),
            facts.AgentSignedOut(now(), LI, QUEUE),
        )
        gone = await next_message(page, "changes")
        assert (gone["ended_calls"], gone["gone_agents"]) == (["call-1"], ["agent-1001"])


async def test_losing_the_floor_and_finding_it_sends_it_whole() -> None:
    ports = Ports()
    ports.floor.know()
    async with watching(ports) as (_, page):
        await page.receive_json()
        ports.floor.apply(facts.LinkLost(now(), "AMI link lost"))
        lost = await next_message(page, "floor")
        assert lost["unknown_because"] == "AMI link lost"
        ports.floor.know()
        assert (await next_message(page, "floor"))["unknown_because"] == ""


async def test_counters_come_and_follow_a_start() -> None:
    ports = Ports()
    async with watching(ports, replace(QUICK, campaigns_poll_seconds=30.0)) as (http, page):
        first = await next_message(page, "campaigns")
        assert [c["status"] for c in first["campaigns"]] == ["running", "stopped"]
        await post_json(http, "/api/v1/campaigns/autumn/start", {})
        # The poll is far away: the start itself brings the news.
        second = await next_message(page, "campaigns")
        assert [c["status"] for c in second["campaigns"]] == ["running", "running"]
        assert ports.campaigns.asked == [("autumn", CampaignStatus.RUNNING, "supervisor")]


async def test_a_quiet_floor_still_ticks() -> None:
    async with watching(Ports()) as (_, page):
        tick = await next_message(page, "tick")
        assert datetime.fromisoformat(tick["at"]).tzinfo is not None


async def test_a_revoked_session_closes_the_page() -> None:
    ports = Ports()
    async with watching(ports) as (_, page):
        await page.receive_json()
        ports.accounts.sessions_by_token.clear()
        assert await closed_with(page) == 4401


async def test_the_page_stays_while_only_the_database_is_away() -> None:
    ports = Ports()
    async with watching(ports) as (_, page):
        ports.accounts.failure = DatabaseUnreachable("gone")
        for _ in range(3):
            await next_message(page, "tick")


async def test_a_shutdown_closes_the_page() -> None:
    async with AsyncExitStack() as page_outlives_the_server:
        async with served(Ports().services) as http:
            await sign_in(http, "supervisor")
            own = await page_outlives_the_server.enter_async_context(ClientSession())
            assert http._base_url is not None
            page = await own.ws_connect(http._base_url / "api/v1/live", headers=_cookie(http))
            await page.receive_json()
        assert await closed_with(page) == 1001


def _cookie(http: ClientSession) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{cookie.key}={cookie.value}" for cookie in http.cookie_jar)}


@pytest.mark.parametrize("origin", ["https://evil.test", "null"])
async def test_a_foreign_page_cannot_listen(origin: str) -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        with pytest.raises(WSServerHandshakeError) as refused:
            await http.ws_connect("/api/v1/live", origin=origin)
        assert refused.value.status == 403


async def test_a_client_that_does_not_read_is_dropped() -> None:
    ports = Ports()
    ports.floor.know()
    channels = [ChannelId(f"call-{number}") for number in range(1000)]
    for channel in channels:
        ports.floor.plan(channel, "+8613912341234", "spring")
    # No ticks, so that it is the full buffer that tells, not a missing pong.
    async with watching(ports, replace(QUICK, live_tick_seconds=60.0)) as (http, reader):
        reading = asyncio.create_task(_count_messages(reader))
        deaf = await _deaf_client(http)
        try:
            async with asyncio.timeout(10):
                for turn in itertools.count():
                    marks = (facts.CallMarked(now(), c, "amd", str(turn)) for c in channels)
                    ports.floor.apply(*marks)
                    await asyncio.sleep(0.02)
                    if await _dropped(http):
                        break
            assert await _dropped(http) == 1  # the one who reads is served on
            assert not reading.done()
        finally:
            deaf.close()
            reading.cancel()


async def _count_messages(page: ClientWebSocketResponse) -> int:
    count = 0
    async for _ in page:
        count += 1
    return count


async def _deaf_client(http: ClientSession) -> socket.socket:
    """Open the WebSocket by hand and never read a byte of it."""
    base = http._base_url
    assert base is not None
    cookies = _cookie(http)["Cookie"]
    deaf = socket.socket()
    deaf.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    deaf.connect((base.host or "", base.port or 0))
    key = base64.b64encode(b"0123456789abcdef").decode()
    deaf.sendall(
        f"GET /api/v1/live HTTP/1.1\r\nHost: {base.authority}\r\nCookie: {cookies}\r\n"
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        f"Sec-WebSocket-Key: {key}\r\n\r\n".encode()
    )
    return deaf


async def _dropped(http: ClientSession) -> float:
    async with http.get("/metrics") as response:
        (line,) = (
            line
            for line in (await response.text()).splitlines()
            if line.startswith("callfloor_live_dropped_total")
        )
        return float(line.split()[1])


async def test_a_page_that_leaves_during_the_handshake_is_no_incident() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        ports.accounts.slow = asyncio.Event()
        with capture_logs() as logs:
            leaving = await _deaf_client(http)
            await ports.accounts.asked.wait()
            leaving.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            leaving.close()  # by RST
            await asyncio.sleep(0.05)
            ports.accounts.slow.set()
            assert await sign_in(http, "leader") == 200
        assert [line for line in logs if line["log_level"] == "error"] == []


async def test_a_client_too_far_behind_is_dropped_not_buffered() -> None:
    client = LiveClient(Account("leader", Role.LEADER), backlog=2)
    for message in "abc":
        client.put(message)
    assert client.is_dropped
    assert await client.next() is None


def _view() -> FloorView:
    return FloorView(datetime.now(UTC), "", (), ())


def _changed(call: str) -> CallChanged:
    made = facts.AttemptPlanned.__name__  # any text will do as a number that is none
    return CallChanged(LiveCall.adopted(call, made, datetime.now(UTC)))  # type: ignore[arg-type]


async def test_a_feed_gathers_from_the_moment_of_subscribing() -> None:
    feed = FloorFeed(_view)
    with feed.subscribe() as batches:
        feed.publish([_changed("a"), _changed("b")])
        feed.publish([_changed("a")])
        batch = await anext(batches)
        assert [change.call.call for change in batch] == ["a", "b"]  # type: ignore[union-attr]


async def test_a_feed_tells_its_slow_reader_that_changes_are_lost() -> None:
    feed = FloorFeed(_view, pending_limit=2)
    with feed.subscribe() as batches:
        feed.publish([_changed("a"), _changed("b"), _changed("c")])
        with pytest.raises(FloorOverrun):
            await anext(batches)
