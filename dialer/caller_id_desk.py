"""Chooses the number that each customer sees, from the pools as Postgres last told them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from calls.caller_ids import (
    CallerIdHealth,
    CallerIdPool,
    after_call,
    calls_left,
    choose_caller_id,
)
from calls.campaign import Campaign
from calls.ids import CampaignName
from config.timeouts import CALLER_ID_REFRESH_SECONDS


class CallerIdPools(Protocol):
    """Where the pools are kept; may raise DatabaseUnreachable."""

    async def pools(self, now: datetime) -> Mapping[CampaignName, CallerIdPool]:
        """Return each campaign's pool with the figures of the last 24 hours."""


class NoPools:
    """Every campaign shows its one caller ID."""

    async def pools(self, now: datetime) -> Mapping[CampaignName, CallerIdPool]:
        """Return none."""
        return {}


class CallerIdDesk:
    """Counts its own choices between two looks; a number is counted over all its campaigns."""

    def __init__(self, store: CallerIdPools, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._pools: Mapping[CampaignName, CallerIdPool] = {}
        self._health: dict[str, CallerIdHealth] = {}
        self._look_again: datetime | None = None

    async def look(self) -> None:
        """Read the pools again if the last look is some seconds old."""
        now = self._now()
        if self._look_again is not None and now < self._look_again:
            return
        self._pools = await self._store.pools(now)
        self._health = {one.number: one for pool in self._pools.values() for one in pool.numbers}
        self._look_again = now + timedelta(seconds=CALLER_ID_REFRESH_SECONDS)

    def _pool(self, campaign: Campaign) -> CallerIdPool | None:
        pool = self._pools.get(campaign.name)
        if pool is None:
            return None
        return replace(pool, numbers=tuple(self._health[one.number] for one in pool.numbers))

    def lines(self, campaign: Campaign, wanted: int) -> int:
        """Return how many of the wanted lines the campaign's numbers may make now."""
        pool = self._pool(campaign)
        return wanted if pool is None else min(wanted, calls_left(pool, self._now()))

    def show(self, campaign: Campaign, customer: str) -> str:
        """Return what this customer (E.164) sees; `lines` has said that one is left."""
        pool, now = self._pool(campaign), self._now()
        number = None if pool is None else choose_caller_id(pool, customer, now).number
        if number is None:
            return campaign.caller_id
        self._health[number] = after_call(self._health[number], now)
        return number
