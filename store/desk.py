"""What an agent's desk needs from Postgres: the lead behind a call, and what was said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from store.database import Database, Row, Session


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
    """What the agent says of a call. callback_at: when to call again, UTC.

    callback_any: by anybody.
    """

    call_id: str
    agent: str
    disposition: str
    note: str
    callback_at: datetime | None
    do_not_call: bool
    callback_any: bool = False


@dataclass(frozen=True, slots=True)
class ShownLead:
    """The lead that an agent looks at before it is dialled. preview: the lease's id.

    dials_at_end: what happens at decide_by. skips_left: leads that may still be skipped in a row.
    callback_at: it was promised for then.
    """

    preview: str
    card: LeadCard
    shown_at: datetime
    decide_by: datetime
    dials_at_end: bool
    skips_left: int
    callback_at: datetime | None
    callback_note: str


@dataclass(frozen=True, slots=True)
class LastAsked:
    """How a call that an agent asked for ended. result: of the network, or never_sent."""

    call: str
    number: str
    result: str


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

    async def save(self, wrap_up: WrapUp) -> None:
        """Save it in one transaction: nothing is half-done, and nothing waits for the call's end.

        While the attempt is open its lead stays leased; `AttemptStore.settle_all` then does for the
        lead what was said here. A call of no attempt has no lead to call back, nor a number.
        """
        attempt = _uuid(wrap_up.call_id)
        async with self._database.transaction() as tx:
            row = None if attempt is None else await tx.fetch_row("desk_attempt", attempt)
            if row is not None:
                await tx.fetch_row("lock_lead", row["lead_id"])
            held = await tx.fetch_row(
                "save_wrap_up",
                wrap_up.call_id,
                wrap_up.agent,
                wrap_up.disposition,
                wrap_up.note,
                wrap_up.callback_at,
                wrap_up.do_not_call,
            )
            if row is None or held is None:
                return
            await tx.execute("set_agent_disposition", attempt, wrap_up.disposition)
            if held["do_not_call"]:
                await _opt_out(tx, row)
            elif wrap_up.callback_at is not None:
                await _promise(tx, row["lead_id"], wrap_up)
            elif held["callback_at"] is None:
                await tx.execute("close_callback_of_lead", row["lead_id"], "called")

    async def shown_lead(self, agent: str) -> ShownLead | None:
        """Return what the agent looks at, None if it looks at nothing."""
        async with self._database.session() as session:
            row = await session.fetch_row("preview_of_agent", agent)
            if row is None:
                return None
            card = await session.fetch_row("lead_card", row["lead_id"])
            past = await session.fetch("desk_last_calls", row["lead_id"], row["preview_id"])
        if card is None:
            return None
        preview = str(row["preview_id"])
        return ShownLead(
            preview=preview,
            card=LeadCard(call_id=preview, last_calls=[_past(one) for one in past], **dict(card)),
            shown_at=row["shown_at"],
            decide_by=row["decide_by"],
            dials_at_end=row["preview_end"] == "dial",
            skips_left=max(0, row["max_skips"] - row["skips"]),
            callback_at=row["callback_at"],
            callback_note=row["callback_note"],
        )

    async def last_asked(self, agent: str, since: datetime) -> LastAsked | None:
        """Return how the newest call that the agent asked for since then ended."""
        row = await self._database.fetch_row("last_asked_attempt", agent, since)
        if row is None or row["settled_by"] is None:
            return None
        is_sent = row["settled_by"] != "never_sent"
        result = row["network_result"] if is_sent else "never_sent"
        return LastAsked(str(row["attempt_id"]), row["number"], result)

    async def targets(self, organisation: str) -> Targets:
        """Return the organisation's targets for a day."""
        row = await self._database.fetch_row("desk_targets", organisation)
        return Targets(0, 0, 0) if row is None else Targets(**dict(row))


async def _opt_out(tx: Session, attempt: Row) -> None:
    await tx.execute("add_do_not_call", attempt["number"], "told the agent", None)
    await tx.execute("close_leads_of_phone", attempt["number"])
    await tx.execute("close_callback_of_lead", attempt["lead_id"], "do_not_call")


async def _promise(tx: Session, lead: int, wrap_up: WrapUp) -> None:
    await tx.execute("schedule_callback", lead, wrap_up.callback_at)
    await tx.execute(
        "promise_callback",
        lead,
        None if wrap_up.callback_any else wrap_up.agent,
        wrap_up.callback_at,
        wrap_up.note,
        wrap_up.agent,
    )


def _uuid(call_id: str) -> UUID | None:
    try:
        return UUID(call_id)
    except ValueError:
        return None
