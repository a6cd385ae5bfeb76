"""Record wanted AMI events as JSON lines, and read them back: live and replay are one path."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import structlog

from ami_bridge.errors import TranslationError
from ami_bridge.framing import Frame
from ami_bridge.translate import translate
from calls.facts import Fact

log = structlog.get_logger("ami_bridge.trace")


class TraceRecorder:
    """A recorder for AsteriskSwitch. It stops, loudly, when the disk fails; the link goes on.

    A trace holds phone numbers: treat it like the call records.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._failed = False

    def __call__(self, at: datetime, frame: Frame) -> None:
        """Append one event."""
        if self._failed:
            return
        try:
            line = {"at": at.isoformat(), "event": frame.name, "text": frame.text}
            self._file.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:
            self._stop(error)

    def close(self) -> None:
        """Write what is buffered."""
        try:
            self._file.close()
        except OSError as error:
            self._stop(error)

    def _stop(self, error: OSError) -> None:
        log.error("trace.stopped", problem=str(error))
        self._failed = True
        with suppress(OSError):
            self._file.close()  # tries to write what is buffered, too


def read_trace(path: Path) -> Iterator[tuple[datetime, Frame]]:
    """Yield each recorded event with the time at which it came."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            frame = Frame(entry["text"].encode(), entry["event"])
            yield datetime.fromisoformat(entry["at"]), frame


def replay(path: Path) -> Iterator[Fact]:
    """Yield the facts of a trace; events that cannot be understood are logged and left out."""
    for at, frame in read_trace(path):
        try:
            fact = translate(frame, at)
        except TranslationError as error:
            log.warning("trace.event_not_understood", problem=str(error))
            continue
        if fact is not None:
            yield fact
