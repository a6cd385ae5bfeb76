"""Ends are saved together, and one that Postgres refuses holds up no other."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime

from calls.attempt import LeadHistory, LeadOutcome, Settlement
from calls.ids import AttemptId
from calls.outcomes import NetworkResult
from dialer.settler import Settler
from store.errors import DatabaseRefused
from tests.fakes.clock import T0, ManualClock
from tests.fakes.dialer_world import CAMPAIGN
from tests.fakes.memory_attempts import MemoryAttempts


class Picky(MemoryAttempts):
    """Saves everything but one attempt."""

    refused = AttemptId("two")
    batches: list[list[AttemptId]]

    async def settle_all(
        self,
        ends: Sequence[tuple[Settlement, Callable[[LeadHistory], LeadOutcome]]],
        now: datetime,
    ) -> frozenset[AttemptId]:
        attempts = [end.attempt for end, _ in ends]
        self.batches.append(attempts)
        if self.refused in attempts:
            raise DatabaseRefused("a value is out of range")
        return frozenset(attempts)


async def test_one_that_is_refused_holds_up_none_of_those_saved_with_it() -> None:
    attempts = Picky()
    attempts.batches = []
    settler = Settler(attempts, ManualClock())
    settler.campaigns = {CAMPAIGN.name: CAMPAIGN}
    for name in ("one", "two", "three"):
        settler.put(
            CAMPAIGN.name, Settlement(AttemptId(name), "floor", NetworkResult.BUSY, T0, cause=17)
        )
    running = asyncio.create_task(settler.run())

    await settler.drain()
    running.cancel()

    assert attempts.batches == [["one", "two", "three"], ["one"], ["two"], ["three"]]
    assert (settler.settled, settler.has_dropped) == (2, True)
    assert settler.waiting == frozenset()
