"""`bin/demo`: the main job for real, on one machine."""

import asyncio
import time
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from calls.campaign import CampaignStatus
from cdr_ingest.reconcile import reconcile
from cli.demo_floor import AMD_QUEUE, MAIN_QUEUE, DemoError, DemoFloor, DemoPlan
from cli.demo_named import NamedAsteriskUnfit, find_named
from cli.demo_result import DEMO_QUERIES, DemoResult, count_double_dialled, read_totals
from cli.output import fail, print_json
from config.logging import configure_logging
from config.timeouts import DEMO_PROGRESS_SECONDS, DEMO_RECORDS_SECONDS
from lab.instance import InstanceError
from lab.ports import NoPortsError
from lab.sample_list import AMD_CAMPAIGN, MAIN_CAMPAIGN, sample_leads
from lab.tree import TreeError
from store.campaigns import CampaignStore
from store.database import Database
from store.errors import DatabaseUnreachable, StoreError

CAMPAIGNS = (MAIN_CAMPAIGN, AMD_CAMPAIGN)
console = Console(stderr=True)


async def start_campaigns(database: Database) -> None:
    """Let both campaigns dial."""
    for name in CAMPAIGNS:
        await CampaignStore(database).set_status(name, CampaignStatus.RUNNING)


async def leads_done(database: Database) -> tuple[int, int]:
    """Return how many leads are done, and how many there are."""
    store = CampaignStore(database)
    done = total = 0
    for campaign in await store.campaigns():
        left = await store.leads_left(campaign.campaign_id)
        done += left.done
        total += left.done + left.open
    return done, total


async def wait_for_list(floor: DemoFloor, database: Database) -> None:
    """Return when every lead is done and every call has its record; shows how far it is."""
    columns = (
        TextColumn("dialling"), BarColumn(), MofNCompleteColumn(), TextColumn("leads"),
        TimeElapsedColumn(),
    )  # fmt: skip
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)
        while not await _is_over(bar, task, database):
            if not floor.is_service_alive:
                raise DemoError(f"callfloor serve ended:\n{floor.log_tail()}")
            await asyncio.sleep(DEMO_PROGRESS_SECONDS)


async def _is_over(bar: Progress, task: TaskID, database: Database) -> bool:
    try:
        done, total = await leads_done(database)
    except DatabaseUnreachable:
        return False
    bar.update(task, completed=done, total=total)
    return done == total


async def wait_for_records(database: Database) -> None:
    """Return when every dialled attempt has its record; raises DemoError after the limit."""
    deadline = time.monotonic() + DEMO_RECORDS_SECONDS
    asked = database.with_queries(DEMO_QUERIES)
    while missing := await asked.fetch_value("count_unrecorded"):
        if time.monotonic() > deadline:
            raise DemoError(f"{missing} attempts have no record")
        await asyncio.sleep(DEMO_PROGRESS_SECONDS)


async def measure(floor: DemoFloor, database: Database) -> DemoResult:
    """Compare all sources and add everything up."""
    report = await reconcile(database, floor.ledger_since_start())
    for difference in report.differences:
        console.print(f"differs: {difference}", highlight=False)
    return DemoResult(
        floor.asterisk_version,
        *await read_totals(database),
        unreconciled=report.unreconciled,
        double_dialled=await count_double_dialled(floor, database),
    )


async def play_once(floor: DemoFloor) -> DemoResult:
    """Seed, dial the whole list, stop the service, and measure."""
    database = await Database.open(floor.database_url, max_connections=4)
    try:
        await floor.seed(database)
        floor.start_service()
        await start_campaigns(database)
        await wait_for_list(floor, database)
        await wait_for_records(database)
        floor.stop_service()
        return await measure(floor, database)
    finally:
        await floor.leave()
        await database.close()


async def play_on(floor: DemoFloor) -> None:
    """Seed, dial, print where to look, and go on until Ctrl-C."""
    database = await Database.open(floor.database_url, max_connections=4)
    try:
        await floor.seed(database)
        floor.start_service()
        await start_campaigns(database)
        _print_address(floor)
        await wait_for_list(floor, database)
        console.print("The list is done; the pages stay until Ctrl-C.")
        await asyncio.Event().wait()
    finally:
        await floor.leave()
        await database.close()


def _print_address(floor: DemoFloor) -> None:
    console.print(f"\nCallfloor: [bold]{floor.url}[/]")
    console.print(f"  supervisor / {floor.supervisor_password}")
    console.print(f"  agent / {floor.supervisor_password}   (agent-1001)")
    console.print(f"Settings for bin/callfloor: CALLFLOOR_CONFIG={floor.config_path}\n")


def demo(
    once: Annotated[
        bool, typer.Option("--once", help="Play the list to its end, then stop.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="Print the result as one JSON line.")
    ] = False,
    leads: Annotated[int, typer.Option(min=1, max=900, help="Length of the sample list.")] = 120,
    agents: Annotated[int, typer.Option(min=2, max=20, help="Robot agents.")] = 8,
    asterisk: Annotated[str, typer.Option(help="Version of Asterisk: 22 or 16.")] = "22",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Of the pages; 0: a free one.")] = 0,
) -> None:
    """A real Asterisk, a carrier, robot agents, Postgres and Callfloor: watch it dial."""
    configure_logging("warning", "console")
    plan = DemoPlan(
        sample_leads(leads), agents=agents, version=asterisk, web_port=port, container_first=True
    )
    try:
        result = _play(plan, once)
    except (
        DemoError,
        NamedAsteriskUnfit,
        NoPortsError,
        TreeError,
        InstanceError,
        StoreError,
    ) as error:
        fail(str(error))
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
    if result is not None:
        _print_result(result, json)
        raise typer.Exit(0 if result.is_sound else 1)


def _play(plan: DemoPlan, once: bool) -> DemoResult | None:
    named = asyncio.run(find_named(plan.agents, (MAIN_QUEUE, AMD_QUEUE)))
    with DemoFloor(plan, named) as floor:
        with console.status("starting Postgres and Asterisk (the first time: minutes)"):
            floor.start_world()
        if once:
            return asyncio.run(play_once(floor))
        asyncio.run(play_on(floor))
    return None


def _print_result(result: DemoResult, json: bool) -> None:
    if json:
        print_json(result.as_dict())
        return
    for key, value in result.as_dict().items():
        print(f"{key:>15}  {value}")


if __name__ == "__main__":
    typer.run(demo)
