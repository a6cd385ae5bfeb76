"""From events to the bounded, ordered queue of facts. Nothing here waits while it reads."""

import asyncio
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Protocol

import structlog

from ami_bridge.errors import TranslationError
from ami_bridge.framing import Frame
from ami_bridge.snapshot import Lists
from ami_bridge.translate import FACT_EVENTS, translate
from calls.facts import Fact, LinkLost, SnapshotTaken

log = structlog.get_logger("ami_bridge.feed")

FACT_QUEUE_LIMIT = 20_000
"""About ten seconds of the busiest floor we measured; more means that the floor is stuck."""
FULLY_BOOTED = "FullyBooted"
WANTED_EVENTS = FACT_EVENTS | {FULLY_BOOTED}


class Recorder(Protocol):
    """What sees everything that the events' login hears (ami_bridge.trace)."""

    def __call__(self, at: datetime, frame: Frame) -> None:
        """One event came."""

    def begin(self, at: datetime) -> None:
        """A login will speak."""

    def snapshot(self, at: datetime, lists: Lists) -> None:
        """Asterisk's lists came."""

    def lost(self, at: datetime, reason: str) -> None:
        """The link is gone."""


utc_now: Callable[[], datetime] = partial(datetime.now, UTC)
"""Return the present time, UTC."""


class FactQueue:
    """First in, first out, for one consumer. A full queue refuses; it never drops what it took."""

    def __init__(self, limit: int = FACT_QUEUE_LIMIT) -> None:
        self.limit = limit
        self._facts: deque[Fact] = deque()
        self._filled = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._closed = False

    def __len__(self) -> int:
        return len(self._facts)

    def put(self, fact: Fact) -> bool:
        """Take the fact, or return False if there is no room."""
        if len(self._facts) >= self.limit:
            self._has_room.clear()
            return False
        self._facts.append(fact)
        self._filled.set()
        return True

    def force(self, fact: Fact) -> None:
        """Take the fact in any case: for the few that speak about the link itself."""
        self._facts.append(fact)
        self._filled.set()

    async def get(self) -> Fact | None:
        """Wait for the next fact; None once the queue is closed and empty."""
        while not self._facts:
            if self._closed:
                return None
            self._filled.clear()
            await self._filled.wait()
        fact = self._facts.popleft()
        if len(self._facts) <= self.limit // 2:
            self._has_room.set()
        return fact

    def take_all(self) -> list[Fact]:
        """Return what there is, without waiting."""
        taken = list(self._facts)
        self._facts.clear()
        self._has_room.set()
        return taken

    async def wait_for_room(self) -> None:
        """After an overflow: wait until half the queue is free."""
        await self._has_room.wait()

    def close(self) -> None:
        """Let the consumer take what is left and then stop."""
        self._closed = True
        self._filled.set()


class _Mode(Enum):
    DOWN = "down"  # no session, or one that is lost: nothing counts
    RESYNC = "resync"  # logged in, the snapshot is being taken: facts wait behind it
    LIVE = "live"


# An enum's member costs a look-up of its own, and these are asked for every event.
_DOWN, _LIVE = _Mode.DOWN, _Mode.LIVE
_QUEUE_FULL = "the fact queue is full"


