"""`callfloor campaign`: add, set, list, start, pause, stop."""

from datetime import timedelta
from typing import Annotated

import typer

from calls.campaign import Campaign, CampaignStatus, DialOrder, ListOrder, Mode, PreviewEnd
from calls.effective_call import DEFAULT_RULE
from calls.ids import CampaignName, QueueName
from calls.outcomes import NetworkResult
from cli.output import Format, print_rows
from cli.session import Failure, report_errors, run_with_database
from cli.why import law_packs
from config.settings import Settings
from store.campaigns import CampaignChange, CampaignStore
from store.database import Database
from store.errors import DatabaseRefused

app = typer.Typer(help="Campaigns: add, set, list, start, pause, stop.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="CAMPAIGN", help="Name of the campaign.")]


def _parse_retry(texts: list[str]) -> dict[NetworkResult, timedelta]:
    retry = {}
    for text in texts:
        result, _, seconds = text.partition("=")
        try:
            retry[NetworkResult(result)] = timedelta(seconds=float(seconds))
        except ValueError:
            known = ", ".join(NetworkResult)
            raise typer.BadParameter(
                f"{text!r} should be RESULT=SECONDS with a RESULT of: {known}", param_hint="--retry"
            ) from None
    return retry


@app.command()
@report_errors
def add(
    name: Annotated[str, typer.Argument(help="Small letters, digits, - and _.")],
    queue: Annotated[str, typer.Option(help="Asterisk queue that answers.")] = "callfloor",
    trunk: Annotated[str, typer.Option(help="PJSIP endpoint to dial out by.")] = "carrier",
    caller_id: Annotated[str, typer.Option(help="Number shown to the customer.")] = "",
    calling_hours: Annotated[str, typer.Option(help="Calling-hours profile.")] = "standard-1",
    rule: Annotated[str, typer.Option(help="Effective-call rule.")] = DEFAULT_RULE.version,
    amd: Annotated[str, typer.Option(help="off, label or hangup.")] = "off",
    ring_seconds: Annotated[int, typer.Option(min=1, max=120)] = 30,
    wrap_up_seconds: Annotated[int, typer.Option(min=0, max=3600)] = 10,
    max_tries: Annotated[int, typer.Option(min=1, max=50)] = 3,
    max_tries_per_day: Annotated[int, typer.Option(min=1, max=50)] = 2,
    max_system_errors: Annotated[
        int, typer.Option(min=1, max=1000, help="Own failures in a row until a lead is done.")
    ] = 10,
    max_lines: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
    mode: Annotated[Mode, typer.Option(help="Who decides when to dial.")] = Mode.PROGRESSIVE,
    ratio: Annotated[
        float | None, typer.Option(min=1, max=10, help="Mode power: lines for each free agent.")
    ] = None,
    max_abandonment: Annotated[
        float, typer.Option(min=0, max=1, help="The law pack's share holds in any case.")
    ] = 0.03,
    priority: Annotated[
        int, typer.Option(min=-1000, max=1000, help="Higher ones get the agents first.")
    ] = 0,
    recording_notice: Annotated[
        str, typer.Option(help="How people are told that they are recorded.")
    ] = "",
    list_order: Annotated[
        ListOrder, typer.Option(help="Which due leads come first.")
    ] = ListOrder.PRIORITY,
    dial_order: Annotated[
        DialOrder, typer.Option(help="Whose phone rings first when an agent asks for a call.")
    ] = DialOrder.AGENT_FIRST,
    preview_seconds: Annotated[
        int, typer.Option(min=5, max=3600, help="Mode preview: time to look at a lead.")
    ] = 60,
    preview_end: Annotated[
        PreviewEnd, typer.Option(help="Mode preview: what happens when that time is over.")
    ] = PreviewEnd.RETURN,
    max_skips: Annotated[
        int, typer.Option(min=0, max=1000, help="Mode preview: leads skipped in a row.")
    ] = 5,
    retry: Annotated[
        list[str] | None, typer.Option(help="RESULT=SECONDS until the next try; may be repeated.")
    ] = None,
) -> None:
    """Add a campaign; it is stopped until you start it."""
    _must_have_a_ratio(mode, ratio)
    campaign = Campaign(
        campaign_id=0,
        name=CampaignName(name),
        status=CampaignStatus.STOPPED,
        mode=mode.value,
        queue=QueueName(queue),
        trunk=trunk,
        caller_id=caller_id,
        calling_hours=calling_hours,
        rule_version=rule,
        amd=amd,
        ring_seconds=ring_seconds,
        wrap_up_seconds=wrap_up_seconds,
        max_tries=max_tries,
        max_tries_per_day=max_tries_per_day,
        max_system_errors=max_system_errors,
        max_lines=max_lines,
        retry_after=_parse_retry(retry or []),
        max_abandonment=max_abandonment,
        ratio=ratio,
        priority=priority,
        recording_notice=recording_notice.strip(),
        list_order=list_order,
        dial_order=dial_order,
        preview_seconds=preview_seconds,
        preview_end=preview_end,
        max_skips=max_skips,
    )
    run_with_database(lambda settings, database: _add(settings, database, campaign))
    print(f"campaign {name} added; start it with: callfloor campaign start {name}")


def _must_be_a_pack(name: str, settings: Settings) -> None:
    packs = law_packs(settings)
    if name not in packs:
        known = ", ".join(sorted(packs))
        raise typer.BadParameter(
            f"no law pack {name!r}; there are: {known}", param_hint="--calling-hours"
        )


def _must_have_a_ratio(mode: Mode, ratio: float | None) -> None:
    if mode is Mode.POWER and ratio is None:
        raise typer.BadParameter("mode power needs --ratio, 1 to 10", param_hint="--ratio")


@app.command("set")
@report_errors
def set_campaign(
    name: Name,
    mode: Annotated[Mode | None, typer.Option(help="Who decides when to dial.")] = None,
    ratio: Annotated[
        float | None, typer.Option(min=1, max=10, help="Mode power: lines for each free agent.")
    ] = None,
    max_abandonment: Annotated[float | None, typer.Option(min=0, max=1)] = None,
    priority: Annotated[int | None, typer.Option(min=-1000, max=1000)] = None,
    max_lines: Annotated[int | None, typer.Option(min=1, max=10_000)] = None,
    calling_hours: Annotated[str | None, typer.Option(help="Law pack.")] = None,
    recording_notice: Annotated[str | None, typer.Option()] = None,
    list_order: Annotated[ListOrder | None, typer.Option()] = None,
    ring_seconds: Annotated[int | None, typer.Option(min=1, max=120)] = None,
    dial_order: Annotated[
        DialOrder | None, typer.Option(help="Whose phone rings first when an agent asks.")
    ] = None,
    preview_seconds: Annotated[int | None, typer.Option(min=5, max=3600)] = None,
    preview_end: Annotated[PreviewEnd | None, typer.Option()] = None,
    max_skips: Annotated[int | None, typer.Option(min=0, max=1000)] = None,
) -> None:
    """Change how a campaign is dialled, also while it runs; it holds from the next tick."""
    notice = None if recording_notice is None else recording_notice.strip()
    change = CampaignChange(
        mode, ratio, max_abandonment, priority, max_lines, calling_hours, notice, list_order,
        ring_seconds, dial_order, preview_seconds, preview_end, max_skips,
    )  # fmt: skip
    if change == CampaignChange():
        raise typer.BadParameter("nothing to change: name at least one option")

    async def work(settings: Settings, database: Database) -> Campaign:
        store = CampaignStore(database)
        if calling_hours is not None:
            _must_be_a_pack(calling_hours, settings)
        if mode is not None:
            _must_have_a_ratio(mode, ratio or (await store.campaign(name)).ratio)
        await store.change(name, change)
        return await store.campaign(name)

    campaign = run_with_database(work)
    print(f"campaign {name} is dialled in mode {campaign.mode}")


_CONSTRAINTS = {
    "campaign_name_key": "a campaign of this name is there already",
    "campaign_name_check": "the name should be small letters, digits, - and _, up to 40",
    "campaign_rule_version_fkey": "no effective-call rule of this version (--rule)",
    "campaign_queue_check": "--queue should be letters, digits, -, _ and .",
    "campaign_trunk_check": "--trunk should be letters, digits, -, _ and .",
    "campaign_caller_id_check": "--caller-id should be digits, with or without a plus sign",
    "campaign_amd_check": "--amd should be off, label or hangup",
}


async def _add(settings: Settings, database: Database, campaign: Campaign) -> None:
    _must_be_a_pack(campaign.calling_hours, settings)
    try:
        await CampaignStore(database).add(campaign)
    except DatabaseRefused as error:
        reason = _CONSTRAINTS.get(error.constraint, str(error))
        raise Failure(f"campaign {campaign.name!r} not added: {reason}") from error


@app.command("list")
@report_errors
def list_campaigns(format: Annotated[Format, typer.Option()] = Format.TABLE) -> None:
    """List the campaigns with what is left of their lists."""

    async def work(_: Settings, database: Database) -> list[tuple[str, ...]]:
        store = CampaignStore(database)
        rows = []
        for campaign in await store.campaigns():
            left = await store.leads_left(campaign.campaign_id)
            counts = (left.ready, left.scheduled, left.leased, left.done)
            rows.append((campaign.name, campaign.status.value, campaign.queue, *map(str, counts)))
        return rows

    columns = ("campaign", "status", "queue", "ready", "scheduled", "leased", "done")
    print_rows(columns, run_with_database(work), format)


def _set_status(name: str, status: CampaignStatus) -> None:
    run_with_database(lambda _, database: CampaignStore(database).set_status(name, status))
    print(f"campaign {name} is {status.value}")


@app.command()
@report_errors
def start(name: Name) -> None:
    """Start, or go on after a pause."""
    _set_status(name, CampaignStatus.RUNNING)


@app.command()
@report_errors
def pause(name: Name) -> None:
    """Dial nothing new; calls in progress go on."""
    _set_status(name, CampaignStatus.PAUSED)


@app.command()
@report_errors
def stop(name: Name) -> None:
    """End the campaign; calls in progress go on."""
    _set_status(name, CampaignStatus.STOPPED)
