"""Once a night: compare and repair, close days, drop old raw events."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from cdr_ingest.ingest import Ingester
from cdr_ingest.ledger import LedgerUnreadable
from cdr_ingest.reconcile import found_differences, reconcile, repair
from config.timeouts import NIGHTLY_LOOK_SECONDS
from store import records
from store.database import Database
from store.errors import StoreError
from store.months import DroppedMonth, drop_cel_months
from store.reconciliations import save_differences
from store.sums import close_days

NIGHT = time(3, 30)
"""Local time from which a day's work is done: after any clock change, before anybody works."""
OPEN_DAYS = 2
"""Today and yesterday stay open; earlier days are closed."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NightReport:
    """What a night's work found and did. unreconciled: differing calls before the repair."""

    unreconciled: int
    differing_sums: int
    repaired: int
    left: int
    closed: tuple[date, ...]
    dropped: tuple[DroppedMonth, ...]


class Nightly:
    """Does the night's work once for each local day.

    cel_days: how long raw events are kept. ledger: Asterisk's CSV, None if there is none.
    last: the latest report, None before the first.
    """

    def __init__(
        self,
        database: Database,
        ingester: Ingester,
        ledger: Path | None,
        clock: Callable[[], datetime],
        *,
        time_zone: str,
        cel_days: int,
    ) -> None:
        self.last: NightReport | None = None
        self._database = database
        self._ingester = ingester
        self._ledger = ledger
        self._clock = clock
        self._zone = ZoneInfo(time_zone)
        self._cel_days = cel_days
        self._done: date | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Work every night until `stop` is set; trouble is logged and tried again."""
        while not stop.is_set():
            local = self._clock().astimezone(self._zone)
            if local.time() >= NIGHT and self._done != local.date():
                try:
                    self.last = await self.work(self._clock())
                    self._done = local.date()
                except (StoreError, LedgerUnreadable) as error:
                    _log.warning("night_work_failed", error=str(error))
            try:
                await asyncio.wait_for(stop.wait(), NIGHTLY_LOOK_SECONDS)
            except TimeoutError:
                continue

    async def work(self, now: datetime) -> NightReport:
        """Do one night's work; raises StoreError and LedgerUnreadable.

        Safe at any time, any number of times.
        """
        ledger = self._ledger if self._ledger and self._ledger.exists() else None
        found = await reconcile(self._database, ledger)
        repaired, left = 0, found.unreconciled
        if ledger is not None and found.has_differences:
            done = await repair(self._database, ledger, self._ingester, found, now)
            repaired = done.written
            left = (await reconcile(self._database, ledger)).unreconciled
        kept = found_differences(found, now, "night", repaired=repaired, left_over=left)
        await save_differences(self._database, kept)
        today = now.astimezone(self._zone).date()
        async with records.ingest_transaction(self._database) as session:
            closed = await close_days(session, today - timedelta(days=OPEN_DAYS - 1))
            kept_from = datetime.combine(today, time.min, UTC) - timedelta(days=self._cel_days)
            dropped = await drop_cel_months(session, kept_from)
        report = NightReport(
            found.unreconciled, len(found.sum_differences), repaired, left, tuple(closed),
            tuple(dropped),
        )  # fmt: skip
        _log.info(
            "night_work_done", unreconciled=report.unreconciled, repaired=repaired, left=left,
            closed=len(closed), dropped=[month.name for month in dropped],
        )  # fmt: skip
        return report
