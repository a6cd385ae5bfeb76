"""What an agent's desk needs from Postgres: the lead behind a call, and what was said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from store.database import Database, Row


@dataclass(frozen=True, slots=True)
class PastCall:
    """One earlier call with this lead."""

    dialled_at: datetime
    result: str
    disposition: str | None
    note: str
    agent: str | None
    talk_seconds: float


@dataclass(frozen=True, slots=True)
class LeadCard:
    """Who is on the line. last_calls: newest first, the present one left out."""

    call_id: str
    lead_id: int
    campaign: str
    number: str
    company: str
    contact: str
    industry: str
    chain_role: str
    province: str
    city: str
    need: str
    supply: str
    remark: str
    time_zone: str
    tries: int
    last_calls: Sequence[PastCall]


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What the agent says of a call. callback_at: when to call again, UTC."""

    call_id: str
    agent: str
    disposition: str
    note: str
    callback_at: datetime | None
    do_not_call: bool


@dataclass(frozen=True, slots=True)
class Callback:
    """A promise to call again. is_open: the lead is still to be dialled."""

    call_id: str
    callback_at: datetime
    company: str
    contact: str
    number: str
    note: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Targets:
    """What an agent should reach in a day."""

    attempts: int
    effective: int
    talk_seconds: int


def _past(row: Row) -> PastCall:
    return PastCall(**{**dict(row), "talk_seconds": float(row["talk_seconds"] or 0)})


class DeskStore:
    """The desk's queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def lead_card(self, call_id: str) -> LeadCard | None:
        """Return the lead behind a call, None where no attempt of ours is behind it."""
        attempt = _uuid(call_id)
        if attempt is None:
            return None
        async with self._database.session() as session:
            row = await session.fetch_row("desk_lead", attempt)
            if row is None:
                return None
            past = await session.fetch("desk_last_calls", row["lead_id"], attempt)
        fields = {k: v for k, v in dict(row).items() if k != "attempt_id"}
        return LeadCard(call_id=call_id, last_calls=[_past(one) for one in past], **fields)

    async def last_unsaved_call(self, agent: str, since: datetime) -> str | None:
        """Return the agent's newest connected call that lacks a wrap-up, if it ended after."""
        found = await self._database.fetch_value("desk_last_unsaved_call", agent, since)
        return None if found is None else str(found)

    async def agent_of_call(self, call_id: str) -> str | None:
        """Return who talked in a call as it was settled; None if nobody did, or not settled yet."""
        attempt = _uuid(call_id)
        if attempt is None:
            return None
        found: str | None = await self._database.fetch_value("desk_agent_of_call", attempt)
        return found

    async def save(self, wrap_up: WrapUp) -> bool:
        """Save it once its attempt is settled; False while that is not so.

        The do-not-call entry, the appointment and the disposition are one transaction: nothing is
        half-done.
        """
        attempt = _uuid(wrap_up.call_id)
        async with self._database.transaction() as tx:
            row = await tx.fetch_row("desk_settled_lead", attempt)
            if row is None:
                return False
            await tx.execute(
                "save_wrap_up",
                wrap_up.call_id,
                wrap_up.agent,
                wrap_up.disposition,
                wrap_up.note,
                wrap_up.callback_at,
                wrap_up.do_not_call,
            )
            await tx.execute("set_agent_disposition", attempt, wrap_up.disposition)
            if wrap_up.do_not_call:
                await tx.execute("add_do_not_call", row["number"], "told the agent", None)
                await tx.execute("close_leads_of_phone", row["number"])
            elif wrap_up.callback_at is not None:
                await tx.execute("schedule_callback", row["lead_id"], wrap_up.callback_at)
        return True

    async def callbacks(self, agent: str) -> list[Callback]:
        """Return the agent's promises to call again, the next one first."""
        return [Callback(**dict(row)) for row in await self._database.fetch("callbacks", agent)]

    async def targets(self, organisation: str) -> Targets:
        """Return the organisation's targets for a day."""
        row = await self._database.fetch_row("desk_targets", organisation)
        return Targets(0, 0, 0) if row is None else Targets(**dict(row))


def _uuid(call_id: str) -> UUID | None:
    try:
        return UUID(call_id)
    except ValueError:
        return None
