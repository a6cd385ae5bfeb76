"""Import one call list: all of its good rows or, whatever happens on the way, none."""

import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from zoneinfo import ZoneInfo

from crm.csv_export import SafeCsvWriter
from crm.csv_lines import ListFileError
from crm.csv_rows import (
    DELIMITERS,
    REPORT_COLUMNS,
    BadRow,
    ListFormat,
    RowProblem,
    chunks,
    open_list,
    read_rows,
)
from crm.lead_rows import RowRules
from crm.lead_workers import read_portions
from crm.phones import DEFAULT_REGION, is_region
from store.campaigns import CampaignStore
from store.database import Database
from store.lead_import import Added, Duplicate, LeadStaging, StagedLead, stage_leads

CHUNK_ROWS = 5_000
BIG_FILE_BYTES = 4 * 1024 * 1024
"""From here on starting worker processes (about a second) is worth it."""
MOST_WORKERS = 2
"""More would wait for the database."""
PROBLEMS_SHOWN = 100

Progress = Callable[[str, int, int], None]
"""Told the stage (`read`, then `add`), and how many bytes of how many are done."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import. encoding, delimiter, workers: None: found out. See `RowRules` for the rest.

    strict: one bad row and nothing is added. dry_run: count everything, add nothing.
    """

    encoding: str | None = None
    delimiter: str | None = None
    region: str = DEFAULT_REGION
    time_zone: str = "UTC"
    rejects: Path | None = None
    strict: bool = False
    dry_run: bool = False
    workers: int | None = None


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What became of a file. rows = added + already_there + duplicates + rejected.

    on_do_not_call and without_zone are among the added: leads that are never dialled.
    problems: the first `PROBLEMS_SHOWN`, by line. is_kept: False: nothing was added; the counts
    say what would have been.
    """

    campaign: str
    file: str
    encoding: str
    delimiter: str
    rows: int
    added: int
    already_there: int
    duplicates: int
    rejected: int
    on_do_not_call: int
    without_zone: int
    is_kept: bool
    dry_run: bool
    seconds: float
    problems: tuple[RowProblem, ...]


@dataclass(slots=True)
class _Rejects:
    """Counts bad rows, remembers the first, and writes all of them to a file if there is one."""

    writer: SafeCsvWriter | None
    count: int = 0
    problems: list[RowProblem] = field(default_factory=list)

    def add(self, row: BadRow) -> None:
        self.count += 1
        if len(self.problems) < PROBLEMS_SHOWN:
            self.problems.append(row.problem)
        if self.writer is not None:
            problem = row.problem
            self.writer.write([problem.line, problem.field, problem.reason, *row.texts])


def _no_progress(stage: str, done: int, total: int) -> None:
    pass


async def import_leads(
    database: Database,
    campaign: str,
    path: Path,
    options: ImportOptions = ImportOptions(),
    progress: Progress = _no_progress,
) -> ImportReport:
    """Add the file's leads to a campaign.

    Raises UnknownCampaign, ListFileError (the file as a whole is no call list), ImportRunning or
    WorkerLost; then nothing was added.
    """
    started = perf_counter()
    rules_of = _check_options(path, options)
    campaign_id = (await CampaignStore(database).campaign(campaign)).campaign_id
    form = open_list(path, options.encoding, options.delimiter)
    rules = rules_of(form.columns)
    with _rejects(path, options.rejects, form) as bad, _rejects_of_duplicates(bad) as twice:
        async with stage_leads(database) as staging:
            staged = await _stage(staging, path, form, rules, options, bad, progress)
            await _report_duplicates(staging, form, twice)
            progress("add", 0, 0)
            keep = not options.dry_run and not (options.strict and bad.count + twice.count)
            added = await staging.merge(campaign_id, keep=keep) if staged else Added()
    problems = sorted(bad.problems + twice.problems, key=lambda problem: problem.line)
    return ImportReport(
        campaign=campaign,
        file=path.name,
        encoding=form.encoding,
        delimiter=DELIMITERS.get(form.delimiter, form.delimiter),
        rows=staged + bad.count,
        added=added.added,
        already_there=added.already_there,
        duplicates=twice.count,
        rejected=bad.count,
        on_do_not_call=added.on_do_not_call,
        without_zone=added.without_zone,
        is_kept=keep,
        dry_run=options.dry_run,
        seconds=perf_counter() - started,
        problems=tuple(problems[:PROBLEMS_SHOWN]),
    )
