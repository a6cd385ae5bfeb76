"""Campaigns and seats in Postgres: what the people want."""

import json
import re
from dataclasses import dataclass
from datetime import timedelta

from calls.campaign import Campaign, CampaignStatus, DialOrder, ListOrder, Mode, PreviewEnd
from calls.ids import AgentId, CampaignName, QueueName
from calls.outcomes import NetworkResult
from store.database import Database, Row
from store.errors import StoreError

MOST_REASON_BYTES = 79
_QUEUE = re.compile(r"^[A-Za-z0-9_.-]{1,79}$")


class UnknownCampaign(LookupError):
    """No campaign has this name; the message lists those that exist."""

    def __init__(self, name: str, known: list[str]) -> None:
        there = ", ".join(known) if known else "none yet"
        super().__init__(f"unknown campaign {name!r}; there are: {there}")


class BadQueue(StoreError):
    """The name cannot be that of a queue in Asterisk."""


class BadReason(StoreError):
    """The text cannot be a pause reason in Asterisk."""


class UnknownAgent(LookupError):
    """No agent has this id, or it is not signed in."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Where an agent should sit. queue: None: signed out. pause_reason: None: not paused."""

    agent: AgentId
    name: str
    queue: QueueName | None
    pause_reason: str | None


@dataclass(frozen=True, slots=True)
class LeadsLeft:
    """How many leads of a campaign are in each status."""

    ready: int
    scheduled: int
    leased: int
    done: int

    @property
    def open(self) -> int:
        """Leads that may still be dialled."""
        return self.ready + self.scheduled + self.leased


@dataclass(frozen=True, slots=True)
class CampaignChange:
    """New values of a campaign's settings; None leaves one as it is."""

    mode: Mode | None = None
    ratio: float | None = None
    max_abandonment: float | None = None
    priority: int | None = None
    max_lines: int | None = None
    calling_hours: str | None = None
    recording_notice: str | None = None
    list_order: ListOrder | None = None
    ring_seconds: int | None = None
    dial_order: DialOrder | None = None
    preview_seconds: int | None = None
    preview_end: PreviewEnd | None = None
    max_skips: int | None = None


def _campaign(row: Row) -> Campaign:
    retry: dict[str, float] = json.loads(row["retry_seconds"])
    return Campaign(
        campaign_id=row["campaign_id"],
        name=CampaignName(row["name"]),
        status=CampaignStatus(row["status"]),
        mode=row["mode"],
        queue=QueueName(row["queue"]),
        trunk=row["trunk"],
        caller_id=row["caller_id"],
        calling_hours=row["calling_hours"],
        rule_version=row["rule_version"],
        amd=row["amd"],
        ring_seconds=row["ring_seconds"],
        wrap_up_seconds=row["wrap_up_seconds"],
        max_tries=row["max_tries"],
        max_tries_per_day=row["max_tries_per_day"],
        max_system_errors=row["max_system_errors"],
        max_lines=row["max_lines"],
        retry_after={
            NetworkResult(result): timedelta(seconds=seconds) for result, seconds in retry.items()
        },
        max_abandonment=row["max_abandonment"],
        ratio=row["ratio"],
        priority=row["priority"],
        recording_notice=row["recording_notice"],
        list_order=ListOrder(row["list_order"]),
        dial_order=DialOrder(row["dial_order"]),
        preview_seconds=row["preview_seconds"],
        preview_end=PreviewEnd(row["preview_end"]),
        max_skips=row["max_skips"],
    )


def _seat(row: Row) -> Seat:
    return Seat(AgentId(row["agent_id"]), row["name"], row["queue"], row["pause_reason"])


