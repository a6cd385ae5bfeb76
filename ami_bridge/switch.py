"""One Asterisk as the rest of Callfloor sees it: commands in, facts out, and its health."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

from ami_bridge.actions import AmiAction, action_for
from ami_bridge.errors import ActionRefused, LinkDown, LoginRefused
from ami_bridge.feed import (
    FACT_QUEUE_LIMIT,
    WANTED_EVENTS,
    FactFeed,
    FactQueue,
    Recorder,
    utc_now,
)
from ami_bridge.link import SupervisedLogin
from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.pending import LIST_EVENTS
from ami_bridge.session import AmiSession
from ami_bridge.snapshot import take_snapshot
from calls.commands import Command, PlaceCall
from calls.facts import Fact, SnapshotTaken


@dataclass(frozen=True, slots=True)
class LinkHealth:
    """The state of the link, for health checks and metrics.

    connected: both logins are ready, so calls can be placed. generation: how often the events'
    login became ready. bad_events: events that could not be understood.
    """

    connected: bool
    generation: int
    reconnects: int
    events_seen: int
    bad_events: int
    queue_depth: int
    pending_actions: int
    last_snapshot_at: datetime | None


class AsteriskSwitch:
    """The port to one Asterisk. Create it inside the running loop; one consumer takes the facts.

    clock: the present time, UTC. recorder: sees every wanted event, for traces.
    """

    def __init__(
        self,
        address: AmiAddress,
        *,
        timeouts: AmiTimeouts | None = None,
        queue_limit: int = FACT_QUEUE_LIMIT,
        clock: Callable[[], datetime] = utc_now,
        recorder: Recorder | None = None,
    ) -> None:
        self._address = address
        self._limits = timeouts or AmiTimeouts()
        self._clock = clock
        self._queue = FactQueue(queue_limit)
        self._feed = FactFeed(self._queue, clock=clock, recorder=recorder)
        self._last_snapshot_at: datetime | None = None
        self._reader = SupervisedLogin(
            "reader",
            self._limits,
            self._make_reader,
            on_ready=self._resync,
            on_lost=self._feed.lose,
        )
        self._actor = SupervisedLogin("actor", self._limits, self._make_actor)

    async def start(self) -> None:
        """Connect both logins and take the first snapshot.

        Raises what the first attempt met, and closes: LoginRefused, AsteriskUnreachable, another
        AmiError, or ActionRefused where a user of manager.conf may not take snapshots.
        """
        results = await asyncio.gather(
            self._reader.start(), self._actor.start(), return_exceptions=True
        )
        errors = [result for result in results if result is not None]
        if errors:
            await self.close()
            # Of two errors the refused login is the one that a person can mend.
            raise next((error for error in errors if isinstance(error, LoginRefused)), errors[0])

    async def close(self) -> None:
        """End both logins for good; facts already heard can still be taken. Safe to call twice."""
        await asyncio.gather(self._reader.close(), self._actor.close())
        self._queue.close()

    async def place(self, command: PlaceCall) -> None:
        """Hand one Originate to Asterisk; return when Asterisk has queued it.

        Raises ActionRefused (no call), LinkDown (nothing was sent) or ActionUncertain: it may be
        dialling, so never place it again; OriginateResolved, a snapshot or the records will tell.
        """
        action = action_for(command)
        if not self._feed.is_live:
            # Without events we would not see what becomes of the call.
            raise LinkDown(f"{action.name}: the event link is not ready")
        await self._act(action)

    async def send(self, command: Command) -> None:
        """Carry out one command; what is so already counts as done. Raises like `place`."""
        if isinstance(command, PlaceCall):
            await self.place(command)
        else:
            await self._act(action_for(command))

    async def snapshot(self) -> SnapshotTaken:
        """Ask Asterisk for the whole truth now. Not put into `facts`: apply it where it is needed.

        Raises LinkDown, ActionUncertain, ActionRefused or an AmiError.
        """
        session = self._reader.session
        if session is None:
            raise LinkDown("snapshot: the event link is not ready")
        taken = await take_snapshot(session, self._limits.snapshot, self._clock)
        self._last_snapshot_at = taken.at
        return taken

    async def next_fact(self) -> Fact | None:
        """Wait for the next fact in Asterisk's order; None once the switch is closed."""
        return await self._queue.get()

    async def facts(self) -> AsyncIterator[Fact]:
        """Yield facts in Asterisk's order until the switch is closed.

        SnapshotTaken comes first and after every LinkLost; what lies between those two is unknown.
        """
        while (fact := await self._queue.get()) is not None:
            yield fact

    @property
    def health(self) -> LinkHealth:
        """How the link is doing."""
        sessions = (self._reader.session, self._actor.session)
        return LinkHealth(
            connected=self._feed.is_live and self._actor.session is not None,
            generation=self._reader.generation,
            reconnects=max(0, self._reader.generation - 1),
            events_seen=self._feed.seen,
            bad_events=self._feed.bad,
            queue_depth=len(self._queue),
            pending_actions=sum(session.pending for session in sessions if session),
            last_snapshot_at=self._last_snapshot_at,
        )

    async def _act(self, action: AmiAction) -> None:
        session = self._actor.session
        if session is None:
            raise LinkDown(f"{action.name}: the action link is down")
        try:
            await session.ask(action)
        except ActionRefused as refusal:
            if not any(done in refusal.reason for done in action.done_already):
                raise

    async def _make_reader(self) -> AmiSession:
        await self._queue.wait_for_room()
        session = AmiSession(
            self._address,
            self._address.reader,
            wanted=WANTED_EVENTS | LIST_EVENTS,
            on_event=self._feed.take,
            timeouts=self._limits,
        )
        self._feed.begin(session.abort)
        return session

    async def _make_actor(self) -> AmiSession:
        return AmiSession(self._address, self._address.actor, timeouts=self._limits)

    async def _resync(self, session: AmiSession) -> None:
        taken = await take_snapshot(session, self._limits.snapshot, self._clock)
        self._last_snapshot_at = taken.at
        self._feed.finish_resync(taken)
