"""What the dialer needs of the world; the composition root hands in the real things."""

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from calls.abandonment import AbandonmentCount
from calls.attempt import (
    LeadCandidate,
    LeadHistory,
    LeadOutcome,
    PlannedAttempt,
    Settlement,
    Verdict,
)
from calls.campaign import Campaign
from calls.commands import Command, PlaceAskedCall, PlaceCall
from calls.facts import Fact
from calls.ids import AgentId, AttemptId, CallId, QueueName


class SeatWish(Protocol):
    """Where an agent should sit."""

    @property
    def agent(self) -> AgentId: ...
    @property
    def name(self) -> str: ...
    @property
    def queue(self) -> QueueName | None: ...
    @property
    def pause_reason(self) -> str | None: ...


class Switch(Protocol):
    """The telephone exchange. Its errors are those of `calls.switch`."""

    @property
    def can_place(self) -> bool:
        """Whether a call can be placed, and seen, now."""

    async def place(self, command: PlaceCall | PlaceAskedCall) -> None:
        """Return when Asterisk has taken the Originate."""

    async def send(self, command: Command) -> None:
        """Return when Asterisk has carried out the command."""

    def facts(self) -> AsyncIterator[Fact]:
        """Yield every fact in Asterisk's order, without an end."""


class Attempts(Protocol):
    """Leads and attempts. Every method may raise DatabaseUnreachable and be called again."""

    async def promote(self, campaign: Campaign, now: datetime) -> None: ...
    async def zones(self, campaign: Campaign) -> list[str]: ...
    async def plan(
        self,
        campaign: Campaign,
        zones: Sequence[str],
        lines: int,
        now: datetime,
        judge: Callable[[LeadCandidate], Verdict],
        show: Callable[[str], str] | None = None,
    ) -> list[PlannedAttempt]: ...
    async def lists_imported_at(self) -> Mapping[str, datetime]: ...
    async def open_attempts(self) -> list[PlannedAttempt]: ...
    async def mark_cancelled(self, attempt: AttemptId, now: datetime) -> None: ...
    async def save_half_seen(self, seen: Settlement, now: datetime) -> None: ...
    async def settle(
        self, end: Settlement, now: datetime, decide: Callable[[LeadHistory], LeadOutcome]
    ) -> bool: ...
    async def settle_all(
        self,
        ends: Sequence[tuple[Settlement, Callable[[LeadHistory], LeadOutcome]]],
        now: datetime,
    ) -> frozenset[AttemptId]: ...


class Wishes(Protocol):
    """What the people want: campaigns and seats."""

    async def campaigns(self) -> list[Campaign]: ...
    async def seats(self) -> Sequence[SeatWish]: ...


class Records(Protocol):
    """What Asterisk's own records say of attempts that nobody saw end."""

    async def settlements(self, attempts: Collection[AttemptId]) -> list[Settlement]:
        """Return the settlements of those attempts whose record is complete."""

    async def touched(self, attempts: Collection[AttemptId]) -> frozenset[AttemptId]:
        """Return those attempts of which Asterisk recorded anything at all."""


class Abandonments(Protocol):
    """Abandoned calls as the records tell them."""

    async def began_at(self, campaign: Campaign) -> datetime | None:
        """Return when the campaign's first call was answered, None if none was."""

    async def recorded(self, calls: Collection[CallId]) -> frozenset[CallId]:
        """Return those calls that have a record."""

    async def count(
        self,
        campaign: Campaign,
        starts: Sequence[datetime],
        without: Collection[CallId],
        connect_seconds: float,
    ) -> list[AbandonmentCount]:
        """Count the calls answered since each start by a person, and those left too long."""


class Clock(Protocol):
    """Time, so that tests can own it."""

    def now(self) -> datetime:
        """Return the time, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Wait."""
