"""Calls that agents ask for: dial, look at a lead and decide, keep and hand on callbacks."""

import structlog
from aiohttp import web

from calls.commands import EndCall
from calls.ids import AgentId, AttemptId, CampaignName, ChannelId, LeadId
from calls.refusal import Refusal
from calls.switch import SwitchError
from store.accounts import Role
from store.callbacks import OpenCallback
from web.api.answers import answer, read_body, read_query
from web.api.desk import own_seat
from web.desks import Desk
from web.dialing_schemas import (
    AssignCallbacks,
    Assigned,
    CallbackList,
    CallbackQuery,
    Decide,
    Dial,
    DialAnswer,
)
from web.errors import AsteriskAway, BadRequest, Conflict, NoSuchCampaign, NotFound
from web.keys import ACCOUNT, DESKS, SERVICES, TENANCY
from web.presenting_dialing import present_callback, present_refusal
from web.schemas import Nothing

_log = structlog.get_logger(__name__)


async def _open(request: web.Request) -> Desk:
    return await request.app[DESKS].open(request[ACCOUNT], own_seat(request))


async def dialing(request: web.Request) -> web.Response:
    """Return what the agent may dial, looks at and is dialling."""
    opened = await _open(request)
    return answer(request.app[DESKS].dialing(opened))


def _answered(request: web.Request, opened: Desk, told: str | Refusal | None) -> web.Response:
    request.app[DESKS].changed(opened)
    if isinstance(told, Refusal):
        return answer(DialAnswer(refusal=present_refusal(told)))
    return answer(DialAnswer(call=told))


async def dial(request: web.Request) -> web.Response:
    """Call a lead or a typed number, unless the law, the list or the own seat forbids it."""
    wanted = await read_body(request, Dial)
    opened = await _open(request)
    if (wanted.lead is None) == (wanted.number is None):
        raise BadRequest("name either a lead or a number")
    if opened.to_wrap_up is not None:
        raise Conflict("first say the result of the last call")
    if not _may_dial(request, opened, wanted.campaign):
        raise NoSuchCampaign
    port, campaign = request.app[SERVICES].dialing, CampaignName(wanted.campaign)
    if wanted.number is not None:
        told = await port.dial_number(opened.agent, campaign, wanted.number, wanted.order)
    else:
        lead = LeadId(wanted.lead or 0)
        told = await port.dial_lead(opened.agent, campaign, lead, wanted.order)
    await request.app[DESKS].refresh(opened)
    return _answered(request, opened, told)


def _may_dial(request: web.Request, opened: Desk, campaign: str) -> bool:
    is_there = any(one.name == campaign for one in opened.campaigns)
    return is_there and request.app[TENANCY].sees_campaign(request[ACCOUNT], campaign)


async def decide(request: web.Request) -> web.Response:
    """Dial the lead that is shown, or skip it."""
    wanted = await read_body(request, Decide)
    opened = await _open(request)
    port = request.app[SERVICES].dialing
    told = await port.decide(opened.agent, AttemptId(wanted.preview), dials=wanted.act == "dial")
    await request.app[DESKS].refresh(opened)
    return _answered(request, opened, told)


async def hang_up(request: web.Request) -> web.Response:
    """End the call of the own asking that is on its way."""
    await read_body(request, Nothing)
    opened = await _open(request)
    call = request.app[DESKS].own_call(opened)
    if call is None:
        raise NotFound("no call of yours is on its way")
    await request.app[SERVICES].dialing.cancel(AttemptId(call.call))
    try:
        await request.app[SERVICES].switch.send(EndCall(ChannelId(call.call)))
    except SwitchError as error:
        _log.warning("own_call_not_ended", call=call.call, problem=str(error))
        raise AsteriskAway(str(error)) from error
    return answer(Nothing())


async def callbacks(request: web.Request) -> web.Response:
    """List the own promises to call again."""
    agent = own_seat(request)
    return _listed(request, await request.app[SERVICES].dialing.callbacks(agent))


async def all_callbacks(request: web.Request) -> web.Response:
    """List the open promises of everybody; missed ones are an alarm."""
    wanted = read_query(request, CallbackQuery)
    agent = None if wanted.agent is None else AgentId(wanted.agent)
    found = await request.app[SERVICES].dialing.callbacks(agent, only_missed=wanted.missed)
    return _listed(request, found)


def _listed(request: web.Request, found: list[OpenCallback]) -> web.Response:
    account, tenancy = request[ACCOUNT], request.app[TENANCY]
    whole = account.role is Role.AGENT and tenancy.shows_whole_numbers(account)
    seen = [one for one in found if tenancy.sees_campaign(account, one.campaign)]
    return answer(CallbackList([present_callback(one, shows_whole=whole) for one in seen]))


async def assign(request: web.Request) -> web.Response:
    """Give open promises of one agent to another, or to any."""
    wanted = await read_body(request, AssignCallbacks)
    account, tenancy = request[ACCOUNT], request.app[TENANCY]
    if wanted.of == wanted.to:
        raise BadRequest("of and to are the same")
    if wanted.to is not None and wanted.to not in tenancy.agents_of(account):
        raise BadRequest(f"to: there is no agent {wanted.to}")
    if wanted.campaign is not None and not tenancy.sees_campaign(account, wanted.campaign):
        raise NoSuchCampaign
    campaigns = tenancy.campaigns_of(account) if wanted.campaign is None else [wanted.campaign]
    done = await request.app[SERVICES].dialing.assign(
        campaigns, wanted.of, wanted.to, wanted.callbacks
    )
    return answer(Assigned(done))