class FactFeed:
    """Turns the reader session's events into facts, behind a snapshot, until the link is lost.

    on_doubt: called when an event could not be understood, so that the floor may be wrong.
    seen: events that were wanted. bad: messages that could not be understood. lag: how much later
    than Asterisk's own timestamp the newest fact was heard.
    """

    def __init__(
        self,
        queue: FactQueue,
        *,
        clock: Callable[[], datetime] = utc_now,
        recorder: Recorder | None = None,
        on_doubt: Callable[[], None] = lambda: None,
    ) -> None:
        self._queue = queue
        self._on_doubt = on_doubt
        self._clock = clock
        self._recorder = recorder
        self._mode = _Mode.DOWN
        self._held: list[Fact] = []
        self._abort: Callable[[str], None] = lambda reason: None
        self._is_told = False  # a snapshot was passed on, and no loss since
        self._heard_at: datetime | None = None
        self._newest: tuple[datetime, datetime] | None = None
        self.seen = 0
        self.bad = 0

    @property
    def is_live(self) -> bool:
        """Tell whether facts flow and nothing was missed."""
        return self._mode is _LIVE

    @property
    def lag(self) -> timedelta:
        """How late the newest fact was; clocks that differ count in."""
        if self._newest is None:
            return timedelta(0)
        heard, happened = self._newest
        return heard - happened

    def begin(self, abort: Callable[[str], None]) -> None:
        """A new session will speak: keep its facts until the snapshot. abort: ends the session."""
        self._abort = abort
        self.hold()

    def hold(self) -> None:
        """A snapshot is being taken: keep the facts until it is there."""
        self._held = []
        self._mode = _Mode.RESYNC
        self._record(lambda recorder: recorder.begin(self._clock()))

    def finish_resync(self, snapshot: SnapshotTaken, lists: Lists | None = None) -> None:
        """Pass on the snapshot, then what was heard meanwhile, then everything at once.

        lists: what the snapshot was made of, for the recorder.
        """
        if self._mode is not _Mode.RESYNC:
            return  # lost while the last answer was on its way to us
        if lists is not None:
            self._record(lambda recorder: recorder.snapshot(snapshot.at, lists))
        self._queue.force(snapshot)
        self._mode, self._is_told = _LIVE, True
        held, self._held = self._held, []
        for fact in held:
            self._pass_on(fact)

    def look_at_the_clock(self) -> None:
        """Take the present time for the events that follow: they came in one read."""
        self._heard_at = self._clock()

    def take(self, frame: Frame) -> None:
        """Hear one event."""
        if self._mode is _DOWN:
            return
        self.seen += 1
        now = self._heard_at or self._clock()
        if self._recorder is not None:
            self._record(lambda recorder: recorder(now, frame))
        if frame.name == FULLY_BOOTED:
            # After the login it only says that Asterisk is up. Later it says that modules (queues)
            # appeared after our snapshot.
            if self._mode is _LIVE:
                self._break("Asterisk finished booting after our snapshot")
            return
        try:
            fact = translate(frame, now)
        except TranslationError as error:
            self._doubt(error)
            return
        if fact is None:
            return
        self._newest = (now, fact.at)
        if self._mode is not _LIVE or isinstance(fact, LinkLost):
            self._pass_on(fact)
        elif not self._queue.put(fact):
            self._break(_QUEUE_FULL)

    def _doubt(self, error: TranslationError) -> None:
        """One event is lost on us, and with it perhaps the end of a call: ask for a snapshot."""
        self.bad += 1
        log.warning("ami.event_not_understood", message_name=error.event, problem=str(error))
        self._on_doubt()

    def _record(self, tell: Callable[[Recorder], None]) -> None:
        """Show the recorder what came; one that fails is dropped, never what came."""
        if self._recorder is None:
            return
        try:
            tell(self._recorder)
        except Exception:
            log.exception("ami.recorder_failed")
            self._recorder = None

    def lose(self, reason: str) -> None:
        """The session is gone: say so once, if facts were flowing."""
        was_told, self._is_told = self._is_told, False
        self._mode = _DOWN
        self._held = []
        if was_told:
            self._record(lambda recorder: recorder.lost(self._clock(), reason))
            self._queue.force(LinkLost(at=self._clock(), reason=reason))

    def _pass_on(self, fact: Fact) -> None:
        if self._mode is _DOWN:
            return
        if isinstance(fact, LinkLost):
            self._break(fact.reason)
        elif self._mode is _Mode.RESYNC:
            self._held.append(fact)
            if len(self._held) > self._queue.limit:
                self._break("too many events during the snapshot")
        elif not self._queue.put(fact):
            self._break(_QUEUE_FULL)

    def _break(self, reason: str) -> None:
        self.lose(reason)
        self._abort(reason)
