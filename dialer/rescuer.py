"""The shell of `dialer.rescue`: asks the records about orphans and settles them."""

from datetime import timedelta

import structlog

from calls.attempt import PlannedAttempt, Settlement
from calls.facts import AttemptRefused
from calls.ids import AttemptId, CallId
from config.timeouts import ATTEMPT_UNRECORDED_SECONDS, RESCUE_INTERVAL_SECONDS
from dialer.live_floor import LiveFloor
from dialer.loop import DialerState
from dialer.ports import Clock, Records
from dialer.rescue import NOT_SEEN, Orphan, find_orphans
from dialer.rounds import go_round
from dialer.settlement import never_sent
from dialer.settler import Settler

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
        await go_round("rescue", self.look, RESCUE_INTERVAL_SECONDS, self._clock)

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
            if planned is None or self._is_seen(orphan.attempt):
                continue
            end = told.get(orphan.attempt)
            if end is None and orphan.attempt not in touched:
                end = self._judge_unrecorded(orphan, planned)
            if end is not None:
                self._close(planned, end)

    def _is_seen(self, attempt: AttemptId) -> bool:
        """Whether the call came (back) to the floor while the records were asked."""
        call = self._live.floor.call(CallId(attempt))
        return call is not None and call.state not in NOT_SEEN

    def _judge_unrecorded(self, orphan: Orphan, planned: PlannedAttempt) -> Settlement | None:
        """Asterisk recorded nothing: it was never sent, unless the floor has seen the call."""
        seen = self._state.half_seen.get(orphan.attempt)
        if seen is None:
            return never_sent(planned) if orphan.may_be_unsent else None
        if orphan.age < timedelta(seconds=ATTEMPT_UNRECORDED_SECONDS):
            return None
        log.error("attempt.unrecorded", attempt=orphan.attempt)
        return seen

    def _close(self, planned: PlannedAttempt, end: Settlement) -> None:
        log.info("attempt.rescued", attempt=planned.attempt, by=end.by)
        del self._state.open[planned.attempt]
        self._state.half_seen.pop(planned.attempt, None)
        self._settler.put(planned.campaign, end)
        # The floor forgets it; its figures come from the records.
        self._live.apply(AttemptRefused(self._clock.now(), planned.attempt, f"by {end.by}"))
