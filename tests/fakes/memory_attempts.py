"""Leads and attempts in memory; tests/contract proves that they behave as those in Postgres do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from uuid import uuid4

from calls.attempt import (
    LeadCandidate,
    LeadHistory,
    LeadOutcome,
    PlannedAttempt,
    Settlement,
    Verdict,
)
from calls.campaign import Campaign, ListOrder
from calls.ids import AttemptId, CampaignName, LeadId
from calls.outcomes import NetworkResult
from config.timeouts import LEAD_LOOK_AGAIN_SECONDS
from store.attempts import LOOK_AHEAD
from store.errors import DatabaseUnreachable

LONG_AGO = datetime.min.replace(tzinfo=UTC)
TRIES_SHOWN = timedelta(days=8)


@dataclass
class MemoryLead:
    """A lead and its state, as in the tables `lead` and `lead_state`."""

    lead: LeadId
    campaign: CampaignName
    number: str
    time_zone: str
    status: str = "ready"
    tries: int = 0
    next_attempt_at: datetime = LONG_AGO
    done_reason: str | None = None
    held_reason: str | None = None
    consent_ref: str = ""
    abandoned_at: datetime | None = None
    not_before: datetime | None = None
    not_after: datetime | None = None


@dataclass
class MemoryAttempts:
    """Fits `dialer.ports.Attempts`.

    promised: leads with an open callback. away: nothing answers. loses_answer: the next plan is
    saved, and then its answer is lost.
    """

    leads: dict[LeadId, MemoryLead] = field(default_factory=dict)
    planned: dict[AttemptId, PlannedAttempt] = field(default_factory=dict)
    settled: list[Settlement] = field(default_factory=list)
    outcomes: list[LeadOutcome] = field(default_factory=list)
    do_not_call: set[str] = field(default_factory=set)
    lists: dict[str, datetime] = field(default_factory=dict)
    promised: set[LeadId] = field(default_factory=set)
    away: bool = False
    loses_answer: bool = False

    # --- what tests put in ---

    def add_lead(
        self, campaign: CampaignName, number: str, time_zone: str, lead: LeadId | None = None
    ) -> LeadId:
        new = lead or LeadId(len(self.leads) + 1)
        self.leads[new] = MemoryLead(new, campaign, number, time_zone)
        return new

    def adopt(self, planned: PlannedAttempt) -> None:
        """Know an attempt that an earlier run saved and did not settle."""
        self.add_lead(planned.campaign, planned.number, "Asia/Shanghai", planned.lead)
        self.leads[planned.lead].status = "leased"
        self.planned[planned.attempt] = planned

    @property
    def open(self) -> dict[AttemptId, PlannedAttempt]:
        ended = {end.attempt for end in self.settled}
        return {one: planned for one, planned in self.planned.items() if one not in ended}

    # --- the port ---

    async def promote(self, campaign: Campaign, now: datetime) -> None:
        self._check()
        for lead in self.leads.values():
            is_due = lead.status == "scheduled" and lead.next_attempt_at <= now
            if is_due and lead.lead not in self.promised:
                lead.status = "ready"
        for lead in self._ready(campaign):
            if not lead.time_zone:
                lead.status, lead.done_reason = "done", "time_zone_unknown"

    async def zones(self, campaign: Campaign) -> list[str]:
        self._check()
        return sorted({lead.time_zone for lead in self._ready(campaign)})

    async def plan(
        self,
        campaign: Campaign,
        zones: Sequence[str],
        lines: int,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
        show: Callable[[str], str] | None = None,
    ) -> list[PlannedAttempt]:
        self._check()
        planned: list[PlannedAttempt] = []
        for zone in zones:
            some = self._plan_zone(campaign, zone, lines - len(planned), now, judge)
            planned += some if show is None else [self._shown(one, show) for one in some]
        if self.loses_answer:
            raise DatabaseUnreachable("the answer to the commit was lost")
        return planned

    async def lists_imported_at(self) -> dict[str, datetime]:
        self._check()
        return self.lists

    async def open_attempts(self) -> list[PlannedAttempt]:
        self._check()
        return sorted(self.open.values(), key=lambda planned: planned.planned_at)

    async def mark_cancelled(self, attempt: AttemptId, now: datetime) -> None:
        self._check()
        planned = self.planned.get(attempt)
        if planned is not None:
            at = planned.cancelled_at or now
            self.planned[attempt] = replace(planned, cancelled_at=at)

    async def save_half_seen(self, seen: Settlement, now: datetime) -> None:
        self._check()
        if seen.attempt in self.open:
            self.planned[seen.attempt] = replace(self.planned[seen.attempt], half_seen=seen)

    async def settle(
        self, end: Settlement, now: datetime, decide: Callable[[LeadHistory], LeadOutcome]
    ) -> bool:
        self._check()
        planned = self.open.get(end.attempt)
        if planned is None:
            return False
        outcome = decide(self._history(planned, end))
        self.settled.append(end)
        self.outcomes.append(outcome)
        self._release(self.leads[planned.lead], outcome)
        return True

    async def settle_all(
        self,
        ends: Sequence[tuple[Settlement, Callable[[LeadHistory], LeadOutcome]]],
        now: datetime,
    ) -> frozenset[AttemptId]:
        self._check()
        return frozenset([e.attempt for e, decide in ends if await self.settle(e, now, decide)])

    # --- inside ---

    def _check(self) -> None:
        if self.away:
            raise DatabaseUnreachable("away")

    def _ready(self, campaign: Campaign) -> list[MemoryLead]:
        return [
            lead
            for lead in self.leads.values()
            if lead.campaign == campaign.name and lead.status == "ready"
        ]

    def _plan_zone(
        self,
        campaign: Campaign,
        zone: str,
        lines: int,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
    ) -> list[PlannedAttempt]:
        due = [
            lead
            for lead in self._ready(campaign)
            if lead.time_zone == zone and lead.next_attempt_at <= now
        ]
        due.sort(key=lambda lead: lead.lead, reverse=campaign.list_order is ListOrder.NEWEST)
        if campaign.list_order is ListOrder.PRIORITY:
            due.sort(key=lambda lead: lead.next_attempt_at)
        planned: list[PlannedAttempt] = []
        for _ in range(LOOK_AHEAD):
            missing = lines - len(planned)
            batch, due = due[:missing], due[max(missing, 0) :]
            for lead in batch:
                verdict = judge(self._candidate(lead, now))
                if verdict.allowed:
                    planned.append(self._lease(campaign, lead, now))
                else:
                    self._hold(lead, verdict, now)
        return planned

    def _candidate(self, lead: MemoryLead, now: datetime) -> LeadCandidate:
        tried = (
            planned.planned_at
            for planned in self.planned.values()
            if planned.number == lead.number
            and planned.planned_at > now - TRIES_SHOWN
            and self._is_try(planned.attempt)
        )
        return LeadCandidate(
            lead=lead.lead,
            number=lead.number,
            time_zone=lead.time_zone,
            tries=lead.tries,
            tried_at=tuple(sorted(tried)),
            on_do_not_call=lead.number in self.do_not_call,
            not_before=lead.not_before,
            not_after=lead.not_after,
            consent_ref=lead.consent_ref,
            abandoned_at=lead.abandoned_at,
            is_being_called=any(one.number == lead.number for one in self.open.values()),
            do_not_call_list="internal" if lead.number in self.do_not_call else "",
        )

    def _is_try(self, attempt: AttemptId) -> bool:
        return all(
            end.result is not NetworkResult.SYSTEM_ERROR
            or end.ringing_at is not None
            or end.by == "records"
            for end in self.settled
            if end.attempt == attempt
        )

    @staticmethod
    def _hold(lead: MemoryLead, verdict: Verdict, now: datetime) -> None:
        lead.held_reason = verdict.reason
        if verdict.is_final:
            lead.status, lead.done_reason = "done", verdict.rule
        else:
            lead.status = "scheduled"
            later = now + timedelta(seconds=LEAD_LOOK_AGAIN_SECONDS)
            lead.next_attempt_at = verdict.next_look_at or later

    def _lease(self, campaign: Campaign, lead: MemoryLead, now: datetime) -> PlannedAttempt:
        lead.status = "leased"
        planned = PlannedAttempt(
            attempt=AttemptId(str(uuid4())),
            lead=lead.lead,
            campaign=campaign.name,
            queue=campaign.queue,
            number=lead.number,
            trunk=campaign.trunk,
            caller_id=campaign.caller_id,
            ring_seconds=campaign.ring_seconds,
            planned_at=now,
        )
        self.planned[planned.attempt] = planned
        return planned

    def _shown(self, planned: PlannedAttempt, show: Callable[[str], str]) -> PlannedAttempt:
        shown = replace(planned, caller_id=show(planned.number))
        self.planned[planned.attempt] = shown
        return shown

    def _history(self, planned: PlannedAttempt, end: Settlement) -> LeadHistory:
        earlier = [
            (self.planned[one.attempt].planned_at, one.result)
            for one in self.settled
            if self.planned[one.attempt].lead == planned.lead
        ]
        newest_first = [end.result, *(result for _, result in sorted(earlier, reverse=True))]
        same = takewhile(lambda result: result is end.result, newest_first)
        return LeadHistory(self.leads[planned.lead].tries, len(list(same)))

    @staticmethod
    def _release(lead: MemoryLead, outcome: LeadOutcome) -> None:
        lead.status = outcome.status
        lead.next_attempt_at = outcome.next_attempt_at or lead.next_attempt_at
        lead.done_reason = outcome.done_reason
        lead.tries += int(outcome.uses_up_try)
