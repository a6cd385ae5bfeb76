"""The `callfloor` command."""

import asyncio
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from ami_bridge.doctor import Finding, examine
from ami_bridge.errors import AmiError
from calls.switch import SwitchError
from cli import (
    accounts,
    agents,
    callbacks,
    caller_ids,
    campaigns,
    do_not_call,
    leads,
    records,
    simulate,
    trace,
    why,
)
from cli.output import Format, print_rows
from cli.service import ami_address, other_address, serve
from cli.session import (
    EXIT_FAILED,
    Failure,
    choose_config_file,
    database_url,
    read_settings,
    report_errors,
    run_with_server,
)
from cli.supervision import PartGaveUp, TaskDied
from cli.web_service import WebNotServed
from config.settings import Settings
from store.database import Database
from store.embedded import EmbeddedPostgres
from store.errors import StoreError
from store.migrate import ensure_database, migrate

app = typer.Typer(
    help="Callfloor, the open call floor for Asterisk.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(campaigns.app, name="campaign")
app.add_typer(agents.app, name="agents")
app.add_typer(leads.app, name="leads")
app.add_typer(do_not_call.app, name="do-not-call")
app.add_typer(caller_ids.app, name="caller-ids")
app.add_typer(callbacks.app, name="callbacks")
app.add_typer(accounts.app, name="account")
app.add_typer(trace.app, name="trace")
records.register(app)
app.command("why")(why.why)
simulate.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"callfloor {version('callfloor')}")
        raise typer.Exit


@app.callback()
@report_errors
def _options(
    config: Annotated[
        Path | None, typer.Option(help="Settings file (TOML); also CALLFLOOR_CONFIG.")
    ] = None,
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True)
    ] = False,
) -> None:
    choose_config_file(config)


@app.command("serve")
@report_errors
def serve_command(
    standby: Annotated[
        bool, typer.Option("--standby", help="Wait while another service leads, then take over.")
    ] = False,
) -> None:
    """Run the whole service until Ctrl-C or SIGTERM; calls in progress may finish first."""

    async def work(
        settings: Settings, database: Database, embedded: EmbeddedPostgres | None
    ) -> None:
        try:
            await serve(settings, database, embedded, stands_by=standby)
        except (AmiError, SwitchError, TaskDied, PartGaveUp, WebNotServed) as error:
            raise Failure(str(error)) from error

    run_with_server(work)


@app.command("migrate")
@report_errors
def migrate_command() -> None:
    """Bring the database to the schema of this program (creates it where it is missing)."""
    settings = read_settings()
    if settings.database_url is None:
        with database_url(settings):
            pass
    else:
        url = settings.database_url.get_secret_value()
        ensure_database(url)
        migrate(url)
    print("the database is up to date")


async def _examine_database(settings: Settings) -> Finding:
    try:
        with database_url(settings) as url:
            database = await Database.open(url, max_connections=2)
            await database.close()
    except StoreError as error:
        remedy = "Start Postgres, or correct CALLFLOOR_DATABASE_URL."
        return Finding(False, "database", str(error), remedy)
    return Finding(True, "database", "answers, schema up to date")


def _examine_ledger(settings: Settings) -> Finding:
    name = settings.asterisk_cel_ledger
    if not name:
        remedy = "Set asterisk.cel_ledger to the CSV of cel_custom (asterisk-sample/README.md)."
        return Finding(False, "ledger", "not set: rows lost by Postgres stay lost", remedy)
    try:
        with Path(name).open("rb"):
            return Finding(True, "ledger", f"{name} can be read")
    except OSError as error:
        remedy = "Load cel_custom in Asterisk, and let this user read its folder."
        return Finding(False, "ledger", f"{name}: {error.strerror}", remedy)


def _asterisk_folder(settings: Settings) -> Path | None:
    """Return where Asterisk's files are: as set, else where they are on most machines."""
    if settings.asterisk_config_folder:
        return Path(settings.asterisk_config_folder)
    usual = Path("/etc/asterisk")
    return usual if (usual / "manager.conf").exists() else None


@app.command()
@report_errors
def doctor(format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """Say what is wrong with this Asterisk, database or configuration, and how to mend it."""
    settings = read_settings()

    async def look() -> list[Finding]:
        findings = [await _examine_database(settings), _examine_ledger(settings)]
        folder = _asterisk_folder(settings)
        findings += await examine(ami_address(settings), config_folder=folder)
        for name, other in settings.ami_others.items():
            found = await examine(other_address(other))
            findings += [replace(one, subject=f"{name}: {one.subject}") for one in found]
        return findings

    findings = asyncio.run(look())
    rows = [("ok" if f.is_ok else "PROBLEM", f.subject, f.detail, f.remedy) for f in findings]
    print_rows(("", "subject", "found", "how to mend it"), rows, format)
    if not all(finding.is_ok for finding in findings):
        raise typer.Exit(EXIT_FAILED)


def main() -> None:
    """Entry point of the installed command."""
    app()


if __name__ == "__main__":
    main()
