"""`callfloor recordings`: link MixMonitor's files to their calls, check them, purge old ones."""

import asyncio
import getpass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer

from cdr_ingest.recordings import (
    LEAST_KEPT,
    LinkReport,
    is_intact,
    link_recordings,
    purge_recordings,
)
from cli.output import fail
from cli.session import EXIT_FAILED, Failure, report_errors, run_with_database
from config.settings import Settings
from config.timeouts import RECORDING_SETTLED_SECONDS
from store.database import Database
from store.recordings import Recording, recordings_before

recordings_app = typer.Typer(help="Recordings of calls.", no_args_is_help=True)


@recordings_app.command("link")
@report_errors
def link_command(folder: Annotated[Path, typer.Argument(help="Where MixMonitor writes.")]) -> None:
    """Link each file named `<call id>.wav` to its call, with checksum and length."""

    async def work(settings: Settings, database: Database) -> LinkReport:
        settled = datetime.now(UTC) - timedelta(seconds=RECORDING_SETTLED_SECONDS)
        try:
            return await link_recordings(database, folder, settled)
        except OSError as error:
            raise Failure(f"cannot read {folder}: {error.strerror}") from error

    report = run_with_database(work)
    for problem in report.bad:
        fail(problem)
    print(f"{report.linked} linked, {report.known} known, {report.waiting} without a record yet")


@recordings_app.command("check")
@report_errors
def check_command() -> None:
    """Compare every kept file with its checksum; exit 1 if one is missing or other."""

    async def work(settings: Settings, database: Database) -> tuple[int, list[Recording]]:
        kept = await recordings_before(database, datetime.now(UTC))
        good = [await asyncio.to_thread(is_intact, found) for found in kept]
        return len(kept), [found for found, is_good in zip(kept, good, strict=True) if not is_good]

    count, damaged = run_with_database(work)
    for found in damaged:
        fail(f"call {found.call_id}: {found.path} is missing or not what was recorded")
    print(f"{count} recordings, {len(damaged)} missing or changed")
    if damaged:
        raise typer.Exit(EXIT_FAILED)


@recordings_app.command("purge")
@report_errors
def purge_command(
    keep_days: Annotated[int, typer.Option(min=LEAST_KEPT.days, max=36_500)],
) -> None:
    """Remove files of calls older than the rule; that they were there stays on record."""

    async def work(settings: Settings, database: Database) -> list[Recording]:
        now, keep = datetime.now(UTC), timedelta(days=keep_days)
        try:
            return await purge_recordings(database, keep, now, login=getpass.getuser())
        except OSError as error:
            raise Failure(f"cannot remove {error.filename}: {error.strerror}") from error

    print(f"{len(run_with_database(work))} recordings purged")
