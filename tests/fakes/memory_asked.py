"""Calls that agents ask for, in memory; tests/contract proves them against Postgres."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import uuid4

from calls.attempt import LeadCandidate, PlannedAttempt, Verdict
from calls.campaign import Campaign
from calls.ids import AgentId, AttemptId, LeadId
from calls.outcomes import ANSWERED_RESULTS
from calls.preview import DueCallback, Preview
from dialer.why import Answer
from store.lead_looks import LeadLook
from tests.fakes.memory_attempts import MemoryAttempts, MemoryLead


@dataclass
class MemoryAskedCalls:
    """Fits `dialer.asked_ports.AskedCalls`; its leads are those of the attempts."""

    attempts: MemoryAttempts
    callbacks: "MemoryCallbacks"
    shown: dict[AttemptId, Preview] = field(default_factory=dict)
    skipped: dict[tuple[AgentId, str], int] = field(default_factory=dict)

    async def plan(
        self,
        campaign: Campaign,
        lead: LeadId,
        agent: AgentId,
        now: datetime,
        judge: Callable[[LeadLook], Answer],
        preview: AttemptId | None = None,
        show: Callable[[str], str] | None = None,
    ) -> PlannedAttempt | Answer | None:
        self.attempts._check()
        known = self.attempts.leads.get(lead)
        if known is None or known.campaign != campaign.name:
            return None
        if preview is not None:
            one = self.shown.get(preview)
            if one is None or one.lead != lead:
                return None
        look = self._look(known, now, is_shown=preview is not None)
        answer = judge(look)
        if not answer.allowed:
            return answer
        if preview is not None:
            del self.shown[preview]
        planned = self.attempts._lease(campaign, known, now)
        del self.attempts.planned[planned.attempt]
        asked = replace(
            planned,
            attempt=preview or planned.attempt,
            asked_by=agent,
            order=campaign.dial_order,
            caller_id=campaign.caller_id if show is None else show(planned.number),
        )
        self.attempts.planned[asked.attempt] = asked
        self.skipped.pop((agent, campaign.name), None)
        self.callbacks.begin(lead, asked.attempt)
        return asked

    def _look(self, lead: MemoryLead, now: datetime, *, is_shown: bool) -> LeadLook:
        return LeadLook(
            lead.campaign,
            self.attempts._candidate(lead, now),
            "ready" if is_shown else lead.status,
            lead.next_attempt_at,
            lead.done_reason,
        )

    async def previews(self) -> list[Preview]:
        self.attempts._check()
        return sorted(self.shown.values(), key=lambda one: one.shown_at)

    async def show(
        self,
        campaign: Campaign,
        zones: Sequence[str],
        agent: AgentId,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
    ) -> Preview | None:
        self.attempts._check()
        for lead in self.attempts._ready(campaign):
            if lead.time_zone not in zones or lead.next_attempt_at > now:
                continue
            verdict = judge(self.attempts._candidate(lead, now))
            if verdict.allowed:
                return self._lease(campaign, lead, agent, now)
            self.attempts._hold(lead, verdict, now)
        return None

    async def show_lead(
        self, campaign: Campaign, lead: LeadId, agent: AgentId, now: datetime
    ) -> Preview | None:
        known = self.attempts.leads[lead]
        return None if known.status == "leased" else self._lease(campaign, known, agent, now)

    def _lease(
        self, campaign: Campaign, lead: MemoryLead, agent: AgentId, now: datetime
    ) -> Preview:
        lead.status = "leased"
        ends = now + timedelta(seconds=campaign.preview_seconds)
        new = AttemptId(str(uuid4()))
        self.shown[new] = Preview(new, lead.lead, campaign.name, agent, now, ends)
        return self.shown[new]

    async def give_back(
        self, preview: AttemptId, next_look_at: datetime, *, is_skipped: bool = False
    ) -> bool:
        one = self.shown.pop(preview, None)
        if one is None:
            return False
        lead = self.attempts.leads[one.lead]
        lead.status, lead.next_attempt_at = "scheduled", next_look_at
        if is_skipped:
            key = (one.agent, one.campaign)
            self.skipped[key] = self.skipped.get(key, 0) + 1
        return True

    async def skips(self, agent: AgentId, campaign: Campaign) -> int:
        return self.skipped.get((agent, campaign.name), 0)


@dataclass
class MemoryCallbacks:
    """Fits `dialer.asked_ports.Callbacks`."""

    attempts: MemoryAttempts
    open: dict[LeadId, DueCallback] = field(default_factory=dict)
    under_way: dict[LeadId, AttemptId] = field(default_factory=dict)
    closed: dict[LeadId, str] = field(default_factory=dict)

    def add(self, callback: DueCallback) -> None:
        """Promise a call, as an agent's wrap-up does."""
        lead = self.attempts.leads[callback.lead]
        lead.status, lead.next_attempt_at = "scheduled", callback.due_at
        self.attempts.promised.add(callback.lead)
        self.open[callback.lead] = callback

    def begin(self, lead: LeadId, attempt: AttemptId) -> None:
        if lead in self.open:
            self.under_way[lead] = attempt

    async def due(self, before: datetime) -> list[DueCallback]:
        for lead, attempt in tuple(self.under_way.items()):
            self._end(lead, attempt)
        found = [one for one in self.open.values() if one.due_at <= before]
        return sorted(
            (one for one in found if one.lead not in self.under_way), key=lambda one: one.due_at
        )

    def _end(self, lead: LeadId, attempt: AttemptId) -> None:
        end = next((one for one in self.attempts.settled if one.attempt == attempt), None)
        if end is None:
            return
        del self.under_way[lead]
        state, one = self.attempts.leads[lead], self.open[lead]
        if end.result in ANSWERED_RESULTS:
            self._close(lead, "called")
        elif state.status == "done":
            self._close(lead, state.done_reason or "")
        elif end.by == "never_sent":
            later = end.ended_at + timedelta(minutes=1)
            self.open[lead] = replace(one, due_at=max(one.due_at, later))
        else:
            self.open[lead] = replace(one, due_at=max(one.due_at, state.next_attempt_at))

    def _close(self, lead: LeadId, why: str) -> None:
        self.open.pop(lead, None)
        self.attempts.promised.discard(lead)
        self.closed[lead] = why

    async def miss(self, callbacks: Sequence[int], now: datetime) -> int:
        missed = [
            one for one in self.open.values() if one.callback in callbacks and not one.is_missed
        ]
        for one in missed:
            self.open[one.lead] = replace(one, is_missed=True)
        return len(missed)

    async def close(self, lead: LeadId, why: str) -> None:
        self._close(lead, why)
