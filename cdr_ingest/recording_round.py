"""The service's round over MixMonitor's folder: what has settled is linked to its record."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from cdr_ingest.recordings import LinkReport, link_recordings
from config.timeouts import RECORDING_LINK_SECONDS, RECORDING_SETTLED_SECONDS
from store.database import Database
from store.errors import StoreError

_SETTLED = timedelta(seconds=RECORDING_SETTLED_SECONDS)
_log = structlog.get_logger(__name__)


class RecordingRound:
    """Does what `callfloor recordings link` does, again and again; tells each trouble once."""

    def __init__(self, database: Database, folder: Path, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._folder = folder
        self._clock = clock
        self._done: set[str] = set()
        self._told: set[str] = set()

    async def run(self, stop: asyncio.Event) -> None:
        """Link until `stop` is set; trouble is logged and tried again."""
        while not stop.is_set():
            try:
                await self.work(self._clock())
            except (StoreError, OSError) as error:
                self._tell("recordings_unlinked", str(error))
            try:
                await asyncio.wait_for(stop.wait(), RECORDING_LINK_SECONDS)
            except TimeoutError:
                continue

    async def work(self, now: datetime) -> LinkReport:
        """Do one round; raises StoreError, and OSError where the folder cannot be read."""
        report = await link_recordings(self._database, self._folder, now - _SETTLED, self._done)
        self._done |= report.done
        for problem in report.bad:
            self._tell("recording_unreadable", problem)
        if report.linked:
            _log.info("recordings_linked", linked=report.linked, waiting=report.waiting)
        return report

    def _tell(self, event: str, problem: str) -> None:
        # Else the same torn file would fill the log, once a round.
        if problem not in self._told:
            self._told.add(problem)
            _log.warning(event, folder=str(self._folder), error=problem)
