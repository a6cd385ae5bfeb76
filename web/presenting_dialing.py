"""From dialling, previews and callbacks to what goes over the wire; numbers are masked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from calls.refusal import Refusal
from store.callbacks import OpenCallback
from web import dialing_schemas as schemas
from web.masking import mask_number
from web.presenting_desk import present_lead

if TYPE_CHECKING:
    from calls.live import LiveCall
    from store.desk import LastAsked, ShownLead
    from web.desks import Desk


def present_dialing(desk: Desk, call: LiveCall | None, *, shows_whole: bool) -> schemas.Dialing:
    """Show what the agent may dial, looks at and is dialling."""

    def number(whole: str) -> str:
        return whole if shows_whole else mask_number(whole)

    own = None
    if call is not None:
        own = schemas.OwnCall(call.call, call.state, call.since, number(call.number))
    return schemas.Dialing(
        campaigns=[
            schemas.DialableCampaign(one.name, one.status, one.mode, one.dial_order)
            for one in desk.campaigns
        ],
        call=own,
        preview=None if desk.shown is None else _present_preview(desk.shown, shows_whole),
        last=None if desk.last_asked is None else _present_last(desk.last_asked, shows_whole),
    )


def _present_preview(shown: ShownLead, shows_whole: bool) -> schemas.PreviewView:
    return schemas.PreviewView(
        preview=shown.preview,
        lead=present_lead(shown.card, shows_whole=shows_whole),
        shown_at=shown.shown_at,
        decide_by=shown.decide_by,
        dials_at_end=shown.dials_at_end,
        skips_left=shown.skips_left,
        callback_at=shown.callback_at,
        callback_note=shown.callback_note,
    )


def _present_last(last: LastAsked, shows_whole: bool) -> schemas.LastOwnCall:
    number = last.number if shows_whole else mask_number(last.number)
    return schemas.LastOwnCall(last.call, number, last.result)


def present_refusal(refusal: Refusal) -> schemas.RefusalView:
    """Show why a call was not made, in both languages."""
    return schemas.RefusalView(refusal.rule, refusal.until, refusal.text("en"), refusal.text("zh"))


def present_callback(one: OpenCallback, *, shows_whole: bool) -> schemas.CallbackView:
    """Show a promise to call again."""
    return schemas.CallbackView(
        callback_id=one.callback_id,
        lead_id=one.lead_id,
        campaign=one.campaign,
        agent=one.agent_id,
        due_at=one.due_at,
        is_missed=one.missed_at is not None,
        company=one.company,
        contact=one.contact,
        number=one.number if shows_whole else mask_number(one.number),
        note=one.note,
        time_zone=one.time_zone,
    )
