"""`callfloor ingest`, `reconcile`, `report` and `calls`: records and what they add up to."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

from calls.effective_call import Totals
from calls.outcomes import NetworkResult
from cdr_ingest.cdr_import import ImportReport
from cdr_ingest.compare import Reconciliation, Sums
from cdr_ingest.ingest import Ingester
from cdr_ingest.ingest_report import IngestReport
from cdr_ingest.ledger import LedgerUnreadable
from cdr_ingest.reconcile import Repair, found_differences, reconcile, repair
from cli import reports as report_verbs
from cli.history import take_history
from cli.output import Cell, Format, fail, print_json, print_rows
from cli.recordings import recordings_app
from cli.reports import parse_day
from cli.session import EXIT_FAILED, Failure, report_errors, run_with_database
from config.settings import Settings
from reports import agent_day, definitions
from reports.agent_day import DayReport
from store.database import Database
from store.reconciliations import save_differences
from store.report_rows import CallFilter, PublicCall, list_calls
from store.unread_rows import UnreadPlace, forget_unread, list_unread

FormatOption = Annotated[Format, typer.Option()]


DayOption = Annotated[date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD")]
CampaignOption = Annotated[str | None, typer.Option(help="Of this campaign only.")]

reports_app = typer.Typer(help="Figures by agent, region, hour and so on.", no_args_is_help=True)
calls_app = typer.Typer(help="Call records.", no_args_is_help=True)

_LISTED = (
    "call_id", "dialled_at", "campaign", "agent", "direction", "number", "network_result",
    "talk_seconds", "valid", "effective", "hangup_by",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Add the verbs of this module to the command."""
    app.command("ingest")(ingest_command)
    app.command("reconcile")(reconcile_command)
    report_verbs.register(reports_app)
    app.add_typer(reports_app, name="report")
    app.add_typer(calls_app, name="calls")
    app.add_typer(recordings_app, name="recordings")


@report_errors
def ingest_command(
    ledger: Annotated[
        Path | None, typer.Option(help="Asterisk's CEL CSV; default: asterisk.cel_ledger.")
    ] = None,
    since: Annotated[
        date | None,
        typer.Option(
            parser=parse_day,
            metavar="YYYY-MM-DD",
            help="Make the records of all calls since that day afresh, too; safe at any time.",
        ),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Another installation's history: a CSV of CDR or CEL, or a postgresql:// URL.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="With --from: say what it would do, write nothing.")
    ] = False,
) -> None:
    """Take in all that Asterisk has written by now, once; calls that have not ended wait."""
    if source is not None:
        _take_history(source, dry_run)
        return

    async def work(settings: Settings, database: Database) -> IngestReport:
        path, zone = _ledger_path(ledger, settings), settings.asterisk_time_zone
        now = datetime.now(UTC)
        ingester = Ingester(database, path, lambda: None, lambda: now, time_zone=zone)
        if since is None:
            return await ingester.run_once(now)
        start, _ = agent_day.day_bounds(since, zone)
        return await ingester.run_again(start, now)

    report = run_with_database(work)
    for problem in (*report.bad_rows, *report.failed):
        fail(str(problem))
    print(
        f"{report.rows} new rows, {report.copied} copied from the ledger, {report.written} records "
        f"written, {report.unchanged} unchanged, {report.waiting} calls waiting for their end"
    )
    if report.is_ledger_tail_lost:
        fail("the ledger was rotated and its old part is gone: lines may be missing")
    if report.ledger_error:
        raise Failure(f"cannot read the ledger: {report.ledger_error}")
    if report.failed:
        raise typer.Exit(EXIT_FAILED)


def _take_history(source: str, dry_run: bool) -> None:
    async def work(
        settings: Settings, database: Database
    ) -> tuple[ImportReport, IngestReport | None]:
        zone = ZoneInfo(settings.asterisk_time_zone)
        return await take_history(database, source, zone, dry_run=dry_run)

    report, made = run_with_database(work)
    for problem in (*report.bad, *(made.failed if made else ())):
        fail(problem)
    if report.bad_rows > len(report.bad):
        fail(f"and {report.bad_rows - len(report.bad)} more rows that could not be read")
    if report.bad_rows:
        fail("callfloor calls unread lists them again")
    would = "would be written" if dry_run else "written"
    print(
        f"{report.rows} rows, {report.bad_rows} not readable, {report.written} records {would}, "
        f"{report.unchanged} unchanged, {report.kept} kept as their events tell"
    )
    if report.copied or report.too_old:
        told = f"{report.copied} events {'would be copied' if dry_run else 'copied'}"
        print(f"{told}, {report.too_old} of months whose events were dropped")
    if made:
        print(f"{made.written} records made of them, {made.waiting} calls wait for their end")


