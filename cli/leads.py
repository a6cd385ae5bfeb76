"""`callfloor leads`: import call lists, look at leads."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as ProgressBar

from cli.output import Cell, Format, print_json, print_rows
from cli.session import EXIT_FAILED, Failure, report_errors, run_with_database
from config.settings import Settings
from crm.csv_lines import ListFileError
from crm.lead_import import (
    ImportOptionError,
    ImportOptions,
    ImportReport,
    Progress,
    import_leads,
)
from crm.lead_workers import WorkerLost
from crm.phones import DEFAULT_REGION
from store.campaigns import CampaignStore
from store.database import Database
from store.lead_import import ImportRunning, LeadList, ListedLead

app = typer.Typer(help="Leads: import call lists, look at them.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]
_DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t"}


class ReportFormat(StrEnum):
    """What the report of an import can be printed as."""

    TABLE = "table"
    JSON = "json"


class Delimiter(StrEnum):
    """What separates the fields."""

    COMMA = "comma"
    SEMICOLON = "semicolon"
    TAB = "tab"


class Status(StrEnum):
    """Where a lead is."""

    READY = "ready"
    SCHEDULED = "scheduled"
    LEASED = "leased"
    DONE = "done"


@app.command("import")
@report_errors
def import_list(
    name: Name,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV file.")
    ],
    encoding: Annotated[
        str | None, typer.Option(help="Left out: UTF-8 or GB18030, found out.")
    ] = None,
    delimiter: Annotated[Delimiter | None, typer.Option(help="Left out: found out.")] = None,
    region: Annotated[
        str, typer.Option(help="Country of numbers that have no country code.")
    ] = DEFAULT_REGION,
    time_zone: Annotated[
        str, typer.Option(help="Zone of not_before and not_after where they name none.")
    ] = "UTC",
    rejects: Annotated[
        Path | None, typer.Option(dir_okay=False, help="Write bad rows with their reason here.")
    ] = None,
    list_name: Annotated[
        str | None,
        typer.Option("--list", help="Name of the list in reports. Left out: the file's name."),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="One bad row: add nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count, add nothing.")] = False,
    format: Annotated[ReportFormat, typer.Option()] = ReportFormat.TABLE,
) -> None:
    """Add the rows of a CSV call list to a campaign: all good ones, or after a failure none.

    Bad rows are named by line, field and reason on standard error. Exit code 1 if no row was good
    (or one was bad, with --strict).
    """
    options = ImportOptions(
        encoding=encoding,
        delimiter=None if delimiter is None else _DELIMITERS[delimiter],
        region=region.upper(),
        time_zone=time_zone,
        rejects=rejects,
        strict=strict,
        dry_run=dry_run,
        list_name=list_name,
    )
    with _progress() as progress:
        report = _import(name, file, options, progress)
    _print_report(report, options, format)
    bad = report.rejected + report.duplicates
    if bad == report.rows or (strict and bad):
        raise typer.Exit(EXIT_FAILED)


def _import(name: str, file: Path, options: ImportOptions, progress: Progress) -> ImportReport:
    async def work(_: Settings, database: Database) -> ImportReport:
        return await import_leads(database, name, file, options, progress)

    try:
        return run_with_database(work)
    except ImportOptionError as error:
        raise typer.BadParameter(str(error)) from error
    except (ListFileError, ImportRunning, WorkerLost) as error:
        raise Failure(f"{file.name}: {error}; nothing was imported") from error
    except OSError as error:
        raise Failure(f"{error.filename or file}: {error.strerror}") from error


@contextmanager
def _progress() -> Iterator[Progress]:
    """Show a bar of bytes read, where somebody looks."""
    bar = ProgressBar(
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        disable=not sys.stdout.isatty(),
        transient=True,
    )
    with bar:
        task = bar.add_task("reading", total=None)

        def show(stage: str, done: int, total: int) -> None:
            if stage == "read":
                bar.update(task, completed=done, total=total)
            else:
                bar.update(task, description="adding", total=None)

        yield show


def _print_report(report: ImportReport, options: ImportOptions, style: ReportFormat) -> None:
    for problem in report.problems:
        print(problem, file=sys.stderr)
    hidden = report.rejected + report.duplicates - len(report.problems)
    if hidden:
        where = options.rejects or "name a file by --rejects to have all of them"
        print(f"and {hidden:,} more bad rows: {where}", file=sys.stderr)
    if style is ReportFormat.JSON:
        print_json({**asdict(report), "problems": [asdict(p) for p in report.problems]})
        return
    for line in _summary(report):
        print(line)


def _summary(report: ImportReport) -> Iterator[str]:
    yield f"{report.file}: {report.rows:,} rows, {report.encoding}, by {report.delimiter}"
    if not report.is_kept:
        yield "nothing was imported " + ("(--dry-run)" if report.dry_run else "(--strict)") + ":"
    would = "" if report.is_kept else "would be "
    yield f"  {report.added:,} {would}added to {report.campaign}"
    yield f"  {report.already_there:,} already there"
    if report.duplicates:
        yield f"  {report.duplicates:,} twice in the file"
    if report.rejected:
        yield f"  {report.rejected:,} rejected"
    if report.on_do_not_call:
        yield f"  {report.on_do_not_call:,} of the added are on the do-not-call list: never dialled"
    if report.without_zone:
        yield f"  {report.without_zone:,} of the added have no known time zone: never dialled"
    if report.is_kept:
        per_second = report.rows / max(report.seconds, 1e-6)
        yield f"  {report.seconds:.1f} s, {per_second:,.0f} rows/s"


_COLUMNS = (
    "lead_id", "phone", "external_id", "company", "contact", "province", "city", "time_zone",
    "priority", "status", "tries", "last_result", "done_reason", "held_reason", "next_attempt_at",
)  # fmt: skip


@app.command("list")
@report_errors
def list_leads(
    name: Name,
    status: Annotated[Status | None, typer.Option(help="Only these.")] = None,
    after: Annotated[int, typer.Option(min=0, help="Go on after this lead_id.")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 100,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """List a campaign's leads, by lead_id."""

    async def work(_: Settings, database: Database) -> list[ListedLead]:
        campaign = await CampaignStore(database).campaign(name)
        wanted = None if status is None else status.value
        return await LeadList(database).leads(
            campaign.campaign_id, status=wanted, after=after, limit=limit
        )

    print_rows(_COLUMNS, [_cells(lead) for lead in run_with_database(work)], format)


def _cells(lead: ListedLead) -> list[Cell]:
    values = asdict(lead)
    moment = lead.next_attempt_at
    values["next_attempt_at"] = None if moment is None else moment.isoformat()
    return [values[column] for column in _COLUMNS]
