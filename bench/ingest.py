"""From CEL rows to final, unique, summed-up records: rows/s against plain COPY, memory, proof."""

import argparse
import asyncio
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from statistics import median

import psycopg

from bench._cel_load import COLUMNS, CelTuple, Load
from bench._scratch import ON_DISK, Scratch, scratch_database
from bench.dial.usage import usage_of
from cdr_ingest.ingest import Ingester
from store import records
from store.database import Database
from store.months import drop_cel_months, ensure_months, month_of

START = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK_ROWS = 100_000
COMPARED_EVERY = 4
"""Chunks: the baseline is measured beside the first of each four, in the same minute."""
TARGET = 0.4
TEN_MILLION = 10_000_000
KEPT = timedelta(days=30)


@dataclass(slots=True)
class Figures:
    """What was measured chunk by chunk; seconds by what was done."""

    rows: int = 0
    written: int = 0
    bare: list[float] = field(default_factory=list)
    indexed: list[float] = field(default_factory=list)
    ingest: list[float] = field(default_factory=list)
    python_seconds: float = 0.0
    indexed_cpu: list[float] = field(default_factory=list)
    ingest_cpu: list[float] = field(default_factory=list)
    peak_mb: list[int] = field(default_factory=list)


def chunks(load: Load) -> Iterator[list[CelTuple]]:
    """Cut the load into pieces that a COPY takes at once."""
    rows = load.rows()
    while chunk := list(islice(rows, CHUNK_ROWS)):
        yield chunk


async def timed_copy(database: Database, table: str, rows: list[CelTuple]) -> float:
    """Return rows/s."""
    naive = [(row[0], row[1].replace(tzinfo=None), *row[2:]) for row in rows]
    begin = time.perf_counter()
    await database.copy_rows(table, COLUMNS, naive)
    return len(rows) / (time.perf_counter() - begin)


def cpu_seconds(server_pid: int) -> float:
    """Return what this process and Postgres have used: the same when others keep the cores busy."""
    return time.process_time() + usage_of(server_pid).cpu_seconds


async def one_chunk(
    scratch: Scratch,
    database: Database,
    ingester: Ingester,
    chunk: list[CelTuple],
    figures: Figures,
) -> None:
    """COPY the rows into a bare table and into one like `cel`, then ingest them from `cel`."""
    with psycopg.connect(scratch.url, autocommit=True) as connection:
        connection.execute("TRUNCATE bare_copy, indexed_copy")
    is_compared = len(figures.ingest) % COMPARED_EVERY == 0
    if is_compared:
        figures.bare.append(await timed_copy(database, "bare_copy", chunk))
        before = cpu_seconds(scratch.server_pid)
        figures.indexed.append(await timed_copy(database, "indexed_copy", chunk))
        figures.indexed_cpu.append((cpu_seconds(scratch.server_pid) - before) / len(chunk))
    async with database.transaction() as session:
        await ensure_months(session, "cel", {month_of(row[1]) for row in chunk})
    await timed_copy(database, "cel", chunk)
    now = chunk[-1][1] + timedelta(hours=1)
    before = cpu_seconds(scratch.server_pid)
    begin, cpu = time.perf_counter(), time.process_time()
    report = await ingester.run_once(now)
    _say_progress(figures, len(chunk))
    figures.ingest.append(len(chunk) / (time.perf_counter() - begin))
    figures.python_seconds += time.process_time() - cpu
    figures.ingest_cpu.append((cpu_seconds(scratch.server_pid) - before) / len(chunk))
    figures.rows += len(chunk)
    figures.written += report.written
    figures.peak_mb.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
    if report.bad_rows or report.failed:
        raise SystemExit(f"bench: {report.bad_rows[:1]} {report.failed[:1]}")
    async with records.ingest_transaction(database) as session:
        await drop_cel_months(session, now - KEPT)


def _say_progress(figures: Figures, rows: int) -> None:
    if len(figures.ingest) % 20 == 19:
        print(f"  {figures.rows + rows:,} rows", file=sys.stderr, flush=True)