@report_errors
def reconcile_command(
    ledger: Annotated[
        Path | None, typer.Option(help="Asterisk's CEL CSV; default: asterisk.cel_ledger.")
    ] = None,
    wants_repair: Annotated[
        bool,
        typer.Option("--repair", help="Bring records and sums to what the ledger says."),
    ] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """Prove that live figures, records, reports and Asterisk's own ledger agree; else exit 1."""

    async def work(settings: Settings, database: Database) -> Reconciliation:
        path = _ledger_path(ledger, settings)
        if wants_repair and path is None:
            raise Failure("--repair needs a ledger: set asterisk.cel_ledger or --ledger")
        try:
            result = found = await reconcile(database, path)
            repaired = 0
            if wants_repair and path and found.has_differences:
                done = await _repair(database, path, found, settings.asterisk_time_zone)
                sums = ", sums made anew" if done.has_rebuilt_sums else ""
                fail(f"repaired: {done.copied} rows copied, {done.written} records written{sums}")
                result, repaired = await reconcile(database, path), done.written
        except LedgerUnreadable as error:
            raise Failure(f"cannot read the ledger: {error}") from error
        kept = found_differences(
            found, datetime.now(UTC), "demand", repaired=repaired, left_over=result.unreconciled
        )
        await save_differences(database, kept)
        return result

    result = run_with_database(work)
    _print_reconciliation(result, format)
    for line in result.bad_ledger_lines:
        fail(line)
    if not result.has_ledger:
        fail("no ledger to compare with: set asterisk.cel_ledger or --ledger")
    if result.has_differences:
        raise typer.Exit(EXIT_FAILED)


async def _repair(
    database: Database, ledger: Path, result: Reconciliation, time_zone: str
) -> Repair:
    now = datetime.now(UTC)
    ingester = Ingester(database, ledger, lambda: None, lambda: now, time_zone=time_zone)
    return await repair(database, ledger, ingester, result, now)


@reports_app.command("agent-day")
@report_errors
def agent_day_command(
    day: DayOption = None, campaign: CampaignOption = None, format: FormatOption = Format.TABLE
) -> None:
    """Print one day's figures by agent; the day is the organisation's, by the start of the call."""

    async def work(settings: Settings, database: Database) -> DayReport:
        zone = settings.asterisk_time_zone
        return await agent_day.agent_day(database, day or _today(zone), zone, campaign)

    _print_day(run_with_database(work), "agent", format)


@reports_app.command("campaign-day")
@report_errors
def campaign_day_command(day: DayOption = None, format: FormatOption = Format.TABLE) -> None:
    """Print one day's figures by campaign."""

    async def work(settings: Settings, database: Database) -> DayReport:
        zone = settings.asterisk_time_zone
        return await agent_day.campaign_day(database, day or _today(zone), zone)

    _print_day(run_with_database(work), "campaign", format)


@calls_app.command("list")
@report_errors
def list_command(
    day: DayOption = None,
    campaign: CampaignOption = None,
    agent: Annotated[str | None, typer.Option(help="Of this agent only.")] = None,
    result: Annotated[NetworkResult | None, typer.Option(help="With this network result.")] = None,
    effective: Annotated[
        bool | None, typer.Option("--effective/--not-effective", help="Effective calls, or others.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 100,
    format: FormatOption = Format.TABLE,
) -> None:
    """List call records, newest first (of every day unless --day is given)."""

    async def work(settings: Settings, database: Database) -> list[PublicCall]:
        zone = settings.asterisk_time_zone
        since, before = agent_day.day_bounds(day, zone) if day else (None, None)
        wanted = CallFilter(since, before, campaign, agent, result, effective)
        return await list_calls(database, wanted, limit)

    found = run_with_database(work)
    columns = _LISTED if format is Format.TABLE else tuple(PublicCall.__dataclass_fields__)
    rows = [[_cell(getattr(call, column)) for column in columns] for call in found]
    print_rows(columns, rows, format)


@calls_app.command("unread")
@report_errors
def unread_command(
    source: Annotated[str | None, typer.Option(help="Of this file or table only.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 100,
    forget: Annotated[
        bool, typer.Option("--forget", help="Take them off the list: somebody has looked.")
    ] = False,
    format: FormatOption = Format.TABLE,
) -> None:
    """List rows that could not be read, by file and line (or key) and field, newest first."""

    async def work(settings: Settings, database: Database) -> list[UnreadPlace] | int:
        if forget:
            return await forget_unread(database, source)
        return await list_unread(database, source, limit)

    found = run_with_database(work)
    if isinstance(found, int):
        print(f"{found} forgotten")
        return
    columns = tuple(UnreadPlace.__dataclass_fields__)
    print_rows(columns, [[_cell(getattr(row, c)) for c in columns] for row in found], format)


def _ledger_path(named: Path | None, settings: Settings) -> Path | None:
    return named or (Path(settings.asterisk_cel_ledger) if settings.asterisk_cel_ledger else None)


def _today(time_zone: str) -> date:
    return datetime.now(ZoneInfo(time_zone)).date()


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | bool):
        return value
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _seconds(span: timedelta) -> str:
    """Seconds with their microseconds, exactly."""
    return f"{span // timedelta(seconds=1)}.{span.microseconds:06}"


def _percent(part: int, whole: int) -> str:
    share = agent_day.rate(part, whole)
    return "n/a" if share is None else f"{100 * share:.1f} %"


_DAY_COLUMNS = (
    "attempts", "answered", "valid", "effective", "talk_seconds", "effective_talk_seconds",
    "answer_rate", "effective_rate",
)  # fmt: skip


def _day_cells(totals: Totals) -> Sequence[Cell]:
    return (
        totals.attempts,
        totals.answered,
        totals.valid,
        totals.effective,
        _seconds(totals.talk),
        _seconds(totals.effective_talk),
        _percent(totals.answered, totals.attempts),
        _percent(totals.effective, totals.answered),
    )


def _print_day(report: DayReport, key: str, format: Format) -> None:
    rows: list[Sequence[Cell]] = [
        (row.key or row.title, row.title, *_day_cells(row.totals)) for row in report.rows
    ]
    rows.append(("total", "total", *_day_cells(report.total)))
    title = f"{report.day.isoformat()} ({report.time_zone})"
    print_rows((key, "name", *_DAY_COLUMNS), rows, format, title)
    if format is Format.TABLE:
        for one in definitions.AGENT_DAY:
            print(f"{one.name_en} {one.name_zh}: {one.text_en} {one.text_zh}")


def _print_reconciliation(result: Reconciliation, format: Format) -> None:
    sums = (
        ("floor", result.floor),
        ("records of these calls", result.records_seen_live),
        ("all records", result.records),
        ("ledger", result.ledger),
    )
    columns = ("source", "calls", "answered", "talk_seconds")
    rows = [(name, *_sum_cells(of)) for name, of in sums if result.has_ledger or name != "ledger"]
    differences = [(d.call_id, d.field, d.floor, d.record, d.ledger) for d in result.differences]
    differences += [
        (f"sum of {one.dimension} {one.day}", "attempts, talk", "",
         f"{one.attempts}, {_seconds(one.talk)}", f"sum: {one.sum_attempts}, {one.sum_talk}")
        for one in result.sum_differences
    ]  # fmt: skip
    fields = ("call_id", "field", "floor", "record", "ledger")
    if format is Format.JSON:
        print_json(
            {
                "unreconciled": result.unreconciled,
                "not_seen_live": result.not_seen_live,
                "still_open": result.still_open,
                "bad_ledger_lines": result.bad_ledger_lines,
                "sums": [dict(zip(columns, row, strict=True)) for row in rows],
                "differences": [dict(zip(fields, row, strict=True)) for row in differences],
            }
        )
        return
    if format is Format.CSV:
        # One table to a file: the differences, none if all agree.
        print_rows(fields, differences, format)
        return
    print_rows(columns, rows, format)
    print(
        f"{result.not_seen_live} calls not seen live, {result.still_open} not ended, "
        f"{result.unreconciled} unreconciled"
    )
    if differences:
        print_rows(fields, differences, format)


def _sum_cells(sums: Sums) -> tuple[int, int, str]:
    return sums.calls, sums.answered, _seconds(sums.talk)
