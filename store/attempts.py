"""Leads and attempts in Postgres: the lease, the saved intent, and how it ended."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import takewhile
from uuid import UUID, uuid4

from calls.attempt import (
    LeadCandidate,
    LeadHistory,
    LeadOutcome,
    PlannedAttempt,
    Settlement,
    Verdict,
)
from calls.campaign import Campaign
from calls.ids import AttemptId, LeadId
from calls.outcomes import NetworkResult
from config.timeouts import LEAD_LOOK_AGAIN_SECONDS
from store.database import Database, Row, Session

_MICROSECOND = timedelta(microseconds=1)
LOOK_AHEAD = 3
"""Candidates looked at for each line wanted, since the law may hold some of them."""


def _candidate(row: Row) -> LeadCandidate:
    return LeadCandidate(
        lead=LeadId(row["lead_id"]),
        number=row["phone"],
        time_zone=row["time_zone"],
        tries=row["tries"],
        tried_at=tuple(row["tried_at"]),
        on_do_not_call=row["on_do_not_call"],
        not_before=row["not_before"],
        not_after=row["not_after"],
    )


def _planned(row: Row) -> PlannedAttempt:
    return PlannedAttempt(
        attempt=AttemptId(str(row["attempt_id"])),
        lead=LeadId(row["lead_id"]),
        campaign=row["campaign"],
        queue=row["queue"],
        number=row["number"],
        trunk=row["trunk"],
        caller_id=row["caller_id"],
        ring_seconds=row["ring_seconds"],
        planned_at=row["planned_at"],
        cancelled_at=row["cancelled_at"],
        half_seen=_half_seen(row) if row["half_seen_at"] is not None else None,
    )


def _half_seen(row: Row) -> Settlement:
    talk = row["talk_seconds"]
    return Settlement(
        attempt=AttemptId(str(row["attempt_id"])),
        by="floor",
        result=NetworkResult(row["network_result"]),
        ended_at=row["ended_at"],
        cause=row["hangup_cause"],
        ringing_at=row["ringing_at"],
        answered_at=row["answered_at"],
        connected_at=row["connected_at"],
        talk=None if talk is None else int(talk.scaleb(6)) * _MICROSECOND,
        agent=row["agent"],
    )


def _seen_columns(end: Settlement) -> tuple[object, ...]:
    """What a settlement and a half-seen call have in common, in the order of their queries."""
    talk = None if end.talk is None else Decimal(end.talk // _MICROSECOND).scaleb(-6)
    return (
        end.result.value, end.cause, end.ringing_at, end.answered_at, end.connected_at,
        end.ended_at, talk, end.agent,
    )  # fmt: skip


class AttemptStore:
    """The dialer's half of Postgres. Each method is one transaction: all of it, or nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def promote(self, campaign: Campaign, now: datetime) -> None:
        """Make due leads ready, and close those that no law can allow."""
        await self._database.execute("promote_due_leads", now)
        await self._database.execute("close_leads_without_zone", campaign.campaign_id)

    async def zones(self, campaign: Campaign) -> list[str]:
        """Return the time zones of the campaign's ready leads."""
        rows = await self._database.fetch("list_lead_zones", campaign.campaign_id)
        return [row["time_zone"] for row in rows]

    async def plan(
        self,
        campaign: Campaign,
        zones: Sequence[str],
        lines: int,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
    ) -> list[PlannedAttempt]:
        """Lease up to `lines` leads and save an attempt for each, before anything is dialled.

        Leads that the judge refuses are held with the reason until it wants to look again.
        """
        planned: list[PlannedAttempt] = []
        async with self._database.transaction() as session:
            for zone in zones:
                wanted = lines - len(planned)
                if wanted > 0:
                    planned += await self._plan_zone(session, campaign, zone, wanted, now, judge)
        return planned

    async def _plan_zone(
        self,
        session: Session,
        campaign: Campaign,
        zone: str,
        lines: int,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
    ) -> list[PlannedAttempt]:
        planned: list[PlannedAttempt] = []
        rows = await session.fetch(
            "lock_candidates", campaign.campaign_id, zone, now, lines * LOOK_AHEAD
        )
        for candidate in map(_candidate, rows):
            verdict = judge(candidate)
            if not verdict.allowed:
                await self._hold(session, candidate, verdict, now)
            elif len(planned) < lines:
                planned.append(await self._save(session, campaign, candidate, now))
        return planned

    async def _hold(
        self, session: Session, candidate: LeadCandidate, verdict: Verdict, now: datetime
    ) -> None:
        later = verdict.next_look_at or now + timedelta(seconds=LEAD_LOOK_AGAIN_SECONDS)
        await session.execute(
            "hold_lead",
            candidate.lead,
            "done" if verdict.is_final else "scheduled",
            None if verdict.is_final else later,
            verdict.rule if verdict.is_final else None,
            verdict.reason,
        )

    async def _save(
        self, session: Session, campaign: Campaign, candidate: LeadCandidate, now: datetime
    ) -> PlannedAttempt:
        attempt = uuid4()
        await session.execute("lease_lead", candidate.lead, attempt)
        await session.execute(
            "plan_attempt", attempt, candidate.lead, campaign.campaign_id, candidate.number,
            campaign.trunk, campaign.caller_id, campaign.ring_seconds, now,
        )  # fmt: skip
        return PlannedAttempt(
            attempt=AttemptId(str(attempt)),
            lead=candidate.lead,
            campaign=campaign.name,
            queue=campaign.queue,
            number=candidate.number,
            trunk=campaign.trunk,
            caller_id=campaign.caller_id,
            ring_seconds=campaign.ring_seconds,
            planned_at=now,
        )

    async def open_attempts(self) -> list[PlannedAttempt]:
        """Return the attempts whose end is not saved yet, oldest first."""
        return [_planned(row) for row in await self._database.fetch("list_open_attempts")]

    async def mark_cancelled(self, attempt: AttemptId, now: datetime) -> None:
        """Save that it is us who end this attempt, before we do."""
        await self._database.execute("mark_cancelled", UUID(attempt), now)

    async def save_half_seen(self, seen: Settlement, now: datetime) -> None:
        """Save what was seen, only in part, of a call that is over; its attempt stays open."""
        await self._database.execute(
            "save_half_seen", UUID(seen.attempt), now, *_seen_columns(seen)
        )

    async def settle(
        self, end: Settlement, now: datetime, decide: Callable[[LeadHistory], LeadOutcome]
    ) -> bool:
        """Save how the attempt ended and what becomes of its lead; False if done before."""
        async with self._database.transaction() as session:
            lead = await session.fetch_value(
                "settle_attempt", UUID(end.attempt), now, *_seen_columns(end), end.by
            )
            if lead is None:
                return False
            history = await self._history(session, LeadId(lead), end)
            outcome = decide(history)
            await session.execute(
                "release_lead", lead, UUID(end.attempt), outcome.status, outcome.next_attempt_at,
                outcome.done_reason, int(outcome.uses_up_try), end.result.value,
            )  # fmt: skip
        return True

    async def _history(self, session: Session, lead: LeadId, end: Settlement) -> LeadHistory:
        row = await session.fetch_row("lead_history", lead)
        if row is None:
            return LeadHistory(tries=0, in_a_row=1)
        same = takewhile(lambda result: result == end.result.value, row["results"])
        return LeadHistory(tries=row["tries"], in_a_row=max(1, len(list(same))))
