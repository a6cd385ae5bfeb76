"""What the agent's desk needs of the rest: seats, the desk's data, calls asked for, phones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from calls.campaign import CampaignStatus, DialOrder, Mode
from calls.ids import AgentId, AttemptId, CampaignName, LeadId, QueueName
from calls.refusal import Refusal
from store.callbacks import OpenCallback
from store.desk import LastAsked, LeadCard, ShownLead, Targets, WrapUp
from store.phones import Phone


class SeatsPort(Protocol):
    """Where agents should sit: wishes that the dialer's roster carries out within a second."""

    async def queues(self, organisation: str) -> Sequence[str]:
        """Return the queues of the organisation's campaigns, the running ones first."""

    async def sign_in(self, agent: AgentId, queue: QueueName) -> None:
        """Want the agent in the queue, not paused."""

    async def move(self, agent: AgentId, queue: QueueName) -> None:
        """Want a signed-in agent in this queue instead; raises UnknownAgent."""

    async def sign_out(self, agent: AgentId) -> None:
        """Want the agent nowhere; raises UnknownAgent."""

    async def pause(self, agent: AgentId, reason: str | None) -> None:
        """Want the agent paused, or resumed (None); raises UnknownAgent or BadReason."""


class DeskPort(Protocol):
    """What a desk reads and saves; `store.desk.DeskStore` is one."""

    async def lead_card(self, call_id: str) -> LeadCard | None:
        """Return the lead behind a call, None where no attempt of ours is behind it."""

    async def last_unsaved_call(self, agent: str, since: datetime) -> str | None:
        """Return the agent's newest connected call since then that lacks a wrap-up."""

    async def agent_of_call(self, call_id: str) -> str | None:
        """Return who talked in a settled call."""

    async def save(self, wrap_up: WrapUp) -> None:
        """Save it at once, be the call over or handed on and still under way."""

    async def targets(self, organisation: str) -> Targets:
        """Return the organisation's targets for a day."""


@dataclass(frozen=True, slots=True)
class Dialable:
    """A campaign in which an agent may ask for calls."""

    name: CampaignName
    status: CampaignStatus
    mode: Mode
    dial_order: DialOrder


class DialingPort(Protocol):
    """Calls that agents ask for; `cli.dialing_port.DialingPort` is one."""

    def campaigns(self, queue: str) -> Sequence[Dialable]:
        """Return the running campaigns of a queue."""

    async def dial_lead(
        self, agent: AgentId, campaign: CampaignName, lead: LeadId, order: DialOrder | None
    ) -> str | Refusal:
        """Call a lead; return the call's id, or why it is not made."""

    async def dial_number(
        self, agent: AgentId, campaign: CampaignName, number: str, order: DialOrder | None
    ) -> str | Refusal:
        """Call a number that was typed."""

    async def decide(
        self, agent: AgentId, preview: AttemptId, *, dials: bool
    ) -> str | Refusal | None:
        """Dial or skip what the agent looks at; None: skipped."""

    async def cancel(self, attempt: AttemptId) -> None:
        """Save that it is us who end this call."""

    async def shown(self, agent: AgentId) -> ShownLead | None:
        """Return what the agent looks at."""

    async def last(self, agent: AgentId) -> LastAsked | None:
        """Return how the agent's newest own call ended, while that is news."""

    async def may_promise(self, campaign: CampaignName, time_zone: str, at: datetime) -> bool:
        """Whether a lead of this time zone may be promised a call at that moment."""

    async def callbacks(
        self, agent: AgentId | None, *, only_missed: bool = False
    ) -> list[OpenCallback]:
        """Return open promises: of one agent, or of all."""

    async def assign(
        self,
        campaigns: Sequence[str] | None,
        of: str | None,
        to: str | None,
        callbacks: Sequence[int] | None = None,
    ) -> int:
        """Give open promises of one agent to another; return how many."""


class PhonesNotPublished(Exception):
    """The account is saved, but Asterisk does not know it; the message says why."""


class Phones(Protocol):
    """SIP accounts of pages."""

    async def add(self, endpoint: str, name: str, organisation: str) -> Phone:
        """Make an account that works when this returns; raises PhonesNotPublished."""

    async def find(self, endpoint: str) -> Phone | None:
        """Return an account, None if this endpoint has none of ours."""
