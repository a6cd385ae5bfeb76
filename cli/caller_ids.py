"""`callfloor caller-ids`: the numbers that a campaign shows, and how each of them does."""

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from calls.caller_ids import CallerIdHealth, CallerIdPool, CallerIdRule, resting_until
from calls.campaign import Campaign
from cli.output import Cell, Format, print_rows
from cli.session import Failure, report_errors, run_with_database
from config.settings import Settings
from store.caller_ids import CallerIdLimits, CallerIdStore
from store.campaigns import CampaignStore
from store.database import Database

app = typer.Typer(help="Numbers that a campaign shows to customers.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="CAMPAIGN")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Digits, with or without a +.")]
COLUMNS = (
    "campaign", "number", "calls_24h", "answered", "answer_rate", "short_share", "last_hour",
    "resting_until",
)  # fmt: skip
_NUMBER = re.compile(r"\+?[0-9]{2,20}")
_LONGEST_PROOF = 200
_HOUR = timedelta(hours=1)


def _must_be_number(number: str) -> None:
    if not _NUMBER.fullmatch(number):
        raise Failure(f"number {number[:40]!r}: should be 2 to 20 digits, with or without a +")


@app.command()
@report_errors
def add(
    campaign: Name,
    number: Number,
    proof: Annotated[
        str, typer.Option(help="Why it is yours to show: the contract or order it came with.")
    ],
) -> None:
    """Add a number of yours to the campaign's pool; from then on the pool's numbers are shown."""
    _must_be_number(number)
    if not proof.strip() or not proof.isprintable() or len(proof) > _LONGEST_PROOF:
        raise Failure(f"--proof should be printable text, 1 to {_LONGEST_PROOF} characters")

    async def work(_: Settings, database: Database) -> bool:
        found = await CampaignStore(database).campaign(campaign)
        return await CallerIdStore(database).add(found, number, proof.strip())

    if not run_with_database(work):
        raise Failure(f"{number} is in the pool of {campaign} already")
    print(f"{number} is in the pool of {campaign}")


@app.command()
@report_errors
def remove(campaign: Name, number: Number) -> None:
    """Take a number out of the pool; without any, the campaign shows its --caller-id again."""
    _must_be_number(number)

    async def work(_: Settings, database: Database) -> bool:
        found = await CampaignStore(database).campaign(campaign)
        return await CallerIdStore(database).remove(found, number)

    if not run_with_database(work):
        raise Failure(f"{number} is not in the pool of {campaign}")
    print(f"{number} is out of the pool of {campaign}")


@app.command("set")
@report_errors
def set_limits(
    campaign: Name,
    rule: Annotated[
        CallerIdRule | None,
        typer.Option(help="even: the least used; local: whose digits begin like the customer's."),
    ] = None,
    per_hour: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Calls an hour from one number.")
    ] = None,
    short_share: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Share of short calls above which a number rests."),
    ] = None,
    rest_hours: Annotated[
        float | None, typer.Option(min=0.02, max=24, help="How long such a number rests.")
    ] = None,
) -> None:
    """Change how the pool's numbers are chosen, and when one rests."""
    rest = None if rest_hours is None else rest_hours * _HOUR

    async def work(_: Settings, database: Database) -> None:
        found = await CampaignStore(database).campaign(campaign)
        limits = CallerIdLimits(rule, per_hour, short_share, rest)
        await CallerIdStore(database).set_limits(found, limits)

    run_with_database(work)
    print(f"the pool of {campaign} is changed")


@app.command("list")
@report_errors
def list_numbers(
    campaign: Annotated[str, typer.Argument(metavar="[CAMPAIGN]")] = "",
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """List the numbers with their figures of the last 24 hours, over all campaigns."""
    now = datetime.now(UTC)

    async def work(_: Settings, database: Database) -> dict[str, CallerIdPool]:
        known: Campaign | None = None
        if campaign:
            known = await CampaignStore(database).campaign(campaign)
        pools = await CallerIdStore(database).pools(now)
        return {name: p for name, p in pools.items() if known is None or name == known.name}

    pools = run_with_database(work)
    rows = [_row(name, one, pool, now) for name, pool in pools.items() for one in pool.numbers]
    print_rows(COLUMNS, rows, format)


def _row(name: str, one: CallerIdHealth, pool: CallerIdPool, now: datetime) -> tuple[Cell, ...]:
    rests = resting_until(one, pool, now)
    return (
        name, one.number, one.calls, one.answered, _percent(one.answer_rate),
        _percent(one.short_share), one.last_hour, rests.isoformat() if rests else "",
    )  # fmt: skip


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"
