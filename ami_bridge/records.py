"""Hears what Asterisk tells of its records (CEL, Cdr) by a login of its own, in the order told.

Apart from the login that feeds the floor: nobody there needs these events, and they are many.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Literal

import structlog

from ami_bridge.errors import AmiError, SwitchError
from ami_bridge.feed import utc_now
from ami_bridge.framing import Frame
from ami_bridge.link import SupervisedLogin
from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.session import AmiSession
from calls.reported import ReportedRecord

log = structlog.get_logger("ami_bridge.records")
_KINDS: Mapping[str, Literal["cel", "cdr"]] = {"CEL": "cel", "Cdr": "cdr"}
EVENT_CLASSES = "call,cdr"
"""cel_manager tells in the class call, cdr_manager in cdr; manager.conf must grant both."""
MOST_WAITING = 100_000
"""More than ten minutes of 15 calls/s. Beyond that they are dropped, and counted."""


class RecordFeed:
    """What was heard and not taken yet."""

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        self._clock = clock
        self._heard: list[ReportedRecord] = []
        self._news = asyncio.Event()
        self._is_over = False
        self.lost = 0

    def take(self, frame: Frame) -> None:
        """Keep one event; what finds no room is counted in `lost`."""
        kind = _KINDS.get(frame.name)
        if kind is None:
            return
        if len(self._heard) >= MOST_WAITING:
            self.lost += 1
            return
        self._heard.append(ReportedRecord(kind, self._time(frame), _fields(frame)))
        self._news.set()

    def end(self) -> None:
        """Let `batches` end with what was heard."""
        self._is_over = True
        self._news.set()

    async def batches(self) -> AsyncIterator[Sequence[ReportedRecord]]:
        """Yield all that was heard since the last time, until `end`."""
        while True:
            await self._news.wait()
            self._news.clear()
            heard, self._heard = self._heard, []
            if heard:
                yield heard
            if self._is_over and not self._heard:
                return

    def _time(self, frame: Frame) -> datetime:
        try:
            return datetime.fromtimestamp(float(frame.get("Timestamp")), UTC)
        except (ValueError, OverflowError, OSError):
            return self._clock()


def _fields(frame: Frame) -> dict[str, str]:
    lines = (line.partition(":") for line in frame.text.split("\r\n"))
    return {name: value.removeprefix(" ") for name, _, value in lines}


@asynccontextmanager
async def hear_records(
    address: AmiAddress, timeouts: AmiTimeouts | None = None
) -> AsyncIterator[RecordFeed]:
    """Log in as the reader and hear records until the block ends; (re)connects by itself.

    What Asterisk tells while there is no link is lost: AMI repeats nothing.
    """
    limits, feed = timeouts or AmiTimeouts(), RecordFeed()
    hears = replace(address, reader_events=EVENT_CLASSES)

    async def session() -> AmiSession:
        return AmiSession(hears, hears.reader, wanted=_KINDS, on_event=feed.take, timeouts=limits)

    login = SupervisedLogin("records", limits, session)
    try:
        try:
            await login.start()
        except (AmiError, SwitchError) as error:
            log.warning("ami.records_not_there_yet", problem=str(error))
        yield feed
    finally:
        await login.close()
        feed.end()
