"""`callfloor do-not-call`: numbers that no campaign calls."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Format, print_rows
from cli.session import Failure, report_errors, run_with_database
from config.settings import Settings
from crm.phones import DEFAULT_REGION, PhoneProblem, is_region, parse_phone
from store.campaigns import CampaignStore
from store.database import Database
from store.do_not_call import ImportedList, ScopedDoNotCall
from store.errors import DatabaseRefused
from store.lead_import import DoNotCallEntry, DoNotCallList

app = typer.Typer(help="Numbers that no campaign calls.", no_args_is_help=True)

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="As written, or +country code.")]
Scope = Annotated[str, typer.Option("--campaign", help="Only for this campaign.")]
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
    campaign: Scope = "",
    region: Region = DEFAULT_REGION,
) -> None:
    """Add a number: saved before this returns, and waiting leads of it are over at once."""
    phone, expires_at = _e164(number, region), _moment(until)
    if not reason.strip() or not reason.isprintable():
        raise Failure("the reason should be printable text")

    async def work(_: Settings, database: Database) -> int:
        if not campaign:
            return await DoNotCallList(database).add(phone, reason.strip(), expires_at)
        found = await CampaignStore(database).campaign(campaign)
        scoped = ScopedDoNotCall(database)
        return await scoped.add(found.campaign_id, phone, reason.strip(), expires_at)

    ended = run_with_database(work)
    print(f"{phone} is on the {_list_of(campaign)}; {ended} waiting leads of it are over")


@app.command()
@report_errors
def remove(number: Number, campaign: Scope = "", region: Region = DEFAULT_REGION) -> None:
    """Take a number off; leads that were ended for it stay so."""
    phone = _e164(number, region)

    async def work(_: Settings, database: Database) -> bool:
        if not campaign:
            return await DoNotCallList(database).remove(phone)
        found = await CampaignStore(database).campaign(campaign)
        return await ScopedDoNotCall(database).remove(found.campaign_id, phone)

    if not run_with_database(work):
        raise Failure(f"{phone} is not on the {_list_of(campaign)}")
    print(f"{phone} is off the {_list_of(campaign)}")


def _list_of(campaign: str) -> str:
    return f"do-not-call list of campaign {campaign}" if campaign else "do-not-call list"


def _read_phones(file: Path, region: str) -> list[str]:
    """Read one number a line; the first that is none is refused, and nothing is imported."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"cannot read {file}: {error}") from error
    phones: dict[str, None] = {}
    for line, text in enumerate(lines, start=1):
        if text.strip():
            phone = parse_phone(text.strip(), region)
            if isinstance(phone, PhoneProblem):
                raise Failure(f"{file} line {line}: {text.strip()[:40]!r} {phone.reason}")
            phones[phone.e164] = None
    return list(phones)


@app.command("import")
@report_errors
def import_list(
    name: Annotated[str, typer.Argument(help="As the law pack names it, such as us-national.")],
    file: Annotated[Path, typer.Argument(help="One number a line.")],
    until: Annotated[
        str | None, typer.Option(help="ISO 8601 time at which its entries end.")
    ] = None,
    region: Region = DEFAULT_REGION,
) -> None:
    """Import a list from outside in the place of the last one; its age counts from now."""
    phones, expires_at = _read_phones(file, region.upper()), _moment(until)

    async def work(_: Settings, database: Database) -> int:
        scoped = ScopedDoNotCall(database)
        return await scoped.replace_list(name, phones, datetime.now(UTC), expires_at)

    try:
        count = run_with_database(work)
    except DatabaseRefused as error:
        if error.constraint == "do_not_call_list_name_check":
            raise Failure(f"list {name!r}: should be small letters, digits, - and _") from error
        raise
    print(f"do-not-call list {name}: {count} numbers")


@app.command("lists")
@report_errors
def show_lists(format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """List the imported lists with their age."""

    async def work(_: Settings, database: Database) -> list[ImportedList]:
        return await ScopedDoNotCall(database).lists()

    rows = [(one.name, one.numbers, one.imported_at.isoformat()) for one in run_with_database(work)]
    print_rows(("list", "numbers", "imported_at"), rows, format)


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
