"""`callfloor why`: which rule keeps a lead or a campaign from being dialled, and until when."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from calls.caller_ids import calls_left, choose_caller_id
from calls.campaign import Campaign
from calls.ids import LeadId
from cli.holidays_port import holidays_around
from cli.output import Cell, Format, print_rows
from cli.session import EXIT_FAILED, Failure, report_errors, run_with_database
from config.settings import Settings
from crm.phones import DEFAULT_REGION, PhoneProblem, parse_phone
from dialer.calling_profiles import Profile, ProfileError, read_profiles
from dialer.campaign_rules import rules_of
from dialer.law import CallingRules
from dialer.why import Answer, LeadStanding, why_campaign, why_lead
from store.attempts import AttemptStore
from store.callbacks import CallbackStore
from store.caller_ids import CallerIdStore
from store.campaigns import CampaignStore
from store.database import Database
from store.lead_looks import LeadLook, LeadLooks

COLUMNS = ("what", "allowed", "rule", "until", "reason")


def law_packs(settings: Settings) -> Mapping[str, Profile]:
    """Return our law packs and the user's own; raises Failure in one clear line."""
    own = settings.dialer_law_packs
    try:
        return read_profiles(Path(own) if own else None)
    except ProfileError as error:
        raise Failure(str(error)) from error


class Asked:
    """Everything that `why` looks up."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.now = datetime.now(UTC)
        self._packs = law_packs(settings)
        self.campaigns = CampaignStore(database)
        self.attempts = AttemptStore(database)
        self.looks = LeadLooks(database)
        self.callbacks = CallbackStore(database)
        self.caller_ids = CallerIdStore(database)

    async def rules(self, campaign: Campaign, zones: Sequence[str]) -> CallingRules:
        """Return the rules by which the dialer judges the campaign's leads."""
        lists = await self.attempts.lists_imported_at()
        pack = self._packs.get(campaign.calling_hours)
        return rules_of(campaign, pack, holidays_around(zones, self.now), lists)

    async def answer(self, look: LeadLook) -> Answer:
        """Judge one lead as the dialer would now."""
        campaign = await self.campaigns.campaign(look.campaign)
        rules = await self.rules(campaign, [look.candidate.time_zone])
        standing = LeadStanding(look.candidate, look.status, look.next_attempt_at, look.done_reason)
        answer = why_lead(standing, campaign, rules, self.now)
        return (await self.rested(campaign) or answer) if answer.allowed else answer

    async def rested(self, campaign: Campaign) -> Answer | None:
        """Return until when the campaign's pool has no caller ID to show; None: it has one."""
        pool = (await self.caller_ids.pools(self.now)).get(campaign.name)
        if pool is None or calls_left(pool, self.now) > 0:
            return None
        until = choose_caller_id(pool, "", self.now).until
        reason = "every caller ID of the campaign's pool rests"
        return Answer(False, "campaign/caller_ids_rest", reason, until)


def _row(what: str, answer: Answer) -> tuple[Cell, ...]:
    until = answer.until.isoformat() if answer.until else ""
    return what, "yes" if answer.allowed else "no", answer.rule, until, answer.reason


async def _leads_meant(asked: Asked, text: str, region: str) -> list[LeadId]:
    if text.isdigit() and len(text) < 7:
        return [LeadId(int(text))]
    phone = parse_phone(text, region.upper())
    found = [] if isinstance(phone, PhoneProblem) else await asked.looks.leads_of_number(phone.e164)
    if not found and text.isdigit():
        return [LeadId(int(text))]
    return found


async def lead_rows(asked: Asked, text: str, region: str) -> list[tuple[Cell, ...]]:
    """Return one row for each lead of that id or number; raises Failure where there is none."""
    rows: list[tuple[Cell, ...]] = []
    for lead in await _leads_meant(asked, text, region):
        look = await asked.looks.look(lead, asked.now)
        if look is not None:
            rows.append(_row(f"lead {lead} of {look.campaign}", await asked.answer(look)))
    if not rows:
        raise Failure(f"there is no lead {text!r}, by id or by number")
    return rows


async def campaign_rows(asked: Asked, name: str) -> list[tuple[Cell, ...]]:
    """Return what holds the whole campaign, then its leads by what holds them."""
    campaign = await asked.campaigns.campaign(name)
    zones = await asked.attempts.zones(campaign)
    rules = await asked.rules(campaign, zones)
    answers = why_campaign(campaign, rules, zones, asked.now)
    rested = await asked.rested(campaign)
    answers += [] if rested is None else [rested]
    rows = [_row(f"campaign {name}", answer) for answer in answers]
    rows += [
        (
            f"{late.missed} callbacks missed", "ask one", "list/callback_missed",
            late.first_at.isoformat(), "promised calls were not made in time",
        )
        for late in await asked.callbacks.missed()
        if late.campaign == name
    ]  # fmt: skip
    for held in await asked.looks.reasons(campaign):
        until = held.first_at.isoformat() if held.first_at and held.status == "scheduled" else ""
        what = f"{held.leads} leads {held.status}"
        allowed = "ask one" if held.status == "ready" else "no"
        rows.append((what, allowed, f"list/{held.status}", until, held.why))
    return rows


@report_errors
def why(
    lead: Annotated[str, typer.Argument(metavar="[LEAD]", help="A lead's id, or its number.")] = "",
    campaign: Annotated[str, typer.Option(help="Ask about a whole campaign.")] = "",
    region: Annotated[
        str, typer.Option(help="Country of numbers without country code.")
    ] = DEFAULT_REGION,
    format: Annotated[Format, typer.Option()] = Format.TABLE,
) -> None:
    """Say which rule (with its version) keeps a lead or campaign from being dialled, until when.

    Ends with 1 when the lead, or every lead of that number, must not be dialled now.
    """
    if bool(lead) == bool(campaign):
        raise typer.BadParameter("name either a LEAD or --campaign NAME")

    async def work(settings: Settings, database: Database) -> list[tuple[Cell, ...]]:
        asked = Asked(settings, database)
        if campaign:
            return await campaign_rows(asked, campaign)
        return await lead_rows(asked, lead, region)

    rows = run_with_database(work)
    print_rows(COLUMNS, rows, format)
    if lead and all(row[1] == "no" for row in rows):
        raise typer.Exit(EXIT_FAILED)
