"""`callfloor ingest --from`: take in another installation's call history."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from cdr_ingest.cdr_files import CdrFileUnreadable, CdrLine, read_cdr_file
from cdr_ingest.cdr_import import BATCH_ROWS, ImportReport, import_cdr
from cdr_ingest.cdr_rows import BadCdr, Cdr, parse_cdr
from cli.session import Failure, open_database
from store.cdr_table import count_cdr_rows, read_cdr_table
from store.database import Database

MOST_NAMED = 1000
"""Bad rows named one by one; of more only the number is told."""
_Batches = AsyncIterator[list[Cdr | BadCdr]]


async def take_history(
    database: Database, source: str, zone: ZoneInfo, *, dry_run: bool
) -> ImportReport:
    """Import from a CDR file, or from the table `cdr` of the Postgres that a URL names.

    Shows a bar on standard error. Raises Failure and StoreError.
    """
    bar = Progress(
        TextColumn("reading"),
        BarColumn(),
        TextColumn("{task.percentage:3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    with bar:
        task = bar.add_task("reading", total=None)
        if source.startswith(("postgresql://", "postgres://")):
            async with open_database(source) as theirs:
                bar.update(task, total=await count_cdr_rows(theirs))
                return await import_cdr(
                    database,
                    _of_table(theirs, zone),
                    dry_run=dry_run,
                    most_named=MOST_NAMED,
                    on_rows=lambda rows: bar.advance(task, rows),
                )
        path = Path(source)
        bar.update(task, total=await asyncio.to_thread(_size_of, path))
        try:
            return await import_cdr(
                database,
                _of_file(path, zone, lambda size: bar.advance(task, size)),
                dry_run=dry_run,
                most_named=MOST_NAMED,
                on_rows=lambda _: None,
            )
        except CdrFileUnreadable as error:
            raise Failure(str(error)) from error


def _size_of(path: Path) -> int:
    if not path.is_file():
        raise Failure(f"{path}: no such file (or a URL postgresql://user@host/database)")
    return path.stat().st_size


async def _of_table(theirs: Database, zone: ZoneInfo) -> _Batches:
    number = 0
    async for rows in read_cdr_table(theirs):
        batch: list[Cdr | BadCdr] = []
        for row in rows:
            number += 1
            origin = f"table cdr uniqueid {row.get('uniqueid') or f'(none, row {number})'}"
            try:
                batch.append(parse_cdr(origin, row, zone))
            except BadCdr as error:
                batch.append(error)
        yield batch


async def _of_file(path: Path, zone: ZoneInfo, on_bytes: Callable[[int], None]) -> _Batches:
    lines: Iterator[CdrLine] = read_cdr_file(path, zone)
    while batch := list(islice(lines, BATCH_ROWS)):
        on_bytes(sum(line.read_bytes for line in batch))
        yield [line.row for line in batch]
