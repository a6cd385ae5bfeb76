"""Saves how attempts ended, in order, for as long as it takes: Postgres may be away."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import structlog

from calls.attempt import LeadHistory, LeadOutcome, Settlement
from calls.campaign import Campaign
from calls.ids import AttemptId, CampaignName
from config.timeouts import DATABASE_RETRY_SECONDS
from dialer.ports import Attempts, Clock
from dialer.settlement import lead_outcome
from store.errors import DatabaseRefused, DatabaseUnreachable

log = structlog.get_logger("dialer.settler")


class Settler:
    """One queue, one writer. An attempt handed in twice is saved once.

    has_dropped: one could not be saved and is open still; somebody must read the open ones again.
    """

    def __init__(self, attempts: Attempts, clock: Clock) -> None:
        self._attempts = attempts
        self._clock = clock
        self._queue: asyncio.Queue[tuple[CampaignName | None, Settlement]] = asyncio.Queue()
        self._waiting: set[AttemptId] = set()
        self.campaigns: Mapping[CampaignName, Campaign] = {}
        self.settled = 0
        self.has_dropped = False

    @property
    def waiting(self) -> frozenset[AttemptId]:
        """Attempts whose end is known but not saved yet."""
        return frozenset(self._waiting)

    def put(self, campaign: CampaignName, end: Settlement) -> None:
        """Take a settlement in; returns at once."""
        if end.attempt not in self._waiting:
            self._waiting.add(end.attempt)
            self._queue.put_nowait((campaign, end))

    def put_half_seen(self, seen: Settlement) -> None:
        """Take in what was seen of a call in part, so that our own restart does not forget it."""
        self._queue.put_nowait((None, seen))

    async def run(self) -> None:
        """Save what comes, for ever."""
        while True:
            campaign, end = await self._queue.get()
            if campaign is None:
                await self._until_saved(end, partial(self._save_half_seen, end))
            else:
                await self._until_saved(end, partial(self._save, campaign, end))
                self._waiting.discard(end.attempt)
            self._queue.task_done()

    async def drain(self) -> None:
        """Return when everything handed in so far is saved."""
        await self._queue.join()

    async def _save_half_seen(self, seen: Settlement) -> None:
        await self._attempts.save_half_seen(seen, self._clock.now())

    async def _save(self, name: CampaignName, end: Settlement) -> None:
        def decide(history: LeadHistory) -> LeadOutcome:
            return lead_outcome(self.campaigns[name], end, history)

        if await self._attempts.settle(end, self._clock.now(), decide):
            self.settled += 1
            log.info("attempt.settled", attempt=end.attempt, result=end.result.value, by=end.by)

    async def _until_saved(self, end: Settlement, save: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await save()
            except DatabaseUnreachable as error:
                log.warning("attempt.settle_waits", attempt=end.attempt, problem=str(error))
                await self._clock.sleep(DATABASE_RETRY_SECONDS)
            except (DatabaseRefused, KeyError) as error:
                # It must not hold up the others; its attempt stays open and is tried again.
                log.error("attempt.settle_refused", attempt=end.attempt, problem=repr(error))
                self.has_dropped = True
                return None
