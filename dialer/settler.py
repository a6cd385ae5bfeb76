"""Saves how attempts ended, in order, for as long as it takes: Postgres may be away.

What has piled up is saved together: on a busy floor a transaction for each call is what holds the
dialer back.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from itertools import groupby

import structlog

from calls.attempt import Settlement
from calls.campaign import Campaign
from calls.ids import AttemptId, CampaignName
from config.timeouts import DATABASE_RETRY_SECONDS
from dialer.ports import Attempts, Clock
from dialer.settlement import lead_outcome
from store.errors import DatabaseRefused, DatabaseUnreachable

log = structlog.get_logger("dialer.settler")

MOST_TOGETHER = 200
"""Ends saved in one transaction: enough for the burst of one tick."""
_Item = tuple[CampaignName | None, Settlement]
"""None: seen in part only."""


class Settler:
    """One queue, one writer. An attempt handed in twice is saved once.

    has_dropped: one could not be saved and is open still; somebody must read the open ones again.
    """

    def __init__(self, attempts: Attempts, clock: Clock) -> None:
        self._attempts = attempts
        self._clock = clock
        self._queue: asyncio.Queue[_Item] = asyncio.Queue()
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
            batch = [await self._queue.get()]
            while not self._queue.empty() and len(batch) < MOST_TOGETHER:
                batch.append(self._queue.get_nowait())
            for is_half_seen, items in groupby(batch, key=lambda item: item[0] is None):
                ends = list(items)
                if is_half_seen:
                    await self._save_half_seen(ends)
                else:
                    await self._save_ends(ends)
                for _ in ends:
                    self._queue.task_done()

    async def drain(self) -> None:
        """Return when everything handed in so far is saved."""
        await self._queue.join()

    async def _save_half_seen(self, items: Sequence[_Item]) -> None:
        for _, seen in items:
            await self._until_saved([seen], partial(self._save_one_half_seen, seen))

    async def _save_one_half_seen(self, seen: Settlement) -> None:
        await self._attempts.save_half_seen(seen, self._clock.now())

    async def _save_ends(self, items: Sequence[_Item]) -> None:
        """Save them together; where Postgres refuses that, one by one, to find out which."""
        ends = [end for _, end in items]
        is_alone = len(items) == 1
        is_saved = await self._until_saved(ends, partial(self._save, items), is_last=is_alone)
        if not is_saved and not is_alone:
            for item in items:
                await self._until_saved([item[1]], partial(self._save, [item]))
        self._waiting.difference_update(end.attempt for end in ends)

    async def _save(self, items: Sequence[_Item]) -> None:
        ends = [
            (end, partial(lead_outcome, self.campaigns[name], end))
            for name, end in items
            if name is not None
        ]
        settled = await self._attempts.settle_all(ends, self._clock.now())
        self.settled += len(settled)
        for end, _ in ends:
            if end.attempt in settled:
                log.info("attempt.settled", attempt=end.attempt, result=end.result.value, by=end.by)

    async def _until_saved(
        self,
        ends: Sequence[Settlement],
        save: Callable[[], Awaitable[None]],
        *,
        is_last: bool = True,
    ) -> bool:
        """Try until it is saved (True) or refused. is_last: nobody tries a part of it again."""
        while True:
            try:
                await save()
            except DatabaseUnreachable as error:
                log.warning("attempt.settle_waits", attempts=len(ends), problem=str(error))
                await self._clock.sleep(DATABASE_RETRY_SECONDS)
            except (DatabaseRefused, KeyError) as error:
                if is_last:
                    # It must not hold up the others; its attempt stays open and is tried again.
                    attempt = ends[0].attempt
                    log.error("attempt.settle_refused", attempt=attempt, problem=repr(error))
                    self.has_dropped = True
                return False
            else:
                return True
