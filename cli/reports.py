"""`callfloor report`: figures by any dimension, signs of gaming, adjustments, closed days."""

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from calls.outcomes import OUTCOMES
from cli.output import Format, fail, print_rows
from cli.session import Failure, report_errors, run_with_database
from config.settings import Settings
from reports.agent_day import day_bounds
from reports.gaming import SAME_NUMBER, Flag, flags
from reports.measures import rate, seconds
from reports.tables import Cell, Table, as_csv, as_json, as_xlsx, make_table
from store import records, sums
from store.database import Database
from store.sums import Adjustment, By

_DEAD = tuple(result.value for result, row in OUTCOMES.items() if row.is_dead_number)
_LONGEST_DAYS = 3660


class ReportFormat(StrEnum):
    """What a report can be written as."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    XLSX = "xlsx"


def parse_day(text: str) -> date:
    """Read a day as typed; raises typer.BadParameter."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} should be a date such as 2026-11-22") from None
    if not 2000 <= day.year <= 2200:
        raise typer.BadParameter(f"{text!r} should be between 2000 and 2200")
    return day


_Day = Annotated[date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD")]
_Format = Annotated[Format, typer.Option()]


def register(app: typer.Typer) -> None:
    """Add the verbs of this module to `callfloor report`."""
    app.command("by")(by_command)
    app.command("accounts")(accounts_command)
    app.command("gaming")(gaming_command)
    app.command("adjustments")(adjustments_command)
    app.command("close")(close_command)


@report_errors
def by_command(
    by: Annotated[By, typer.Argument(help="One row for each of these.")],
    since: _Day = None,
    until: _Day = None,
    campaign: Annotated[str | None, typer.Option(help="Of this campaign only.")] = None,
    key: Annotated[
        str | None, typer.Option(help="Only this agent, region, ...; then day by day.")
    ] = None,
    adjusted: Annotated[
        bool, typer.Option("--adjusted", help="With what came after a day was closed.")
    ] = False,
    format: Annotated[ReportFormat, typer.Option()] = ReportFormat.TABLE,
    output: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
) -> None:
    """Print every measure by agent, team, campaign, region, list, hour, month and so on."""
    if key is not None and (campaign or by in (By.TEAM, By.CAMPAIGN, By.WEEKDAY_HOUR)):
        raise typer.BadParameter("--key goes with agent, region, list, industry, caller_id, hour")

    async def work(settings: Settings, database: Database) -> Table:
        first, last = _days(since, until, settings)
        return await make_table(
            database,
            by,
            first,
            last,
            campaigns=None if campaign is None else [campaign],
            key=key,
            with_adjustments=adjusted,
        )

    _write(run_with_database(work), format, output)


def _days(since: date | None, until: date | None, settings: Settings) -> tuple[date, date]:
    today = datetime.now(ZoneInfo(settings.asterisk_time_zone)).date()
    first = since or until or today
    last = until or max(first, today)
    if not timedelta(0) <= last - first <= timedelta(days=_LONGEST_DAYS):
        raise Failure(f"--until {last} should be on or up to ten years after --since {first}")
    return first, last


def _write(table: Table, format: ReportFormat, output: Path | None) -> None:
    if format is ReportFormat.TABLE and output is None:
        rows = [[_shown(cell) for cell in row] for row in table.rows]
        print_rows(table.columns, rows, Format.TABLE, table.title)
        print("\n".join(table.notes))
        return
    content = {
        ReportFormat.TABLE: lambda: as_csv(table.columns, table.rows),
        ReportFormat.CSV: lambda: as_csv(table.columns, table.rows),
        ReportFormat.JSON: lambda: as_json(table) + b"\n",
        ReportFormat.XLSX: lambda: as_xlsx(table),
    }[format]()
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        output.write_bytes(content)
    except OSError as error:
        raise Failure(f"cannot write {output}: {error.strerror}") from error


def _shown(cell: Cell) -> str:
    return "n/a" if cell is None else str(cell)


@report_errors
def accounts_command(
    since: _Day = None, until: _Day = None, format: _Format = Format.TABLE
) -> None:
    """Print what is counted by customer: called, reached, dead numbers, tries for each."""

    async def work(settings: Settings, database: Database) -> list[sums.AccountCount]:
        zone = settings.asterisk_time_zone
        first, last = _days(since, until, settings)
        start, end = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
        return await sums.count_accounts(database, start, end, _DEAD)

    columns = (
        "campaign", "leads", "accounts_called", "accounts_reached", "accounts_dead", "attempts",
        "penetration", "bad_data_rate", "contact_rate", "tries_per_account_not_reached",
    )  # fmt: skip
    print_rows(columns, [_account_cells(one) for one in run_with_database(work)], format)
    if format is Format.TABLE:
        print("penetration: accounts_called / leads; bad_data_rate: accounts_dead / leads")
        print("contact_rate: accounts_reached / (leads - accounts_dead)")
        print("tries_per_account_not_reached: attempts / (leads - accounts_reached)")


def _account_cells(one: sums.AccountCount) -> Sequence[str | int]:
    shares = (
        rate(one.accounts_called, one.leads),
        rate(one.accounts_dead, one.leads),
        rate(one.accounts_reached, one.leads - one.accounts_dead),
        rate(one.attempts, one.leads - one.accounts_reached),
    )
    return (
        one.campaign, one.leads, one.accounts_called, one.accounts_reached, one.accounts_dead,
        one.attempts, *(_shown(share) for share in shares),
    )  # fmt: skip


@report_errors
def gaming_command(day: _Day = None, format: _Format = Format.TABLE) -> None:
    """Flag what looks like playing to the threshold on one day; for people to look at."""

    async def work(settings: Settings, database: Database) -> list[Flag]:
        first, _ = _days(day, day, settings)
        bounds = day_bounds(first, settings.asterisk_time_zone)
        near = await sums.read_talk_near_threshold(database, *bounds)
        repeated = await sums.read_repeated_numbers(database, *bounds, 1)
        staff = await records.staff_numbers(database) | settings.reports_staff_numbers
        silent = await sums.read_silent_calls(database, *bounds)
        paused = await sums.read_paused_time(database, bounds[0], min(bounds[1], datetime.now(UTC)))
        return list(flags(near, repeated, staff, silent, paused))

    rows = [(flag.agent, flag.what, flag.why) for flag in run_with_database(work)]
    print_rows(("agent", "sign", "why"), rows, format, f"at least {SAME_NUMBER} to one number")


@report_errors
def adjustments_command(
    since: _Day = None, until: _Day = None, format: _Format = Format.TABLE
) -> None:
    """List what came after a day was closed, call by call."""

    async def work(settings: Settings, database: Database) -> list[Adjustment]:
        return await sums.read_adjustments(database, *_days(since, until, settings))

    columns = (
        "day", "made_at", "call_id", "agent", "campaign", "rule_version", "attempts", "answered",
        "valid", "effective", "talk_seconds",
    )  # fmt: skip
    rows = [
        (
            a.day.isoformat(), a.made_at.isoformat(), a.call_id, a.agent, a.campaign,
            a.rule_version, a.attempts, a.answered, a.valid, a.effective, str(seconds(a.talk)),
        )
        for a in run_with_database(work)
    ]  # fmt: skip
    print_rows(columns, rows, format)


@report_errors
def close_command(
    before: Annotated[date, typer.Option(parser=parse_day, metavar="YYYY-MM-DD")],
) -> None:
    """Close every day before this one: from then on its figures do not change any more."""

    async def work(settings: Settings, database: Database) -> list[date]:
        today, _ = _days(None, None, settings)
        if before > today:
            raise Failure(f"--before {before} should not be after today ({today})")
        async with records.ingest_transaction(database) as session:
            return await sums.close_days(session, before)

    closed = run_with_database(work)
    for day in closed:
        print(day.isoformat())
    if not closed:
        fail("no open day with calls before that")
