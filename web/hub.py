"""One reader of the floor for all live pages: each message is made once and sent to everybody."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import structlog
from aiohttp import WSCloseCode

from calls.live import Change, FloorLost, FloorRestored
from web import limits
from web.metrics import Metrics
from web.ports import Campaigns, FloorOverrun, FloorPort
from web.presenting import present_campaign, present_changes, present_floor
from web.schemas import Campaign, CampaignList, LiveMessage, Tick
from web.settings import WebSettings

_log = structlog.get_logger(__name__)


class LiveClient:
    """Messages on their way to one page. close_code: what the page is told at the end."""

    def __init__(self, backlog: int = limits.LIVE_BACKLOG_MESSAGES) -> None:
        self.is_dropped = False
        self.close_code: int = WSCloseCode.GOING_AWAY
        self._messages: asyncio.Queue[str] = asyncio.Queue(backlog)
        self._closing = asyncio.Event()

    def put(self, message: str) -> None:
        """Queue a message; a client that is too far behind is dropped instead."""
        try:
            self._messages.put_nowait(message)
        except asyncio.QueueFull:
            self.is_dropped = True
            self.close()

    def close(self, code: int = WSCloseCode.GOING_AWAY) -> None:
        """Send nothing more, whatever is still waiting."""
        self.close_code = code
        self._closing.set()

    async def next(self) -> str | None:
        """Wait for the next message; None when the client is to be closed."""
        if self._closing.is_set():
            return None
        getting = asyncio.ensure_future(self._messages.get())
        closing = asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait({getting, closing}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            closing.cancel()
            if not getting.done():
                getting.cancel()
        return None if self._closing.is_set() else getting.result()


class LiveHub:
    """Follows floor and campaigns, and keeps every live page up to date."""

    def __init__(
        self, floor: FloorPort, campaigns: Campaigns, settings: WebSettings, metrics: Metrics
    ) -> None:
        self._floor = floor
        self._campaigns = campaigns
        self._settings = settings
        self._metrics = metrics
        self._clients: set[LiveClient] = set()
        self._last_campaigns: list[Campaign] | None = None
        self._look_at_campaigns = asyncio.Event()

    def join(self) -> LiveClient:
        """Take in a page; the whole floor is its first message."""
        client = LiveClient()
        client.put(_encode(present_floor(self._floor.view())))
        self._clients.add(client)
        self._metrics.live_clients.set(len(self._clients))
        # The counters follow as soon as they are read; all pages get them, since one is new.
        self._last_campaigns = None
        self._look_at_campaigns.set()
        return client

    def leave(self, client: LiveClient) -> None:
        """Let a page go."""
        self._clients.discard(client)
        self._metrics.live_clients.set(len(self._clients))
        if client.is_dropped:
            self._metrics.live_dropped.inc()

    def campaigns_changed(self) -> None:
        """Read the counters now, not at the next poll."""
        self._look_at_campaigns.set()

    def close(self) -> None:
        """Close every page's connection, for a shutdown."""
        for client in self._clients:
            client.close()

    async def run(self) -> None:
        """Keep the pages up to date until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._follow_floor(), name="live-floor")
            tasks.create_task(self._follow_campaigns(), name="live-campaigns")
            tasks.create_task(self._tick(), name="live-tick")

    async def _follow_floor(self) -> None:
        while True:
            try:
                await self._follow_feed()
            except FloorOverrun:
                _log.warning("floor_feed_overrun")  # the whole floor is sent anew
            except Exception:
                # The pages must not go blind because one view or message failed.
                _log.exception("floor_feed_failed")
                await asyncio.sleep(limits.LIVE_REVIVE_SECONDS)

    async def _follow_feed(self) -> None:
        with self._floor.subscribe() as batches:
            self._send(present_floor(self._floor.view()))
            async for batch in batches:
                self._send(self._message_of(batch))
                # Changes that come meanwhile are gathered into one message.
                await asyncio.sleep(self._settings.live_push_seconds)
        await asyncio.sleep(limits.LIVE_REVIVE_SECONDS)

    def _message_of(self, batch: Sequence[Change]) -> LiveMessage:
        if any(isinstance(change, FloorLost | FloorRestored) for change in batch):
            return present_floor(self._floor.view())
        return present_changes(batch, datetime.now(UTC))

    async def _follow_campaigns(self) -> None:
        while True:
            if self._clients:
                await self._read_campaigns()
            await self._next_look()

    async def _read_campaigns(self) -> None:
        try:
            counters = await self._campaigns.counters()
        except Exception:
            # The floor stays live without counters; the page shows how old they are.
            _log.exception("campaign_counters_failed")
            return
        campaigns = [present_campaign(one) for one in counters]
        if campaigns != self._last_campaigns:
            self._last_campaigns = campaigns
            self._send(CampaignList(datetime.now(UTC), campaigns))

    async def _next_look(self) -> None:
        try:
            async with asyncio.timeout(self._settings.campaigns_poll_seconds):
                await self._look_at_campaigns.wait()
        except TimeoutError:
            return
        self._look_at_campaigns.clear()

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(self._settings.live_tick_seconds)
            self._send(Tick(datetime.now(UTC)))

    def _send(self, message: LiveMessage) -> None:
        if self._clients:
            text = _encode(message)
            for client in tuple(self._clients):
                client.put(text)


def _encode(message: LiveMessage) -> str:
    return msgspec.json.encode(message).decode()
