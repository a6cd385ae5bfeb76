"""One Asterisk as the rest of Callfloor sees it: commands in, facts out, and its health."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from ami_bridge.actions import AmiAction, action_for
from ami_bridge.errors import ActionRefused, AmiError, LinkDown, LoginRefused, SwitchError
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
from ami_bridge.session import AmiSession
from ami_bridge.snapshot import Lists, ask_lists, build_snapshot, take_snapshot
from calls.commands import Command, PlaceAskedCall, PlaceCall
from calls.facts import Fact, SnapshotTaken

log = structlog.get_logger("ami_bridge.switch")


@dataclass(frozen=True, slots=True)
class LinkHealth:
    """The state of the link, for health checks and metrics.

    connected: both logins are ready, so calls can be placed. generation: how often the events'
    login became ready. events_seen, events_skipped: wanted and not wanted, since the start.
    bad_events: messages that could not be understood. late_answers: came after their deadline.
    lag_seconds: how much later than Asterisk's own timestamp the newest fact was heard.
    problem: why it is not connected, in words.
    """

    connected: bool
    generation: int
    reconnects: int
    events_seen: int
    events_skipped: int
    bad_events: int
    lag_seconds: float
    queue_depth: int
    pending_actions: int
    late_answers: int
    last_snapshot_at: datetime | None
    problem: str = ""


class AsteriskSwitch:
    """The port to one Asterisk. Create it inside the running loop; one consumer takes the facts.

    name: which Asterisk, for the log. clock: the present time, UTC. recorder: sees every wanted
    event, for traces.
    """

    def __init__(
        self,
        address: AmiAddress,
        *,
        name: str = "",
        timeouts: AmiTimeouts | None = None,
        queue_limit: int = FACT_QUEUE_LIMIT,
        clock: Callable[[], datetime] = utc_now,
        recorder: Recorder | None = None,
    ) -> None:
        self._address = address
        self._limits = timeouts or AmiTimeouts()
        self._clock = clock
        self._queue = FactQueue(queue_limit)
        self._feed = FactFeed(
            self._queue, clock=clock, recorder=recorder, on_doubt=self._look_again
        )
        self._last_snapshot_at: datetime | None = None
        self._in_doubt = False
        self._refresh: asyncio.Task[None] | None = None
        self._past = _Past()
        self._reader = SupervisedLogin(
            f"{name}/reader" if name else "reader",
            self._limits,
            self._make_reader,
            on_ready=self._resync,
            on_lost=self._feed.lose,
        )
        self._actor = SupervisedLogin(
            f"{name}/actor" if name else "actor", self._limits, self._make_actor
        )

    async def start(self) -> None:
        """Connect both logins and take the first snapshot.

        Raises what the first attempt met, and closes: LoginRefused, AsteriskUnreachable, another
        AmiError, or ActionRefused where a user of manager.conf may not take snapshots.
        """
        errors = await self._start_both()
        if errors:
            await self.close()
            # Of two errors the refused login is the one that a person can mend.
            raise next((error for error in errors if isinstance(error, LoginRefused)), errors[0])

    async def start_patiently(self) -> None:
        """Try both logins once; where they fail, they go on trying until `close`."""
        for error in await self._start_both():
            log.warning("ami.not_there_yet", problem=str(error))

    async def _start_both(self) -> list[BaseException]:
        results = await asyncio.gather(
            self._reader.start(), self._actor.start(), return_exceptions=True
        )
        return [result for result in results if result is not None]

    async def close(self) -> None:
        """End both logins for good; facts already heard can still be taken. Safe to call twice."""
        if self._refresh is not None:
            self._refresh.cancel()
        await asyncio.gather(self._reader.close(), self._actor.close())
        self._queue.close()

    async def place(self, command: PlaceCall | PlaceAskedCall) -> None:
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
        if isinstance(command, PlaceCall | PlaceAskedCall):
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
        sessions = [s for s in (self._reader.session, self._actor.session) if s is not None]
        return LinkHealth(
            connected=self._feed.is_live and self._actor.session is not None,
            generation=self._reader.generation,
            reconnects=max(0, self._reader.generation - 1),
            events_seen=self._feed.seen,
            events_skipped=self._past.skipped,
            bad_events=self._feed.bad,
            lag_seconds=self._feed.lag.total_seconds(),
            queue_depth=len(self._queue),
            pending_actions=sum(session.pending for session in sessions),
            late_answers=self._past.late,
            last_snapshot_at=self._last_snapshot_at,
            problem=self._reader.problem or self._actor.problem,
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
            wanted=WANTED_EVENTS,
            on_event=self._feed.take,
            on_bytes=self._feed.look_at_the_clock,
            timeouts=self._limits,
        )
        self._past.follow_reader(session)
        self._feed.begin(session.abort)
        return session

    async def _make_actor(self) -> AmiSession:
        session = AmiSession(self._address, self._address.actor, timeouts=self._limits)
        self._past.follow_actor(session)
        return session

    async def _resync(self, session: AmiSession) -> None:
        lists = await ask_lists(session, self._limits.snapshot)
        self._pass_on(lists)

    def _pass_on(self, lists: Lists) -> None:
        taken = build_snapshot(self._clock(), lists)
        self._last_snapshot_at = taken.at
        self._feed.finish_resync(taken, lists)

    def _look_again(self) -> None:
        """Plan a snapshot, for an event could not be understood; one at a time, with pauses."""
        self._in_doubt = True
        if self._refresh is None or self._refresh.done():
            self._refresh = asyncio.create_task(self._settle_doubts(), name="ami-refresh")

    async def _settle_doubts(self) -> None:
        while self._in_doubt:
            await asyncio.sleep(self._limits.refresh)
            self._in_doubt = False
            session = self._reader.session
            if session is None or not self._feed.is_live:
                return  # the next session begins with a snapshot anyway
            self._feed.hold()
            try:
                lists = await ask_lists(session, self._limits.snapshot)
                if self._reader.session is session:  # else its successor takes its own
                    self._pass_on(lists)
            except (AmiError, SwitchError) as error:
                session.abort(f"no snapshot after an event that made no sense: {error}")


class _Past:
    """What the sessions counted, those that have ended too."""

    def __init__(self) -> None:
        self._reader: AmiSession | None = None
        self._actor: AmiSession | None = None
        self._skipped = 0
        self._late = 0

    def follow_reader(self, session: AmiSession) -> None:
        """The next events come from here."""
        self._skipped, self._late = self.skipped, self._late + _late(self._reader)
        self._reader = session

    def follow_actor(self, session: AmiSession) -> None:
        """The next answers come from here."""
        self._late += _late(self._actor)
        self._actor = session

    @property
    def skipped(self) -> int:
        """Events that nobody wanted."""
        return self._skipped + (self._reader.skipped if self._reader else 0)

    @property
    def late(self) -> int:
        """Answers that came after their action had left the table."""
        return self._late + _late(self._reader) + _late(self._actor)


def _late(session: AmiSession | None) -> int:
    return session.late if session else 0
