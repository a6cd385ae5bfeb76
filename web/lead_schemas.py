"""What goes over the wire of a lead: who it is, and its last calls."""

from datetime import datetime

from msgspec import Struct

from web.schemas import Count, Seconds


class PastCallView(Struct, frozen=True):
    """One earlier call with this lead."""

    dialled_at: datetime
    result: str
    disposition: str | None
    note: str
    agent: str | None
    talk_seconds: Seconds


class LeadView(Struct, frozen=True):
    """Who is on the line. number: masked unless the organisation shows it."""

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
    tries: Count
    last_calls: list[PastCallView]
