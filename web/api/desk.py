"""An agent's desk: its state, its phone, ready and pause, and the result of a call."""

from datetime import UTC, datetime

import structlog
from aiohttp import web

from calls.ids import AgentId, CampaignName, QueueName
from store import desk as stored
from store.campaigns import BadReason, UnknownAgent
from web.api.answers import answer, read_body
from web.api.live_socket import serve_client
from web.desk_schemas import (
    Colleague,
    ColleagueList,
    Dialog,
    Pause,
    Phone,
    Ready,
    WrapUp,
)
from web.desks import WRAP_UP, Desk
from web.errors import BadRequest, Conflict, NotFound
from web.keys import ACCOUNT, DESKS, SERVICES, TENANCY
from web.schemas import Nothing

_log = structlog.get_logger(__name__)
SIP_PATH = "/api/v1/desk/sip"


def own_seat(request: web.Request) -> AgentId:
    """Return the seat of the account; raises NotFound where it has none."""
    agent = request[ACCOUNT].agent
    if agent is None:
        raise NotFound("this account belongs to no seat")
    return agent


async def _open(request: web.Request) -> Desk:
    return await request.app[DESKS].open(request[ACCOUNT], own_seat(request))


async def desk(request: web.Request) -> web.Response:
    """Return the own desk: seat, call, lead, and the day so far."""
    opened = await _open(request)
    return web.Response(text=request.app[DESKS].text(opened), content_type="application/json")


async def desk_live(request: web.Request) -> web.WebSocketResponse:
    """Send the own desk, and again whenever something of it changed."""
    agent = own_seat(request)
    hub = request.app[DESKS]
    opened, client = await hub.join(request[ACCOUNT], agent)
    try:
        return await serve_client(request, client)
    finally:
        opened.clients.discard(client)


async def phone(request: web.Request) -> web.Response:
    """Return how the page's phone signs in to Asterisk."""
    found = await request.app[SERVICES].phones.find(own_seat(request))
    if found is None:
        raise NotFound("this seat has a telephone of its own")
    return answer(Phone(found.endpoint, found.secret, "callfloor", SIP_PATH))


async def colleagues(request: web.Request) -> web.Response:
    """Return who else is signed in, to hand a call over to."""
    own, account = own_seat(request), request[ACCOUNT]
    tenancy, view = request.app[TENANCY], request.app[SERVICES].floor.view()
    seats = [
        Colleague(seat.agent, seat.name or seat.agent, seat.state)
        for seat in view.agents
        if seat.agent != own and tenancy.sees_agent(account, seat.agent)
    ]
    return answer(ColleagueList(sorted(seats, key=lambda seat: (seat.name, seat.agent))))


async def dialog(request: web.Request) -> web.Response:
    """Remember the SIP dialog of the present call, for a page that is loaded again."""
    opened = await _open(request)
    opened.dialog = await read_body(request, Dialog)
    return answer(Nothing())


async def ready(request: web.Request) -> web.Response:
    """Take calls; first the result of the last one must be said."""
    wanted = await read_body(request, Ready)
    opened = await _open(request)
    if opened.to_wrap_up is not None:
        raise Conflict("first say the result of the last call")
    seats, agent = request.app[SERVICES].seats, opened.agent
    queue = wanted.queue or (opened.queues[0] if opened.queues else None)
    if queue is None or queue not in opened.queues:
        raise BadRequest(f"there is no queue {queue}; there are: {', '.join(opened.queues)}")
    await seats.sign_in(agent, QueueName(queue))
    return answer(Nothing())


async def pause(request: web.Request) -> web.Response:
    """Take no calls; during a call and its wrap-up: after them."""
    wanted = await read_body(request, Pause)
    opened = await _open(request)
    if wanted.reason == WRAP_UP:
        raise BadRequest(f"{WRAP_UP!r} is a reason of Callfloor's own")
    if opened.to_wrap_up is not None:
        opened.next_pause = wanted.reason
    else:
        try:
            await request.app[SERVICES].seats.pause(opened.agent, wanted.reason)
        except UnknownAgent as error:
            raise Conflict("not signed in: be ready first") from error
        except BadReason as error:
            raise BadRequest(str(error)) from error
    return answer(Nothing())


async def desk_sign_out(request: web.Request) -> web.Response:
    """Leave the queue; a call in progress goes on."""
    await read_body(request, Nothing)
    opened = await _open(request)
    if opened.to_wrap_up is not None:
        raise Conflict("first say the result of the last call")
    await request.app[SERVICES].seats.sign_out(opened.agent)
    return answer(Nothing())


async def wrap_up(request: web.Request) -> web.Response:
    """Save the result of a call and be ready again, or in the pause that was asked for."""
    said = await read_body(request, WrapUp)
    opened = await _open(request)
    await _check_own(request, opened, said.call)
    callback_at = _future(said.callback_at)
    if said.disposition == "callback" and callback_at is None:
        raise BadRequest("callback_at is missing: when shall the customer be called?")
    if callback_at is not None or said.do_not_call:
        await _check_promise(request, said.call, callback_at)
    saved = stored.WrapUp(
        said.call, opened.agent, said.disposition, said.note, callback_at, said.do_not_call,
        said.callback_any,
    )  # fmt: skip
    await request.app[SERVICES].desk.save(saved)
    if opened.to_wrap_up == said.call:
        await _go_on(request, opened)
    return answer(Nothing())


def _future(at: datetime | None) -> datetime | None:
    if at is None:
        return None
    if at.tzinfo is None:
        raise BadRequest("callback_at needs its offset from UTC, e.g. 2026-11-24T09:30:00+08:00")
    if at <= datetime.now(UTC):
        raise BadRequest("callback_at is over already")
    return at.astimezone(UTC)


async def _check_promise(request: web.Request, call: str, at: datetime | None) -> None:
    """No call is promised that nobody could make, or at a time that the law would not let it be."""
    services = request.app[SERVICES]
    card = await services.desk.lead_card(call)
    if card is None:
        field = "do_not_call" if at is None else "callback_at"
        raise BadRequest(f"{field}: no lead is behind this call; leave it out")
    if at is None or not card.time_zone:
        return
    campaign = CampaignName(card.campaign)
    if not await services.dialing.may_promise(campaign, card.time_zone, at):
        raise BadRequest("callback_at is outside of the customer's calling hours: choose another")


async def _check_own(request: web.Request, opened: Desk, call: str) -> None:
    if call == opened.to_wrap_up:
        if call == opened.call and request.app[DESKS].is_talking(opened):
            raise Conflict("the call is still going on")
        return
    if await request.app[SERVICES].desk.agent_of_call(call) != opened.agent:
        raise NotFound("this call is not one of yours")


async def _go_on(request: web.Request, opened: Desk) -> None:
    reason, opened.next_pause = opened.next_pause, None
    opened.to_wrap_up = opened.lead = opened.call = None
    try:
        await request.app[SERVICES].seats.pause(opened.agent, reason)
    except UnknownAgent:
        _log.info("signed_out_in_wrap_up", agent=opened.agent)
    request.app[DESKS].changed(opened)
