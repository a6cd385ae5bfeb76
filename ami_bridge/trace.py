"""Record what the events' login hears, and read it back: live and replay are one path.

A trace is JSON lines. A line holds `at` (when it came, UTC) and either `event` with the event's
`text`, or `link`: `begin` (a login that will speak), `snapshot` (with Asterisk's lists), `lost`
(with the `reason`). A trace without any `link` is one of a link that was up all the time.
"""

import gzip
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from ami_bridge.errors import TranslationError
from ami_bridge.feed import FactFeed, FactQueue
from ami_bridge.framing import Frame
from ami_bridge.masking import Mask, leave_unmasked
from ami_bridge.snapshot import Lists, build_snapshot
from ami_bridge.translate import translate
from calls.facts import Fact

log = structlog.get_logger("ami_bridge.trace")


class TraceError(Exception):
    """A trace file cannot be read; the text names the line and what is wrong with it."""


class TraceRecorder:
    """A recorder for AsteriskSwitch. It stops, loudly, when the disk fails; the link goes on.

    mask: what makes phone numbers and names unreadable. Without one the trace holds them: treat
    it like the call records.
    """

    def __init__(self, path: Path, mask: Mask = leave_unmasked) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._mask = mask
        self.has_failed = False
        self._is_open = True
        self.events = 0

    def __call__(self, at: datetime, frame: Frame) -> None:
        """Append one event."""
        if self._append(at, {"event": frame.name, "text": self._mask(frame.text)}):
            self.events += 1

    def begin(self, at: datetime) -> None:
        """A login will speak: what comes before its snapshot happened before or during it."""
        self._append(at, {"link": "begin"})

    def snapshot(self, at: datetime, lists: Lists) -> None:
        """Append Asterisk's lists."""
        shown = {
            "status": lists.status.text,
            "bridges": [self._mask(item.text) for item in lists.bridges],
            "channels": [self._mask(item.text) for item in lists.channels],
            "queues": [self._mask(item.text) for item in lists.queues],
        }
        self._append(at, {"link": "snapshot", "snapshot": shown})

    def lost(self, at: datetime, reason: str) -> None:
        """The link is gone."""
        self._append(at, {"link": "lost", "reason": reason})

    def close(self) -> None:
        """Write what is buffered; what is heard later is not recorded."""
        self._is_open = False
        try:
            self._file.close()
        except OSError as error:
            self._stop(error)

    def _append(self, at: datetime, entry: Mapping[str, object]) -> bool:
        if self.has_failed or not self._is_open:
            return False
        try:
            line = {"at": at.isoformat(), **entry}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            self._stop(error)
        return not self.has_failed

    def _stop(self, error: OSError) -> None:
        log.error("trace.stopped", problem=str(error))
        self.has_failed = True
        with suppress(OSError):
            self._file.close()  # tries to write what is buffered, too


class _Lists(msgspec.Struct):
    status: str
    channels: list[str]
    queues: list[str]
    bridges: list[str] = msgspec.field(default_factory=list)  # traces of old have none


class _Line(msgspec.Struct):
    at: datetime
    event: str = ""
    text: str = ""
    link: str = ""
    reason: str = ""
    snapshot: _Lists | None = None


_LINE = msgspec.json.Decoder(_Line)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a trace: an event (`frame`), or what became of the link (`link`)."""

    at: datetime
    frame: Frame | None = None
    link: str = ""
    reason: str = ""
    lists: Lists | None = None


def read_entries(path: Path) -> Iterator[Entry]:
    """Yield the lines of a trace, plain or gzipped. Raises TraceError, or OSError."""
    with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
        try:
            for number, line in enumerate(lines, start=1):
                yield _entry(line, f"{path}:{number}")
        except (gzip.BadGzipFile, EOFError) as error:
            raise TraceError(f"{path}: is no whole gzip file: {error}") from None


def _entry(line: bytes, where: str) -> Entry:
    try:
        read = _LINE.decode(line)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise TraceError(f"{where}: {error}") from None
    if read.at.tzinfo is None:
        raise TraceError(f"{where}: at: has no time zone")
    frame = Frame(read.text.encode(), read.event) if read.event else None
    return Entry(read.at, frame, read.link, read.reason, _lists(read.snapshot))


def _lists(read: _Lists | None) -> Lists | None:
    if read is None:
        return None
    return Lists(
        status=_frame(read.status),
        bridges=_frames(read.bridges),
        channels=_frames(read.channels),
        queues=_frames(read.queues),
    )


def _frames(texts: Iterable[str]) -> tuple[Frame, ...]:
    return tuple(map(_frame, texts))


def _frame(text: str) -> Frame:
    name = Frame(text.encode()).get("Event")
    return Frame(text.encode(), name)


def read_trace(path: Path) -> Iterator[tuple[datetime, Frame]]:
    """Yield each recorded event with the time at which it came."""
    return ((e.at, e.frame) for e in read_entries(path) if e.frame is not None)


def replay(path: Path) -> Iterator[Fact]:
    """Yield the facts of a trace; events that cannot be understood are logged and left out."""
    return replay_entries(read_entries(path))


def replay_entries(entries: Iterable[Entry]) -> Iterator[Fact]:
    """Yield the facts of entries, through the same feed as live events."""
    clock = _Clock()
    queue = FactQueue()
    feed = FactFeed(queue, clock=lambda: clock.now)
    has_link = False
    for entry in entries:
        clock.now = entry.at
        has_link = has_link or bool(entry.link)
        if has_link:
            _feed(feed, entry)
            yield from queue.take_all()
        elif entry.frame is not None and (fact := _translate(entry.frame, entry.at)):
            yield fact


@dataclass(slots=True)
class _Clock:
    now: datetime = datetime.min


def _feed(feed: FactFeed, entry: Entry) -> None:
    if entry.frame is not None:
        feed.take(entry.frame)
    elif entry.link == "begin":
        feed.begin(lambda reason: None)
    elif entry.link == "snapshot" and entry.lists is not None:
        feed.finish_resync(build_snapshot(entry.at, entry.lists))
    elif entry.link == "lost":
        feed.lose(entry.reason)


def _translate(frame: Frame, at: datetime) -> Fact | None:
    try:
        return translate(frame, at)
    except TranslationError as error:
        log.warning("trace.event_not_understood", problem=str(error))
        return None
