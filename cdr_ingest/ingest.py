"""The shell: new CEL rows -> whole calls -> records, exactly once.

Whatever dies in between, nothing is half-done: records and position change in one transaction,
under one lock, and the same rows always make the same records. So any number of runs and
processes may read the same rows.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path

import structlog

from cdr_ingest.correlate import CallGroup, correlate
from cdr_ingest.cursor import RowCursor
from cdr_ingest.ingest_report import IngestReport, Taken, Waiting
from cdr_ingest.ledger import LedgerUnreadable
from cdr_ingest.ledger_copy import copy_ledger
from cdr_ingest.pages import NO_PAGE, Page, PageReader, collector_paused, page_of
from cdr_ingest.write import FinishedCall, write_calls
from config.timeouts import (
    INGEST_CUT_GRACE_SECONDS,
    INGEST_LATE_ROW_SECONDS,
    INGEST_LEDGER_GRACE_SECONDS,
    INGEST_POLL_SECONDS,
)
from store import cel_rows, records
from store.database import Database, Session
from store.errors import DatabaseRefused, StoreError
from store.months import know_months, month_of, prepare_months, read_kept_from
from store.sums import read_sum_zone, rebuild_sums
from store.unread_rows import keep_unread

PAGE_CALLS = 200
"""Calls looked at again in one transaction."""
_READ = "cel"  # ingest_position: up to this id every row was seen
_RECORDED = "cel-recorded"  # ingest_position: up to this id every row's call has its record
_CUT_GRACE = timedelta(seconds=INGEST_CUT_GRACE_SECONDS)
_LEDGER_GRACE = timedelta(seconds=INGEST_LEDGER_GRACE_SECONDS)
_log = structlog.get_logger(__name__)


def _nothing_known() -> None:
    return None


class Ingester:
    """Turns rows into records.

    ledger_path: Asterisk's own CEL CSV, None if there is none to repair from.
    live_calls: linkedids that Asterisk has now, None while that is not known.
    link_lost_at: when the link to Asterisk was last lost: the best guess at when a call was cut.
    time_zone: the organisation's, in which the days of the sums begin.
    """

    def __init__(
        self,
        database: Database,
        ledger_path: Path | None,
        live_calls: Callable[[], frozenset[str] | None],
        clock: Callable[[], datetime],
        *,
        link_lost_at: Callable[[], datetime | None] = _nothing_known,
        time_zone: str = "UTC",
    ) -> None:
        self._database = database
        self._ledger_path = ledger_path
        self._live_calls = live_calls
        self._clock = clock
        self._link_lost_at = link_lost_at
        self._lock = asyncio.Lock()
        self._cursor: RowCursor | None = None
        self._waiting: dict[str, Waiting] = {}
        self._just_ended: frozenset[str] = frozenset()
        self._ledger_error = ""
        self._month: date | None = None
        self._time_zone = time_zone
        self._kept_from: datetime | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Ingest until `stop` is set; trouble is logged and tried again."""
        while not stop.is_set():
            try:
                self._log_report(await self.run_once(self._clock()))
            except StoreError as error:
                _log.warning("ingest_failed", error=str(error))
            try:
                await asyncio.wait_for(stop.wait(), INGEST_POLL_SECONDS)
            except TimeoutError:
                continue

    async def run_once(self, now: datetime) -> IngestReport:
        """Take in all that is there now; raises StoreError, after which it can be run again.

        Safe to call while `run` is at work: one waits for the other.
        """
        async with self._lock:
            return await self._run_once(now)

    async def run_again(self, since: datetime, now: datetime) -> IngestReport:
        """Take in what is new, then make the records of all calls since then afresh.

        Raises StoreError. Nothing changes where the same rows made the same record before.
        """
        async with self._lock:
            report = await self._run_once(now)
            first = await cel_rows.first_cel_id(self._database, since)
            if first is not None:
                lifetime = timedelta(seconds=INGEST_LATE_ROW_SECONDS)
                cursor = RowCursor(first - 1, gap_lifetime=lifetime)
                report.rows = 0
                await self._take_pages(cursor, report, now)
            report.waiting = len(self._waiting)
            return report

    async def record_calls(self, linkedids: Collection[str], now: datetime) -> IngestReport:
        """Make the records of these calls afresh from the table's rows; raises StoreError."""
        async with self._lock:
            report = await self._run_once(now)
            cursor = await self._start(report, now)
            known = iter(list(linkedids))
            while page := list(islice(known, PAGE_CALLS)):
                await self._take(page, cursor, report, now)
            return report

    async def _run_once(self, now: datetime) -> IngestReport:
        report = IngestReport()
        try:
            await self._copy_ledger(report, now)
            cursor = await self._start(report, now)
            await self._read_new(cursor, report, now)
            await self._look_again(cursor, report, now)
        except BaseException:
            # What was not committed is not known: begin again from what the database says.
            self._cursor = None
            raise
        report.waiting = len(self._waiting)
        bad = [(row.origin, row.field, row.reason) for row in report.bad_rows]
        await keep_unread(self._database, "events", bad)
        return report

    async def _copy_ledger(self, report: IngestReport, now: datetime) -> None:
        if self._ledger_path is None:
            return
        try:
            copied = await copy_ledger(self._database, self._ledger_path, now)
        except LedgerUnreadable as error:
            report.ledger_error = str(error)
            return
        self._just_ended = copied.just_ended
        report.copied = copied.copied
        report.bad_rows += copied.bad
        report.is_ledger_tail_lost = copied.is_tail_lost

    async def _start(self, report: IngestReport, now: datetime) -> RowCursor:
        """Find out where the last run ended, and which calls it left waiting."""
        if self._cursor is not None and self._month == month_of(now):
            return self._cursor
        self._month = month_of(now)
        async with records.ingest_transaction(self._database) as session:
            await prepare_months(session, now)
            self._kept_from = await read_kept_from(session)
            if await read_sum_zone(session) != self._time_zone:
                await rebuild_sums(session, self._time_zone)
        await know_months(self._database)
        position, _ = await cel_rows.read_position(self._database, _READ)
        recorded, _ = await cel_rows.read_position(self._database, _RECORDED)
        lifetime = timedelta(seconds=INGEST_LATE_ROW_SECONDS)
        cursor = RowCursor(position, gap_lifetime=lifetime)
        left = await cel_rows.open_cel(self._database, recorded)
        # All of them at once, so that no page's position goes past the calls of a later page.
        self._waiting = {k: Waiting(first, now) for k, first in left.items() if first <= position}
        known = iter(list(self._waiting))
        while page := list(islice(known, PAGE_CALLS)):
            await self._take(page, cursor, report, now)
        self._cursor = cursor
        return cursor

    async def _read_new(self, cursor: RowCursor, report: IngestReport, now: datetime) -> None:
        late = await cel_rows.late_cel(self._database, cursor.gaps)
        cursor.forget_old_gaps(now)
        if late:
            ids = frozenset(row_id for row_id, _ in late)
            cursor.read(ids, now)
            report.rows += len(ids)
            await self._take({linkedid for _, linkedid in late}, cursor, report, now, ids)
        await self._take_pages(cursor, report, now)

    async def _take_pages(self, cursor: RowCursor, report: IngestReport, now: datetime) -> None:
        reader = PageReader(self._database)
        try:
            is_more = True
            while is_more:
                with collector_paused():
                    is_more = await self._take_page(reader, cursor, report, now)
        finally:
            await reader.close()

    async def _take_page(
        self, reader: PageReader, cursor: RowCursor, report: IngestReport, now: datetime
    ) -> bool:
        """Record the calls of the next rows in one transaction; False if there are none."""
        raw = NO_PAGE.raw
        try:
            async with records.ingest_transaction(self._database) as session:
                page = await reader.page_after(session, cursor.highest)
                raw = page.raw
                if not raw:
                    return False
                ids = {member for row in raw for member in (row.uniqueid, row.linkedid)}
                rest = page_of(await cel_rows.cel_of_calls(session, ids, raw))
                cursor.read([row.id for row in raw], now)
                taken = await self._record(session, ids, page.joined(rest), cursor, now)
        except DatabaseRefused:
            if not raw:
                raise
            cursor.read([row.id for row in raw], now)
            linkedids = {row.linkedid for row in raw}
            await self._take(linkedids, cursor, report, now, frozenset(row.id for row in raw))
        else:
            self._waiting = taken.waiting
            taken.add_to(report, frozenset(row.id for row in raw))
        report.rows += len(raw)
        return True

    async def _look_again(self, cursor: RowCursor, report: IngestReport, now: datetime) -> None:
        """Look at waiting calls that no new row touches: ended ones, and those that were cut."""
        live = self._live_calls()

        def may_be_over(linkedid: str, call: Waiting) -> bool:
            is_gone = live is not None and linkedid not in live
            return call.has_ended or (is_gone and call.last_at < now - _CUT_GRACE)

        due = iter([k for k, call in self._waiting.items() if may_be_over(k, call)])
        while page := list(islice(due, PAGE_CALLS)):
            await self._take(page, cursor, report, now)

    async def _take(
        self,
        linkedids: Collection[str],
        cursor: RowCursor,
        report: IngestReport,
        now: datetime,
        new_ids: frozenset[int] = frozenset(),
    ) -> None:
        """Record these calls and remember the position, in one transaction."""
        try:
            await self._take_together(linkedids, cursor, report, now, new_ids)
        except DatabaseRefused:
            # One call that Postgres refuses must not hold up the rest: find out which it is.
            for linkedid in linkedids:
                try:
                    await self._take_together([linkedid], None, report, now, new_ids)
                except DatabaseRefused as error:
                    _log.error("call_not_recorded", call_id=linkedid, error=str(error))
                    report.failed.append(f"call {linkedid}: {error}")
            await self._take_together((), cursor, report, now, new_ids)

    async def _take_together(
        self,
        linkedids: Collection[str],
        cursor: RowCursor | None,
        report: IngestReport,
        now: datetime,
        new_ids: frozenset[int],
    ) -> None:
        async with records.ingest_transaction(self._database) as session:
            page = page_of(await cel_rows.cel_of_calls(session, linkedids))
            taken = await self._record(session, linkedids, page, cursor, now)
        self._waiting = taken.waiting
        taken.add_to(report, new_ids)

    async def _record(
        self,
        session: Session,
        looked_at: Collection[str],
        page: Page,
        cursor: RowCursor | None,
        now: datetime,
    ) -> "Taken":
        groups, too_late = self._split_late(correlate(page.rows))
        verdicts = [(group, self._finished(group, now)) for group in groups]
        finished = [call for _, call in verdicts if call is not None]
        written = await write_calls(session, finished)
        unfinished = [group for group, call in verdicts if call is None]
        waiting = self._still_waiting(looked_at, page, unfinished)
        if cursor is not None:
            await _save(session, cursor, waiting)
        written = replace(written, failed=(*written.failed, *too_late))
        return Taken(waiting, written, sum(c.cut_at is not None for c in finished), page.bad)

    def _split_late(self, groups: Iterable[CallGroup]) -> tuple[list[CallGroup], list[str]]:
        """Set calls aside whose other rows may have been dropped: they would make half a record."""
        kept = self._kept_from
        if kept is None:
            return list(groups), []
        found = list(groups)
        late = [group for group in found if group.rows[0].at < kept]
        return [group for group in found if group.rows[0].at >= kept], [
            f"call {group.rows[0].linkedid}: rows of {group.rows[0].at.isoformat()} came too late: "
            f"the raw events before {kept.date()} were dropped; its record stays"
            for group in late
        ]

    def _finished(self, group: CallGroup, now: datetime) -> FinishedCall | None:
        last = group.rows[-1].at
        if group.is_complete:
            return FinishedCall(group) if self._is_repaired(group, last, now) else None
        live = self._live_calls()
        if live is None or live & group.ids or last >= now - _CUT_GRACE:
            return None
        lost = self._link_lost_at()
        return FinishedCall(group, cut_at=max(last, lost) if lost else last)

    def _is_repaired(self, group: CallGroup, last: datetime, now: datetime) -> bool:
        """Whether rows of this call that the table lost have been copied from the ledger.

        Without it a call whose answer was lost would stand as unanswered for a while, and its
        lead might be dialled again. A ledger that is not written does not hold records up.
        """
        if self._ledger_path is None or last <= now - _LEDGER_GRACE:
            return True
        return self._just_ended >= {row.linkedid for row in group.rows}

    def _still_waiting(
        self,
        linkedids: Iterable[str],
        page: Page,
        unfinished: Sequence[CallGroup],
    ) -> dict[str, Waiting]:
        is_open = {row.linkedid for group in unfinished for row in group.rows}
        first_ids: dict[str, int] = {}
        for raw in page.raw:
            if raw.linkedid in is_open:
                first_ids[raw.linkedid] = min(raw.id, first_ids.get(raw.linkedid, raw.id))
        looked_at = {raw.linkedid for raw in page.raw}.union(linkedids)
        waiting = {k: call for k, call in self._waiting.items() if k not in looked_at}
        for group in unfinished:
            for linkedid in {row.linkedid for row in group.rows}:
                waiting[linkedid] = Waiting(
                    first_ids[linkedid], group.rows[-1].at, group.is_complete
                )
        return waiting

    def _log_report(self, report: IngestReport) -> None:
        if report.written or report.copied:
            _log.info("ingested", written=report.written, copied=report.copied, cut=report.cut)
        for bad in report.bad_rows:
            _log.warning("bad_cel_row", error=str(bad))
        if report.is_ledger_tail_lost:
            _log.warning("ledger_tail_lost", hint="keep the old part uncompressed (delaycompress)")
        if report.ledger_error != self._ledger_error:
            self._ledger_error = report.ledger_error
            _log.warning("ledger_unreadable", error=report.ledger_error or "readable again")


async def _save(session: Session, cursor: RowCursor, waiting: dict[str, Waiting]) -> None:
    await cel_rows.advance_position(session, _READ, cursor.position)
    recorded = min((call.first_id - 1 for call in waiting.values()), default=cursor.position)
    await cel_rows.advance_position(session, _RECORDED, min(recorded, cursor.position))
