"""The shell of `dialer.rescue`: asks the records about orphans and settles them."""

import structlog

from calls.facts import AttemptRefused
from config.timeouts import RESCUE_INTERVAL_SECONDS
from dialer.live_floor import LiveFloor
from dialer.loop import DialerState
from dialer.ports import Clock, Records
from dialer.rescue import Orphan, find_orphans
from dialer.settlement import never_sent
from dialer.settler import Settler
from store.errors import DatabaseUnreachable

log = structlog.get_logger("dialer.rescuer")


class Rescuer:
    """Settles, from Asterisk's own records, the attempts that nobody saw end."""

    def __init__(
        self, state: DialerState, live: LiveFloor, records: Records, settler: Settler, clock: Clock
    ) -> None:
        self._state = state
        self._live = live
        self._records = records
        self._settler = settler
        self._clock = clock

    async def run(self) -> None:
        """Look again and again, for ever."""
        while True:
            try:
                await self.look()
            except DatabaseUnreachable as error:
                log.warning("rescue.waits_for_database", problem=str(error))
            await self._clock.sleep(RESCUE_INTERVAL_SECONDS)

    async def look(self) -> None:
        """Settle every orphan that the records can judge now."""
        floor = self._live.floor
        if not floor.is_known:
            return  # without a snapshot nobody can say that a call is gone
        orphans = find_orphans(
            list(self._state.open.values()),
            {call.call: call for call in floor.calls},
            self._settler.waiting,
            self._clock.now(),
        )
        if orphans:
            await self._settle(orphans)

    async def _settle(self, orphans: list[Orphan]) -> None:
        attempts = [orphan.attempt for orphan in orphans]
        told = {end.attempt: end for end in await self._records.settlements(attempts)}
        touched = await self._records.touched(attempts)
        for orphan in orphans:
            planned = self._state.open.get(orphan.attempt)
            if planned is None:
                continue
            end = told.get(orphan.attempt)
            if end is None and orphan.may_be_unsent and orphan.attempt not in touched:
                end = never_sent(planned)
            if end is None:
                continue
            log.info("attempt.rescued", attempt=orphan.attempt, by=end.by)
            del self._state.open[orphan.attempt]
            self._settler.put(planned.campaign, end)
            # The floor forgets it; its figures come from the records.
            self._live.apply(AttemptRefused(self._clock.now(), orphan.attempt, f"by {end.by}"))
