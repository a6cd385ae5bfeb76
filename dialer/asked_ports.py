"""What calls that agents ask for need of the world."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from calls.attempt import LeadCandidate, PlannedAttempt, Verdict
from calls.campaign import Campaign
from calls.ids import AgentId, AttemptId, LeadId
from calls.preview import DueCallback, Preview
from dialer.why import Answer
from store.lead_looks import LeadLook


class AskedCalls(Protocol):
    """Saved intents and previews. Every method may raise DatabaseUnreachable."""

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
        """Save the attempt if the judge allows it, else return what it said; None: no such lead."""

    async def previews(self) -> list[Preview]:
        """Return every lead that an agent looks at now."""

    async def show(
        self,
        campaign: Campaign,
        zones: Sequence[str],
        agent: AgentId,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
    ) -> Preview | None:
        """Lease the next due lead to the agent."""

    async def show_lead(
        self, campaign: Campaign, lead: LeadId, agent: AgentId, now: datetime
    ) -> Preview | None:
        """Lease this lead to the agent; None while it is leased."""

    async def give_back(
        self, preview: AttemptId, next_look_at: datetime, *, is_skipped: bool = False
    ) -> bool:
        """End a preview; its lead waits until then. False if it had ended before."""

    async def skips(self, agent: AgentId, campaign: Campaign) -> int:
        """Return how many leads the agent has skipped in a row."""


class Callbacks(Protocol):
    """Promises to call again."""

    async def due(self, before: datetime) -> list[DueCallback]:
        """Return the open promises due before then, in order."""

    async def miss(self, callbacks: Sequence[int], now: datetime) -> int:
        """Mark promises as not kept in time; return how many were not marked before."""

    async def close(self, lead: LeadId, why: str) -> None:
        """End the lead's promise."""


class SeatPauses(Protocol):
    """Where the wish that a seat be paused is saved."""

    async def pause(self, agent: AgentId, reason: str | None) -> None:
        """Want the agent paused; raises UnknownAgent."""
