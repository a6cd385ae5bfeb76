"""Where the running dialer's decisions are written, to be replayed by `callfloor replay`."""

import re
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import structlog

from calls.ids import CampaignName
from dialer.pacing import Pacer
from dialer.pacing.journal import PacerOptions, RecordingPacer

log = structlog.get_logger("dialer.pace")

MAX_JOURNAL_BYTES = 256 * 1024 * 1024
"""About a week of one busy campaign; a journal that is full is closed, dialling goes on."""


class BoundedFile:
    """Takes the lines of a journal until it is full, or cannot be written: then says so, once."""

    def __init__(self, file: BinaryIO, max_bytes: int) -> None:
        self._file: BinaryIO | None = file
        self._left = max_bytes

    def write(self, line: bytes) -> None:
        """Write the line whole or not at all; a journal is never a reason not to dial."""
        if self._file is None:
            return None
        self._left -= len(line)
        try:
            if self._left < 0:
                return self._end("it is full")
            self._file.write(line)
        except OSError as error:
            self._end(error.strerror or "it cannot be written")

    def close(self) -> None:
        """Take no more."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _end(self, reason: str) -> None:
        log.warning("pace.journal_ended", reason=reason)
        self.close()


class PaceJournals:
    """Makes pacers whose decisions are written to a file each. folder: None: they are not."""

    def __init__(self, folder: Path | None, max_bytes: int = MAX_JOURNAL_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes
        self._open: list[BoundedFile] = []

    def close(self) -> None:
        """Close every journal; the pacers go on without."""
        for file in self._open:
            file.close()
        self._open.clear()

    def make(self, campaign: CampaignName, options: PacerOptions, now: datetime) -> Pacer:
        """Return a fresh pacer; where its journal cannot be opened it decides all the same."""
        if self._folder is None:
            return options.make()
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            # Unbuffered: the journal holds every decision up to a crash.
            file = (self._folder / _name(campaign, options.mode, now)).open("xb", buffering=0)
        except OSError as error:
            log.warning("pace.journal_not_opened", campaign=campaign, reason=error.strerror)
            return options.make()
        bounded = BoundedFile(file, self._max_bytes)
        self._open.append(bounded)
        return RecordingPacer(options, bounded)


def _name(campaign: CampaignName, mode: str, now: datetime) -> str:
    safe = re.sub(r"[^A-Za-z0-9_-]", "_", campaign)
    return f"{safe}-{mode}-{now:%Y%m%dT%H%M%S%f}.jsonl"
