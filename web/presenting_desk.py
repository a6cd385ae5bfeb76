"""From a desk to what its page gets; numbers are masked unless the organisation shows them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import msgspec

from store.desk import LeadCard
from web import desk_schemas
from web.lead_schemas import LeadView, PastCallView
from web.masking import mask_number
from web.presenting import present_agent, present_call

if TYPE_CHECKING:
    from store.report_rows import AgentRegionRow
    from web.desks import Desk
    from web.dialing_schemas import Dialing
    from web.ports import FloorView


def present_desk(
    desk: Desk, view: FloorView, dialing: Dialing, *, shows_whole: bool
) -> desk_schemas.DeskState:
    """Show the agent's desk on the floor as it is now."""
    seat = next((one for one in view.agents if one.agent == desk.agent), None)
    live = next((one for one in view.calls if seat and one.call == seat.call), None)
    call = None if live is None else present_call(live)
    if live is not None and call is not None and shows_whole:
        call = msgspec.structs.replace(call, number=live.number)
    return desk_schemas.DeskState(
        at=view.at,
        agent=desk.agent,
        unknown_because=view.unknown_because,
        seat=None if seat is None else present_agent(seat),
        call=call,
        lead=None if desk.lead is None else present_lead(desk.lead, shows_whole=shows_whole),
        to_wrap_up=desk.to_wrap_up,
        dialog=desk.dialog,
        queues=list(desk.queues),
        day=_present_day(desk),
        regions=[_present_region(row) for row in desk.regions],
        dialing=dialing,
    )


def _present_day(desk: Desk) -> desk_schemas.DayFigures:
    day, targets = desk.day, desk.targets
    return desk_schemas.DayFigures(
        attempts=day.attempts if day else 0,
        answered=day.answered if day else 0,
        valid=day.valid if day else 0,
        effective=day.effective if day else 0,
        talk_seconds=day.talk.total_seconds() if day else 0,
        effective_talk_seconds=day.effective_talk.total_seconds() if day else 0,
        target_attempts=targets.attempts,
        target_effective=targets.effective,
        target_talk_seconds=targets.talk_seconds,
    )


def _present_region(row: AgentRegionRow) -> desk_schemas.RegionFigures:
    return desk_schemas.RegionFigures(
        region=row.region,
        attempts=row.attempts,
        answered=row.answered,
        valid=row.valid,
        effective=row.effective,
        talk_seconds=row.talk.total_seconds(),
    )


def present_lead(card: LeadCard, *, shows_whole: bool) -> LeadView:
    """Show who is on the line."""
    return LeadView(
        lead_id=card.lead_id,
        campaign=card.campaign,
        number=card.number if shows_whole else mask_number(card.number),
        company=card.company,
        contact=card.contact,
        industry=card.industry,
        chain_role=card.chain_role,
        province=card.province,
        city=card.city,
        need=card.need,
        supply=card.supply,
        remark=card.remark,
        time_zone=card.time_zone,
        tries=card.tries,
        last_calls=[PastCallView(**asdict(past)) for past in card.last_calls],
    )
