"""Leads and attempts in Postgres: the lease, the saved intent, and how it ended."""

from collections.abc import Callable, Collection, Mapping, Sequence
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
from config.failpoints import reach
from config.timeouts import LEAD_LOOK_AGAIN_SECONDS
from store.database import Database, Row, Session

_MICROSECOND = timedelta(microseconds=1)
LOOK_AHEAD = 3
"""Rounds in which further leads are looked at in place of those that the law holds."""


def candidate_of(row: Row) -> LeadCandidate:
    """Read one row of `law_facts`."""
    return LeadCandidate(
        lead=LeadId(row["lead_id"]),
        number=row["phone"],
        time_zone=row["time_zone"],
        tries=row["tries"],
        tried_at=tuple(row["tried_at"]),
        on_do_not_call=row["do_not_call_list"] is not None,
        do_not_call_list=row["do_not_call_list"] or "",
        abandoned_at=row["abandoned_at"],
        consent_ref=row["consent_ref"],
        is_being_called=row["is_being_called"],
        not_before=row["not_before"],
        not_after=row["not_after"],
        other_numbers=row["other_numbers"],
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
        asked_by=row["asked_by"],
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
        show: Callable[[str], str] | None = None,
    ) -> list[PlannedAttempt]:
        """Lease up to `lines` leads and save an attempt for each, before anything is dialled.

        Leads that the judge refuses are held with the reason until it wants to look again.
        show: what a customer's number sees; None: the campaign's caller ID.
        """
        chooser = show or (lambda customer: campaign.caller_id)
        planned: list[PlannedAttempt] = []
        async with self._database.transaction() as session:
            for zone in zones:
                wanted = lines - len(planned)
                if wanted > 0:
                    planned += await self._plan_zone(
                        session, campaign, zone, wanted, now, judge, chooser
                    )
            if planned:
                reach("lease.saved")
        if planned:
            reach("lease.committed")
        return planned

    async def _plan_zone(
        self,
        session: Session,
        campaign: Campaign,
        zone: str,
        lines: int,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
        show: Callable[[str], str],
    ) -> list[PlannedAttempt]:
        planned: list[PlannedAttempt] = []
        for _ in range(LOOK_AHEAD):
            missing = lines - len(planned)
            if missing <= 0:
                break
            rows = await session.fetch(
                f"lock_due_leads_{campaign.list_order.value}",
                campaign.campaign_id,
                zone,
                now,
                missing,
            )
            # What this round saves or holds is not due any more, so the next sees other leads.
            planned += await self._judge(session, campaign, rows, now, judge, show)
            if len(rows) < missing:
                break
        return planned

    async def _judge(
        self,
        session: Session,
        campaign: Campaign,
        rows: Sequence[Row],
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
        show: Callable[[str], str],
    ) -> list[PlannedAttempt]:
        if not rows:
            return []
        chosen: list[LeadCandidate] = []
        held: list[tuple[LeadCandidate, Verdict]] = []
        for row in await session.fetch("law_facts", [row["lead_id"] for row in rows], now):
            candidate = candidate_of(row)
            verdict = judge(candidate)
            if verdict.allowed:
                chosen.append(candidate)
            else:
                held.append((candidate, verdict))
        await self._hold(session, held, now)
        return await self._save(session, campaign, chosen, now, show)

    async def _hold(
        self, session: Session, held: Sequence[tuple[LeadCandidate, Verdict]], now: datetime
    ) -> None:
        if not held:
            return
        for candidate, verdict in held:
            if verdict.is_of_number:
                await session.execute("go_to_next_number", candidate.lead, True)
        held = [(candidate, verdict) for candidate, verdict in held if not verdict.is_of_number]
        again = now + timedelta(seconds=LEAD_LOOK_AGAIN_SECONDS)
        await session.execute(
            "hold_leads",
            [candidate.lead for candidate, _ in held],
            ["done" if verdict.is_final else "scheduled" for _, verdict in held],
            [None if verdict.is_final else verdict.next_look_at or again for _, verdict in held],
            [verdict.rule if verdict.is_final else None for _, verdict in held],
            [verdict.reason for _, verdict in held],
        )

    async def _save(
        self,
        session: Session,
        campaign: Campaign,
        chosen: Sequence[LeadCandidate],
        now: datetime,
        show: Callable[[str], str],
    ) -> list[PlannedAttempt]:
        if not chosen:
            return []
        attempts = [uuid4() for _ in chosen]
        shown = [show(candidate.number) for candidate in chosen]
        await session.execute(
            "plan_attempts", [candidate.lead for candidate in chosen], attempts,
            [candidate.number for candidate in chosen], campaign.campaign_id, campaign.trunk,
            shown, campaign.ring_seconds, now, campaign.calling_hours,
        )  # fmt: skip
        return [
            PlannedAttempt(
                attempt=AttemptId(str(attempt)),
                lead=candidate.lead,
                campaign=campaign.name,
                queue=campaign.queue,
                number=candidate.number,
                trunk=campaign.trunk,
                caller_id=caller_id,
                ring_seconds=campaign.ring_seconds,
                planned_at=now,
            )
            for attempt, candidate, caller_id in zip(attempts, chosen, shown, strict=True)
        ]

    async def lists_imported_at(self) -> dict[str, datetime]:
        """Return the imported do-not-call lists, and when each was last brought up to date."""
        rows = await self._database.fetch("lists_imported_at")
        return {row["name"]: row["imported_at"] for row in rows}

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
        return bool(await self.settle_all([(end, decide)], now))

    async def settle_all(
        self,
        ends: Sequence[tuple[Settlement, Callable[[LeadHistory], LeadOutcome]]],
        now: datetime,
    ) -> frozenset[AttemptId]:
        """Settle attempts, each once, in one transaction; return those that were not before."""
        columns = zip(*(_settle_columns(end) for end, _ in ends), strict=True)
        async with self._database.transaction() as session:
            ids = [UUID(end.attempt) for end, _ in ends]
            rows = await session.fetch("settle_attempts", ids, now, *map(list, columns))
            fresh = {row["attempt_id"] for row in rows}
            if not fresh:
                return frozenset()
            reach("settle.marked")
            await self._release(session, fresh, {UUID(end.attempt): (end, d) for end, d in ends})
            reach("settle.released")
        reach("settle.committed")
        return frozenset(AttemptId(str(one)) for one in fresh)

    async def _release(
        self,
        session: Session,
        fresh: Collection[UUID],
        ends: Mapping[UUID, tuple[Settlement, Callable[[LeadHistory], LeadOutcome]]],
    ) -> None:
        released: list[tuple[object, ...]] = []
        goes_on: list[tuple[int, bool]] = []
        for row in await session.fetch("lead_histories", list(fresh)):
            end, decide = ends[row["attempt_id"]]
            outcome = decide(_history(row, end))
            released.append(
                (
                    row["lead_id"], row["attempt_id"], outcome.status, outcome.next_attempt_at,
                    outcome.done_reason, int(outcome.uses_up_try), end.result.value,
                )
            )  # fmt: skip
            if outcome.goes_on:
                goes_on.append((row["lead_id"], outcome.is_number_dead))
        if released:
            await session.execute("release_leads", *map(list, zip(*released, strict=True)))
        for lead, is_dead in goes_on:
            await session.execute("go_to_next_number", lead, is_dead)
        await session.execute("keep_early_words", list(fresh))


def _settle_columns(end: Settlement) -> tuple[object, ...]:
    return (*_seen_columns(end), end.by)


def _history(row: Row, end: Settlement) -> LeadHistory:
    same = takewhile(lambda result: result == end.result.value, row["results"])
    return LeadHistory(
        tries=row["tries"],
        in_a_row=max(1, len(list(same))),
        numbers_after=row["numbers_after"],
        numbers_before=row["numbers_before"],
    )
