"""`callfloor do-not-call`: numbers that no campaign calls."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from cli.output import Format, print_rows
from cli.session import Failure, report_errors, run_with_database
from config.settings import Settings
from crm.phones import DEFAULT_REGION, PhoneProblem, is_region, parse_phone
from store.database import Database
from store.lead_import import DoNotCallEntry, DoNotCallList

app = typer.Typer(help="Numbers that no campaign calls.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="As written, or +country code.")]
Region = Annotated[str, typer.Option(help="Country of numbers that have no country code.")]


def _e164(text: str, region: str) -> str:
    if not is_region(region.upper()):
        raise typer.BadParameter(f"unknown region {region!r}", param_hint="--region")
    phone = parse_phone(text, region.upper())
    if isinstance(phone, PhoneProblem):
        raise Failure(f"the number {text[:60]!r} {phone.reason}")
    return phone.e164


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
        moment = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text!r} is no ISO 8601 time", param_hint="--until") from None
    if moment <= datetime.now(UTC):
        raise typer.BadParameter(f"{text!r} is over already", param_hint="--until")
    return moment


@app.command()
@report_errors
def add(
    number: Number,
    reason: Annotated[
        str, typer.Option(help="Why; kept with the number.")
    ] = "asked not to be called",
    until: Annotated[
        str | None,
        typer.Option(help="ISO 8601 time (UTC if it names no zone); left out: for ever."),
    ] = None,
    region: Region = DEFAULT_REGION,
) -> None:
    """Add a number: saved before this returns, and waiting leads of it are over at once."""
    phone, expires_at = _e164(number, region), _moment(until)
    if not reason.strip() or not reason.isprintable():
        raise Failure("the reason should be printable text")

    async def work(_: Settings, database: Database) -> int:
        return await DoNotCallList(database).add(phone, reason.strip(), expires_at)

    ended = run_with_database(work)
    print(f"{phone} is on the do-not-call list; {ended} waiting leads of it are over")


@app.command()
@report_errors
def remove(number: Number, region: Region = DEFAULT_REGION) -> None:
    """Take a number off; leads that were ended for it stay so."""
    phone = _e164(number, region)

    async def work(_: Settings, database: Database) -> bool:
        return await DoNotCallList(database).remove(phone)

    if not run_with_database(work):
        raise Failure(f"{phone} is not on the do-not-call list")
    print(f"{phone} is off the do-not-call list")


@app.command("list")
@report_errors
def list_numbers(
    after: Annotated[str, typer.Option(help="Go on after this number.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=1_000_000)] = 100,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """List the numbers, in order."""

    async def work(_: Settings, database: Database) -> list[DoNotCallEntry]:
        return await DoNotCallList(database).entries(after=after, limit=limit)

    rows = [
        (
            e.phone,
            e.reason,
            e.added_at.isoformat(),
            e.expires_at.isoformat() if e.expires_at else "",
        )
        for e in run_with_database(work)
    ]
    print_rows(("phone", "reason", "added_at", "expires_at"), rows, format)
