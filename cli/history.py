"""`callfloor ingest --from`: take in another installation's call history."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cdr_ingest.cdr_files import CdrFileUnreadable
from cdr_ingest.cdr_import import ImportReport, take_in
from cdr_ingest.ingest import Ingester
from cdr_ingest.ingest_report import IngestReport
from cdr_ingest.ledger import LedgerUnreadable
from cdr_ingest.sources import CdrTable, CelTable, RecordSource, file_source
from cli.session import Failure, open_database
from store.cdr_table import count_cdr_rows, count_cel_rows, tables_of_history
from store.database import Database

MOST_NAMED = 1000
"""Bad rows named one by one; of more only the number is told: `callfloor calls unread` has them."""


async def take_history(
    database: Database, source: str, zone: ZoneInfo, *, dry_run: bool
) -> tuple[ImportReport, IngestReport | None]:
    """Import a file of events or CDR, or the tables `cel` and `cdr` of the Postgres of a URL.

    The second report is of the records made of events, None if there were none (or a dry run).
    Shows a bar on standard error. Raises Failure and StoreError.
    """
    report = ImportReport()
    async with _opened(source, zone) as (total, sources):
        with _bar(total) as on_done:
            try:
                for one in sources:
                    await take_in(
                        database, one, report,
                        dry_run=dry_run, most_named=MOST_NAMED, on_done=on_done,
                    )  # fmt: skip
            except (CdrFileUnreadable, LedgerUnreadable) as error:
                raise Failure(str(error)) from error
    if not report.copied or dry_run:
        return report, None
    now = datetime.now(UTC)
    ingester = Ingester(database, None, lambda: None, lambda: now, time_zone=zone.key)
    return report, await ingester.run_once(now)


@asynccontextmanager
async def _opened(source: str, zone: ZoneInfo) -> AsyncIterator[tuple[int, Sequence[RecordSource]]]:
    """Give the sources behind a name, and how much there is of them: rows or bytes."""
    if not source.startswith(("postgresql://", "postgres://")):
        path = Path(source)
        total = await asyncio.to_thread(_size_of, path)
        yield total, [await asyncio.to_thread(_source_of, path, zone)]
        return
    async with AsyncExitStack() as stack:
        theirs = await stack.enter_async_context(open_database(source))
        has_cel, has_cdr = await tables_of_history(theirs)
        if not has_cel and not has_cdr:
            raise Failure("that database has neither a table cel nor a table cdr")
        total = await count_cel_rows(theirs) if has_cel else 0
        total += await count_cdr_rows(theirs) if has_cdr else 0
        # Events first: a record made of them is never replaced by a CDR.
        sources: list[RecordSource] = [CelTable(theirs)] if has_cel else []
        yield total, [*sources, *([CdrTable(theirs, zone)] if has_cdr else [])]


@contextmanager
def _bar(total: int) -> Iterator[Callable[[int], None]]:
    bar = Progress(
        TextColumn("reading"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("reading", total=total)
        yield lambda done: bar.advance(task, done)


def _size_of(path: Path) -> int:
    if not path.is_file():
        raise Failure(f"{path}: no such file (or a URL postgresql://user@host/database)")
    return path.stat().st_size


def _source_of(path: Path, zone: ZoneInfo) -> RecordSource:
    try:
        return file_source(path, zone)
    except OSError as error:
        raise Failure(f"{path}: {error.strerror or error}") from error
