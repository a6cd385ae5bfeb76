"""Import one call list: all of its good rows or, whatever happens on the way, none."""

import asyncio
import os
from collections.abc import Callable, Iterator
from contextlib import aclosing, contextmanager
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
from store.lead_import import Added, LeadStaging, StagedLead, stage_leads

CHUNK_ROWS = 5_000
BIG_FILE_BYTES = 4 * 1024 * 1024
"""From here on starting worker processes (about a second) is worth it."""
MOST_WORKERS = 2
"""More would wait for the database."""
PROBLEMS_SHOWN = 100
LIST_NAME_LENGTH = 80
"""Of the column; a longer file name is cut."""


class ImportOptionError(ValueError):
    """An option of the import makes no sense; nothing was read."""


Progress = Callable[[str, int, int], None]
"""Told the stage (`read`, then `add`), and how many bytes of how many are done."""


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """How to import. encoding, delimiter, workers: None: found out. See `RowRules` for the rest.

    list_name: by which the outbound list knows these leads; None: the file's name.

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
    list_name: str | None = None


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


def list_name(path: Path, options: ImportOptions) -> str:
    """Return the name of the list: the given one, else the file's without its ending."""
    named = path.stem if options.list_name is None else options.list_name
    return "".join(letter for letter in named if letter.isprintable())[:LIST_NAME_LENGTH]


def _no_progress(stage: str, done: int, total: int) -> None:
    pass


async def import_leads(
    database: Database,
    campaign: str,
    path: Path,
    options: ImportOptions | None = None,
    progress: Progress = _no_progress,
) -> ImportReport:
    """Add the file's leads to a campaign.

    Raises ImportOptionError, UnknownCampaign, OSError, ListFileError (the file as a whole is no
    call list), ImportRunning or WorkerLost; then nothing was added.
    """
    wishes = options or ImportOptions()
    started = perf_counter()
    _check_options(path, wishes)
    campaign_id = (await CampaignStore(database).campaign(campaign)).campaign_id
    form = await asyncio.to_thread(open_list, path, wishes.encoding, wishes.delimiter)
    with _rejects_writer(wishes.rejects, form) as writer:
        bad, twice = _Rejects(writer), _Rejects(writer)
        async with stage_leads(database) as staging:
            staged = await _stage(staging, path, form, wishes, bad, progress)
            if not staged + bad.count:
                raise ListFileError("the file has a header but no rows")
            await _report_duplicates(staging, form, twice)
            progress("add", 0, 0)
            keep = not wishes.dry_run and not (wishes.strict and bad.count + twice.count)
            added = await staging.merge(campaign_id, list_name=list_name(path, wishes), keep=keep)
    return _report(campaign, path, form, wishes, added, bad, twice, keep, started)


def _report(
    campaign: str,
    path: Path,
    form: ListFormat,
    options: ImportOptions,
    added: Added,
    bad: _Rejects,
    twice: _Rejects,
    keep: bool,
    started: float,
) -> ImportReport:
    problems = sorted(bad.problems + twice.problems, key=lambda problem: problem.line)
    return ImportReport(
        campaign=campaign,
        file=path.name,
        encoding=form.encoding,
        delimiter=DELIMITERS.get(form.delimiter, form.delimiter),
        rows=added.added + added.already_there + twice.count + bad.count,
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


def _check_options(path: Path, options: ImportOptions) -> None:
    if not is_region(options.region):
        raise ImportOptionError(f"unknown region {options.region!r}: two letters, such as CN")
    try:
        ZoneInfo(options.time_zone)
    except (KeyError, ValueError, OSError):
        raise ImportOptionError(
            f"unknown time zone {options.time_zone!r}: a name such as Asia/Shanghai"
        ) from None
    try:
        is_text = b"\n,".decode(options.encoding or "utf-8") == "\n,"
    except (LookupError, UnicodeDecodeError):
        is_text = False
    if not is_text:
        raise ImportOptionError(f"unknown encoding {options.encoding!r}: such as utf-8 or gb18030")
    if options.rejects is not None and options.rejects.exists() and path.samefile(options.rejects):
        raise ImportOptionError("the file of rejected rows would overwrite the list itself")


@contextmanager
def _rejects_writer(path: Path | None, form: ListFormat) -> Iterator[SafeCsvWriter | None]:
    if path is None:
        yield None
        return
    columns = [name for name in form.columns if name not in REPORT_COLUMNS]
    with path.open("w", encoding="utf-8", newline="") as file:
        yield SafeCsvWriter(file, [*REPORT_COLUMNS, *columns])


async def _stage(
    staging: LeadStaging,
    path: Path,
    form: ListFormat,
    options: ImportOptions,
    bad: _Rejects,
    progress: Progress,
) -> int:
    """Put the good rows aside and return how many there are."""
    staged = 0
    rules = RowRules(form.columns, options.region, options.time_zone, datetime.now(UTC).year)
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size
        workers = _workers(size) if options.workers is None else options.workers
        portions = chunks(read_rows(file, form), CHUNK_ROWS)
        async with aclosing(read_portions(portions, rules, workers)) as reading:
            async for read in reading:
                await staging.stage(read.leads)
                staged += len(read.leads)
                for row in read.bad:
                    bad.add(_without_report(row, form))
                progress("read", min(file.tell(), size), size)
    return staged


def _workers(size: int) -> int:
    return min(MOST_WORKERS, os.cpu_count() or 1) if size >= BIG_FILE_BYTES else 0


def _without_report(row: BadRow, form: ListFormat) -> BadRow:
    """Leave out what a file of rejected rows had said before, so that it is not said twice."""
    if len(row.texts) != len(form.columns):
        return row
    pairs = zip(form.columns, row.texts, strict=True)
    return BadRow(row.problem, [text for name, text in pairs if name not in REPORT_COLUMNS])


async def _report_duplicates(staging: LeadStaging, form: ListFormat, twice: _Rejects) -> None:
    await staging.find_duplicates()
    async for duplicate in staging.duplicates():
        reason = f"is the same number as in line {duplicate.first_line}"
        lead = duplicate.lead
        texts = [_staged_text(lead, name) for name in form.columns if name not in REPORT_COLUMNS]
        twice.add(BadRow(RowProblem(lead.line, "phone", reason), texts))


def _staged_text(lead: StagedLead, column: str) -> str:
    value = lead.phone_written if column == "phone" else getattr(lead, column)
    if isinstance(value, datetime):
        return value.isoformat()
    return "" if value is None else str(value)
