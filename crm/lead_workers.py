"""Worker processes that read rows of big lists, so that no event loop stands still."""

import asyncio
import multiprocessing
import os
import threading
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import aclosing
from multiprocessing.connection import wait

from crm.csv_rows import BadRow, RawRow
from crm.lead_rows import ReadRows, RowRules, read_leads

Portion = tuple[list[RawRow], list[BadRow]]


class WorkerLost(RuntimeError):
    """A worker process ended in the middle of the list; nothing of it was imported."""


async def read_portions(
    portions: Iterator[Portion], rules: RowRules, workers: int
) -> AsyncGenerator[ReadRows, None]:
    """Yield what each portion of rows became, in their order. workers: 0 reads in this process."""
    if workers == 0:
        for good, bad in portions:
            yield _joined(read_leads(good, rules), bad)
            await asyncio.sleep(0)
        return
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
    )
    try:
        async with aclosing(_read_ahead(pool, portions, rules, workers)) as reading:
            async for read in reading:
                yield read
    except BrokenProcessPool as error:
        raise WorkerLost("a worker process ended (out of memory?)") from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


async def _read_ahead(
    pool: ProcessPoolExecutor, portions: Iterator[Portion], rules: RowRules, workers: int
) -> AsyncGenerator[ReadRows, None]:
    """Keep each worker busy with one portion, and one more waiting for it; never more."""
    loop = asyncio.get_running_loop()
    under_way: deque[tuple[asyncio.Future[ReadRows], list[BadRow]]] = deque()
    for good, bad in portions:
        under_way.append((loop.run_in_executor(pool, read_leads, good, rules), bad))
        if len(under_way) > 2 * workers:
            future, bad_rows = under_way.popleft()
            yield _joined(await future, bad_rows)
    while under_way:
        future, bad_rows = under_way.popleft()
        yield _joined(await future, bad_rows)


def _joined(read: ReadRows, bad: list[BadRow]) -> ReadRows:
    return ReadRows(read.leads, sorted(read.bad + bad, key=lambda row: row.problem.line))


def _end_with_parent() -> None:
    """A pool's workers wait for ever when their parent was killed; these end with it."""
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()