def prove(url: str, calls: int) -> list[str]:
    """Return what is wrong: every call once, and sums that equal the records."""
    with psycopg.connect(url) as connection:
        count, unique, talk, effective = connection.execute(
            "SELECT count(*), count(DISTINCT call_id), sum(talk_seconds),"
            " count(*) FILTER (WHERE effective) FROM call"
            " WHERE network_result <> 'system_error'"
        ).fetchone() or (0, 0, 0, 0)
        (total,) = connection.execute("SELECT count(*) FROM call").fetchone() or (0,)
        sums = connection.execute(
            "SELECT dimension, sum(attempts), sum(talk_microseconds) / 1000000, sum(effective)"
            " FROM call_sum GROUP BY dimension"
        ).fetchall()
    wrong = [] if (total, count) == (calls, unique) else [f"{total} records of {calls} calls"]
    return wrong + [
        f"{name}: sums say {told}, the records {(count, talk, effective)}"
        for name, *told in sums
        if tuple(told) != (count, talk, effective)
    ]


async def measure(scratch: Scratch, calls: int, days: float) -> Figures:
    """Load and ingest all calls, chunk by chunk."""
    database = await Database.open(scratch.url)
    with psycopg.connect(scratch.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bare_copy (LIKE cel INCLUDING DEFAULTS)")
        connection.execute("CREATE TABLE indexed_copy (LIKE cel INCLUDING ALL)")
        for table in ("bare_copy", "indexed_copy"):
            # Of their own, or cel's ids get gaps, for whose rows the ingester waits and looks.
            connection.execute(f"CREATE SEQUENCE {table}_ids")
            connection.execute(
                f"ALTER TABLE {table} ALTER COLUMN id SET DEFAULT nextval('{table}_ids')"
            )
    figures = Figures()
    now = START
    ingester = Ingester(database, None, lambda: None, lambda: now)
    load = Load(calls, START, timedelta(days=days))
    for chunk in chunks(load):
        await one_chunk(scratch, database, ingester, chunk, figures)
    await database.close()
    return figures


def show(figures: Figures, calls: int) -> None:
    """Print the table and the ratios, medians over the chunks."""
    bare, indexed, ingest = (median(x) for x in (figures.bare, figures.indexed, figures.ingest))
    print(f"{calls:,} calls, {figures.rows:,} CEL rows, {figures.written:,} records written")
    print(f"{'':34}{'rows/s':>10}{'ratio':>8}")
    print(f"{'COPY into a table without index':34}{bare:10,.0f}{'':8}")
    print(f"{'COPY into a table like cel':34}{indexed:10,.0f}{1:8.2f}  baseline")
    compared = figures.ingest[::COMPARED_EVERY]
    ratio = median(i / c for i, c in zip(compared, figures.indexed, strict=True))
    verdict = "reached" if ratio >= TARGET else "missed"
    print(f"{'ingest to summed-up records':34}{ingest:10,.0f}{ratio:8.2f}  {TARGET} is {verdict}")
    to_bare = median(i / c for i, c in zip(compared, figures.bare, strict=True))
    print(f"against COPY without index {to_bare:.2f}")
    copied = median(figures.indexed_cpu)
    spent = [mine / copied for mine in figures.ingest_cpu]
    print(f"CPU of Python and Postgres together {1 / median(spent):.2f} of COPY's")
    print(f"Python {1e6 * figures.python_seconds / figures.rows:.1f} us of CPU for each row")
    early, late = figures.peak_mb[len(figures.peak_mb) // 10], figures.peak_mb[-1]
    print(f"peak memory {early} MB after a tenth, {late} MB at the end")


def main() -> None:
    """Run it on an embedded Postgres in a scratch folder, which is removed afterwards."""
    parser = argparse.ArgumentParser(prog="bin/bench ingest", description=__doc__)
    parser.add_argument("--calls", type=int, default=50_000, help="up to 10000000")
    parser.add_argument("--days", type=float, help="to spread them; else ten million a year")
    parser.add_argument("--folder", type=Path, default=ON_DISK, help="for scratch, on disk")
    options = parser.parse_args()
    with scratch_database(options.folder) as scratch:
        days = options.days or 365 * options.calls / TEN_MILLION
        figures = asyncio.run(measure(scratch, options.calls, days))
        show(figures, options.calls)
        wrong = prove(scratch.url, options.calls)
    for line in wrong:
        print(line)
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
