"""One reader of the floor for all live pages: each message is made once and sent to everybody."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import msgspec
import structlog
from aiohttp import WSCloseCode

from calls.live import Change, FloorLost, FloorRestored
from config import timeouts
from store.accounts import Account
from web import limits
from web.metrics import Metrics
from web.ports import Campaigns, FloorOverrun, FloorPort
from web.presenting import present_campaign, present_changes, present_floor
from web.schemas import Campaign, CampaignList, LiveMessage, Tick
from web.settings import WebSettings
from web.tenancy import Tenancy

_log = structlog.get_logger(__name__)


class LiveClient:
    """Messages on their way to one page. close_code: what the page is told at the end.

    account: who looks; pages of the same organisation see the same.
    """

    def __init__(self, account: Account, backlog: int = limits.LIVE_BACKLOG_MESSAGES) -> None:
        self.account = account
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
        self,
        floor: FloorPort,
        campaigns: Campaigns,
        settings: WebSettings,
        metrics: Metrics,
        tenancy: Tenancy,
    ) -> None:
        self._floor = floor
        self._campaigns = campaigns
        self._settings = settings
        self._metrics = metrics
        self._tenancy = tenancy
        self._clients: set[LiveClient] = set()
        self._last_campaigns: list[Campaign] | None = None
        self._look_at_campaigns = asyncio.Event()

    def join(self, account: Account) -> LiveClient:
        """Take in a page; the whole floor that it may see is its first message."""
        client = LiveClient(account)
        client.put(_encode(self._floor_for(account)))
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
                await asyncio.sleep(timeouts.LIVE_REVIVE_SECONDS)

    async def _follow_feed(self) -> None:
        with self._floor.subscribe() as batches:
            self._send_each(self._floor_for)
            async for batch in batches:
                self._send_batch(list(batch))
                # Changes that come meanwhile are gathered into one message.
                await asyncio.sleep(self._settings.live_push_seconds)
        await asyncio.sleep(timeouts.LIVE_REVIVE_SECONDS)

    def _floor_for(self, account: Account) -> LiveMessage:
        return present_floor(self._tenancy.view_for(account, self._floor.view()))

    def _send_batch(self, batch: list[Change]) -> None:
        if any(isinstance(change, FloorLost | FloorRestored) for change in batch):
            self._send_each(self._floor_for)
            return
        at = datetime.now(UTC)
        self._send_each(
            lambda account: present_changes(self._tenancy.changes_for(account, batch), at)
        )

    async def _follow_campaigns(self) -> None:
        while True:
            if self._clients:
                await self._read_campaigns()
            await self._next_look()

    async def _read_campaigns(self) -> None:
        try:
            await self._tenancy.refresh()
            counters = await self._campaigns.counters()
        except Exception:
            # The floor stays live without counters; the page shows how old they are.
            _log.exception("campaign_counters_failed")
            return
        campaigns = [present_campaign(one) for one in counters]
        if campaigns != self._last_campaigns:
            self._last_campaigns = campaigns
            at = datetime.now(UTC)
            self._send_each(
                lambda account: CampaignList(
                    at, [c for c in campaigns if self._tenancy.sees_campaign(account, c.name)]
                )
            )

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
            self._send_each(_tick_for)

    def _send_each(self, message_for: Callable[[Account], LiveMessage]) -> None:
        """Send everybody what they may see; it is made once for each organisation."""
        texts: dict[str, str] = {}
        for client in tuple(self._clients):
            organisation = client.account.organisation
            if organisation not in texts:
                texts[organisation] = _encode(message_for(client.account))
            client.put(texts[organisation])


def _encode(message: LiveMessage) -> str:
    return msgspec.json.encode(message).decode()


def _tick_for(_: Account) -> LiveMessage:
    return Tick(datetime.now(UTC))
