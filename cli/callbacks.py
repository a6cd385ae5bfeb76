"""`callfloor callbacks`: who promised to call whom, what was missed, and who calls instead."""

from typing import Annotated

import typer

from cli.output import Cell, Format, print_rows
from cli.session import Failure, report_errors, run_with_database
from config.settings import Settings
from store.callbacks import CallbackStore, OpenCallback
from store.campaigns import CampaignStore
from store.database import Database

app = typer.Typer(help="Promises to call again: list, assign.", no_args_is_help=True)
ANY = "any"
COLUMNS = ("callback", "due", "missed", "campaign", "agent", "number", "contact", "company", "note")

Scope = Annotated[str, typer.Option("--campaign", help="Only of this campaign.")]


def _row(one: OpenCallback) -> tuple[Cell, ...]:
    return (
        str(one.callback_id), one.due_at.isoformat(), "yes" if one.missed_at else "no",
        one.campaign, one.agent_id or ANY, one.number, one.contact, one.company, one.note,
    )  # fmt: skip


@app.command("list")
@report_errors
def list_callbacks(
    agent: Annotated[str, typer.Option(help="Only of this agent.")] = "",
    campaign: Scope = "",
    missed: Annotated[bool, typer.Option("--missed", help="Only those not kept in time.")] = False,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """List the open promises, the one due first comes first."""

    async def work(_: Settings, database: Database) -> list[tuple[Cell, ...]]:
        names = await _names(database, campaign)
        store = CallbackStore(database)
        found = await store.open(agent or None, names, only_missed=missed, limit=10_000)
        return [_row(one) for one in found]

    print_rows(COLUMNS, run_with_database(work), format)


async def _names(database: Database, campaign: str) -> list[str] | None:
    """Return the campaign by its name, None for all; raises UnknownCampaign."""
    if not campaign:
        return None
    return [(await CampaignStore(database).campaign(campaign)).name]


async def _agent(database: Database, name: str, option: str) -> str | None:
    if name == ANY:
        return None
    known = [seat.agent for seat in await CampaignStore(database).agents()]
    if name not in known:
        there = ", ".join(known) if known else "none yet"
        raise Failure(f"{option}: unknown agent {name!r}; there are: {ANY}, {there}")
    return name


@app.command()
@report_errors
def assign(
    of: Annotated[str, typer.Option("--from", help="Whose promises; any: those of nobody.")],
    to: Annotated[str, typer.Option("--to", help="Who is to call; any: whoever is free.")],
    campaign: Scope = "",
    callback: Annotated[
        list[int] | None, typer.Option(help="Only this one, by its number; may be repeated.")
    ] = None,
) -> None:
    """Give open promises of one agent to another; what is being dialled now stays."""
    if of == to:
        raise typer.BadParameter("it is the same agent as --from", param_hint="--to")

    async def work(_: Settings, database: Database) -> int:
        giver = await _agent(database, of, "--from")
        taker = await _agent(database, to, "--to")
        names = await _names(database, campaign)
        return await CallbackStore(database).assign(names, giver, taker, callback)

    done = run_with_database(work)
    print(f"{done} callbacks of {of} are for {to} now")
