"""Calls that agents ask for, in Postgres: the saved intent and the leads that agents look at."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol, TypeVar
from uuid import UUID, uuid4

from calls.attempt import LeadCandidate, PlannedAttempt, Verdict
from calls.campaign import Campaign, DialOrder
from calls.ids import AgentId, AttemptId, CampaignName, LeadId
from calls.preview import Preview
from config.timeouts import LEAD_LOOK_AGAIN_SECONDS
from store.attempts import LOOK_AHEAD, candidate_of
from store.database import Database, Row, Session
from store.lead_looks import LeadLook


class Judgement(Protocol):
    """Whether a lead may be dialled; what else it says is for who asked."""

    @property
    def allowed(self) -> bool: ...


J = TypeVar("J", bound=Judgement)


def _preview(row: Row) -> Preview:
    return Preview(
        preview=AttemptId(str(row["preview_id"])),
        lead=LeadId(row["lead_id"]),
        campaign=CampaignName(row["campaign"]),
        agent=AgentId(row["agent_id"]),
        shown_at=row["shown_at"],
        decide_by=row["decide_by"],
    )


class AskedCallStore:
    """Each method is one transaction: all of it, or nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lead_of(self, campaign: Campaign, number: str) -> LeadId | None:
        """Return the campaign's lead of this number (E.164), None if there is none."""
        found = await self._database.fetch_value("lead_of_campaign", campaign.campaign_id, number)
        return None if found is None else LeadId(found)

    async def add_typed(
        self, campaign: Campaign, number: str, time_zone: str, agent: AgentId
    ) -> LeadId | None:
        """Make a typed number a lead that the agent owns; None if it is one already."""
        found = await self._database.fetch_value(
            "add_typed_lead", campaign.campaign_id, number, time_zone, agent
        )
        return None if found is None else LeadId(found)

    async def plan(
        self,
        campaign: Campaign,
        lead: LeadId,
        agent: AgentId,
        now: datetime,
        judge: Callable[[LeadLook], J],
        preview: AttemptId | None = None,
        show: Callable[[str], str] | None = None,
    ) -> PlannedAttempt | J | None:
        """Save the attempt that the agent asked for, if the judge allows it; else its judgement.

        preview: the agent looks at this lead, so its lease is no reason against. None: there is no
        such lead, or no such preview any more. show: what a customer's number sees; None: the
        campaign's caller ID.
        """
        async with self._database.transaction() as session:
            look = await self._locked(session, lead, now, preview)
            if look is None or look.campaign != campaign.name:
                return None
            judgement = judge(look)
            if not judgement.allowed:
                return judgement
            attempt = preview or AttemptId(str(uuid4()))
            if preview is not None and not await session.fetch("end_preview", UUID(preview)):
                return None  # it was dialled already: the attempt has the preview's id
            number = look.candidate.number
            caller_id = campaign.caller_id if show is None else show(number)
            await session.execute(
                "plan_asked_attempt", lead, UUID(attempt), number,
                campaign.campaign_id, campaign.trunk, caller_id, campaign.ring_seconds,
                now, campaign.calling_hours, agent,
            )  # fmt: skip
            await session.execute("forget_skips", agent, campaign.campaign_id)
            await session.execute("begin_callback", lead, UUID(attempt))
        dialled = replace(campaign, caller_id=caller_id)
        return _asked(dialled, lead, agent, now, attempt, number)

    async def _locked(
        self, session: Session, lead: LeadId, now: datetime, preview: AttemptId | None
    ) -> LeadLook | None:
        """Lock the lead and look at it; one that is leased to its own preview counts as ready."""
        locked = await session.fetch_row("lock_lead", lead)
        if locked is None or (preview is not None and locked["lease_id"] != UUID(preview)):
            return None
        row = await session.fetch_row("look_at_lead", lead)
        facts = await session.fetch_row("law_facts", [lead], now)
        if row is None or facts is None:
            return None
        status = "ready" if preview is not None else row["status"]
        return LeadLook(
            row["campaign"], candidate_of(facts), status, row["next_attempt_at"], row["done_reason"]
        )

    async def previews(self) -> list[Preview]:
        """Return every lead that an agent looks at now, the oldest first."""
        return [_preview(row) for row in await self._database.fetch("list_previews")]

    async def show(
        self,
        campaign: Campaign,
        zones: Sequence[str],
        agent: AgentId,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
    ) -> Preview | None:
        """Lease the next due lead that the judge allows to the agent; None if there is none.

        Leads that the judge refuses are held with the reason until it wants to look again.
        """
        async with self._database.transaction() as session:
            for zone in zones:
                lead = await self._next_lead(session, campaign, zone, now, judge)
                if lead is not None:
                    return await self._lease(session, campaign, lead, agent, now)
        return None

    async def show_lead(
        self, campaign: Campaign, lead: LeadId, agent: AgentId, now: datetime
    ) -> Preview | None:
        """Lease this lead, whose callback is due, to the agent; None while it is leased."""
        async with self._database.transaction() as session:
            locked = await session.fetch_row("lock_lead", lead)
            if locked is None or locked["lease_id"] is not None:
                return None
            return await self._lease(session, campaign, lead, agent, now)

    async def _next_lead(
        self,
        session: Session,
        campaign: Campaign,
        zone: str,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
    ) -> LeadId | None:
        for _ in range(LOOK_AHEAD):
            rows = await session.fetch(
                f"lock_due_leads_{campaign.list_order.value}", campaign.campaign_id, zone, now, 1
            )
            if not rows:
                return None
            facts = await session.fetch_row("law_facts", [rows[0]["lead_id"]], now)
            if facts is None:
                return None
            candidate = candidate_of(facts)
            verdict = judge(candidate)
            if verdict.allowed:
                return candidate.lead
            await _hold(session, candidate, verdict, now)
        return None

    async def _lease(
        self, session: Session, campaign: Campaign, lead: LeadId, agent: AgentId, now: datetime
    ) -> Preview:
        shown = Preview(
            preview=AttemptId(str(uuid4())),
            lead=lead,
            campaign=campaign.name,
            agent=agent,
            shown_at=now,
            decide_by=now + timedelta(seconds=campaign.preview_seconds),
        )
        await session.execute(
            "show_preview", UUID(shown.preview), lead, campaign.campaign_id, agent, now,
            shown.decide_by,
        )  # fmt: skip
        return shown

    async def give_back(
        self, preview: AttemptId, next_look_at: datetime, *, is_skipped: bool = False
    ) -> bool:
        """End a preview, its lead waits until then; False if it had ended before.

        is_skipped: by the agent, who may do so a limited number of times in a row.
        """
        async with self._database.transaction() as session:
            row = await session.fetch_row("end_preview", UUID(preview))
            if row is None:
                return False
            await session.execute("return_lead", row["lead_id"], UUID(preview), next_look_at)
            if is_skipped:
                await session.execute("count_skip", row["agent_id"], row["campaign_id"])
        return True

    async def skips(self, agent: AgentId, campaign: Campaign) -> int:
        """Return how many leads the agent has skipped since the last one it dialled."""
        found = await self._database.fetch_value("skips_in_a_row", agent, campaign.campaign_id)
        return int(found or 0)


async def _hold(
    session: Session, candidate: LeadCandidate, verdict: Verdict, now: datetime
) -> None:
    again = verdict.next_look_at or now + timedelta(seconds=LEAD_LOOK_AGAIN_SECONDS)
    await session.execute(
        "hold_leads",
        [candidate.lead],
        ["done" if verdict.is_final else "scheduled"],
        [None if verdict.is_final else again],
        [verdict.rule if verdict.is_final else None],
        [verdict.reason],
    )


def _asked(
    campaign: Campaign, lead: LeadId, agent: AgentId, now: datetime, attempt: AttemptId, number: str
) -> PlannedAttempt:
    return PlannedAttempt(
        attempt=attempt,
        lead=lead,
        campaign=campaign.name,
        queue=campaign.queue,
        number=number,
        trunk=campaign.trunk,
        caller_id=campaign.caller_id,
        ring_seconds=campaign.ring_seconds,
        planned_at=now,
        asked_by=agent,
        order=DialOrder(campaign.dial_order),
    )