class CampaignStore:
    """Campaigns, their status, and the seats that agents should have."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def campaigns(self) -> list[Campaign]:
        """Return every campaign, by name."""
        return [_campaign(row) for row in await self._database.fetch("list_campaigns")]

    async def campaign(self, name: str) -> Campaign:
        """Return one campaign; raises UnknownCampaign."""
        campaigns = await self.campaigns()
        for campaign in campaigns:
            if campaign.name == name:
                return campaign
        raise UnknownCampaign(name, [c.name for c in campaigns])

    async def add(self, campaign: Campaign) -> int:
        """Save a new campaign (its id is ignored) and return its id."""
        retry = {r.value: after.total_seconds() for r, after in campaign.retry_after.items()}
        campaign_id: int = await self._database.fetch_value(
            "add_campaign", campaign.name, campaign.queue, campaign.trunk, campaign.caller_id,
            campaign.calling_hours, campaign.rule_version, campaign.amd, campaign.ring_seconds,
            campaign.wrap_up_seconds, campaign.max_tries, campaign.max_tries_per_day,
            campaign.max_lines, json.dumps(retry), campaign.max_system_errors, campaign.mode,
            campaign.ratio, campaign.max_abandonment, campaign.priority, campaign.recording_notice,
            campaign.list_order.value,
        )  # fmt: skip
        await self._database.execute(
            "set_asked_dialling", campaign.name, campaign.dial_order.value,
            campaign.preview_seconds, campaign.preview_end.value, campaign.max_skips,
        )  # fmt: skip
        return campaign_id

    async def set_status(self, name: str, status: CampaignStatus) -> None:
        """Start, pause or stop; raises UnknownCampaign."""
        if not await self._database.execute("set_campaign_status", name, status.value):
            raise UnknownCampaign(name, [c.name for c in await self.campaigns()])

    async def change(self, name: str, change: CampaignChange) -> None:
        """Change how a campaign is dialled, also while it runs; raises UnknownCampaign."""
        changed = await self._database.execute(
            "change_campaign", name, change.mode, change.ratio, change.max_abandonment,
            change.priority, change.max_lines, change.calling_hours, change.recording_notice,
            change.list_order, change.ring_seconds,
        )  # fmt: skip
        await self._database.execute(
            "set_asked_dialling", name, change.dial_order, change.preview_seconds,
            change.preview_end, change.max_skips,
        )  # fmt: skip
        if not changed:
            raise UnknownCampaign(name, [c.name for c in await self.campaigns()])

    async def leads_left(self, campaign_id: int) -> LeadsLeft:
        """Count the campaign's leads by status."""
        row = await self._database.fetch_row("count_leads_left", campaign_id)
        return LeadsLeft(**dict(row)) if row else LeadsLeft(0, 0, 0, 0)

    async def seats(self) -> list[Seat]:
        """Return who should be signed in."""
        return [_seat(row) for row in await self._database.fetch("list_seats")]

    async def agents(self) -> list[Seat]:
        """Return every agent, signed in or not."""
        return [_seat(row) for row in await self._database.fetch("list_agents")]

    async def add_agent(self, agent: AgentId, name: str) -> None:
        """Make an agent known, or rename it."""
        await self._database.execute("add_agent", agent, name)

    async def sign_in(self, agent: AgentId, queue: QueueName) -> None:
        """Want the agent in the queue; raises UnknownAgent or BadQueue."""
        await self._must_know(agent)
        if not _QUEUE.match(queue):
            raise BadQueue(f"queue {queue!r}: should be letters, digits, -, _ and .")
        await self._database.execute("sign_in_agent", agent, queue)

    async def move(self, agent: AgentId, queue: QueueName) -> None:
        """Want a signed-in agent in this queue instead; raises UnknownAgent."""
        if not await self._database.execute("move_agent", agent, queue):
            raise UnknownAgent(f"agent {agent!r} is not signed in: sign it in first")

    async def sign_out(self, agent: AgentId) -> None:
        """Want the agent nowhere; raises UnknownAgent."""
        await self._must_know(agent)
        await self._database.execute("sign_out_agent", agent)

    async def pause(self, agent: AgentId, reason: str | None) -> None:
        """Want the agent paused for this reason, or resumed (None).

        Raises UnknownAgent, or BadReason: Asterisk keeps 79 bytes of it.
        """
        reason = None if reason is None else reason.strip()
        if reason is not None and not 0 < len(reason.encode()) <= MOST_REASON_BYTES:
            raise BadReason(
                f"the pause reason has {len(reason.encode())} bytes; it should have 1 to "
                f"{MOST_REASON_BYTES} (a Chinese character takes 3)"
            )
        if not await self._database.execute("pause_agent", agent, reason):
            await self._must_know(agent)
            raise UnknownAgent(f"agent {agent!r} is not signed in: sign it in first")

    async def _must_know(self, agent: AgentId) -> None:
        known = [seat.agent for seat in await self.agents()]
        if agent not in known:
            there = ", ".join(known) if known else "none yet"
            raise UnknownAgent(f"unknown agent {agent!r}; there are: {there}")
