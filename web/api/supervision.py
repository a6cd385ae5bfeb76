"""A supervisor's acts on seats and calls: each by permission, each in the audit log."""

from uuid import uuid4

import structlog
from aiohttp import web

from calls.agent_state import AgentState
from calls.commands import JOINING, Command, EndCall, JoinCall
from calls.ids import ChannelId
from calls.live import LiveAgent, LiveCall
from calls.switch import SwitchError
from store.campaigns import BadReason, UnknownAgent
from web.api.answers import answer, read_body
from web.api.desk import own_seat
from web.desk_schemas import Dialog, Listen, Pause
from web.errors import AsteriskAway, BadRequest, Conflict, NotFound
from web.keys import ACCOUNT, DESKS, SERVICES, TENANCY
from web.schemas import Nothing

_log = structlog.get_logger(__name__)


def seat_named(request: web.Request) -> LiveAgent:
    """Return the live seat that the address names; NotFound where it may not be seen."""
    agent = request.match_info["agent"]
    view = request.app[SERVICES].floor.view()
    seen = request.app[TENANCY].sees_agent(request[ACCOUNT], agent)
    seat = next((one for one in view.agents if one.agent == agent), None)
    if seat is None or not seen:
        raise NotFound(f"agent {agent} is not signed in")
    return seat


def _call(request: web.Request) -> LiveCall:
    name = request.match_info["call"]
    view = request.app[SERVICES].floor.view()
    call = next((one for one in view.calls if one.call == name), None)
    if call is None or not request.app[TENANCY].sees_call(request[ACCOUNT], call):
        raise NotFound("this call is over, or never was")
    return call


async def _send(request: web.Request, command: Command) -> None:
    try:
        await request.app[SERVICES].switch.send(command)
    except SwitchError as error:
        _log.warning("act_failed", command=type(command).__name__, problem=str(error))
        raise AsteriskAway(str(error)) from error


def _join_id() -> ChannelId:
    return ChannelId(f"{JOINING}{uuid4()}")


async def seat_pause(request: web.Request) -> web.Response:
    """Pause an agent; a call in progress goes on."""
    wanted = await read_body(request, Pause)
    seat = seat_named(request)
    desk = request.app[DESKS].find(seat.agent)
    if desk is not None and desk.to_wrap_up is not None:
        desk.next_pause = wanted.reason
        return answer(Nothing())
    try:
        await request.app[SERVICES].seats.pause(seat.agent, wanted.reason)
    except UnknownAgent as error:
        raise Conflict(str(error)) from error
    except BadReason as error:
        raise BadRequest(str(error)) from error
    return answer(Nothing())


async def seat_resume(request: web.Request) -> web.Response:
    """End an agent's pause."""
    await read_body(request, Nothing)
    seat = seat_named(request)
    desk = request.app[DESKS].find(seat.agent)
    if desk is not None and desk.to_wrap_up is not None:
        raise Conflict("the result of the last call is still to be said")
    try:
        await request.app[SERVICES].seats.pause(seat.agent, None)
    except UnknownAgent as error:
        raise Conflict(str(error)) from error
    return answer(Nothing())


async def seat_sign_out(request: web.Request) -> web.Response:
    """Take an agent out of the queue; a call in progress goes on."""
    await read_body(request, Nothing)
    seat = seat_named(request)
    try:
        await request.app[SERVICES].seats.sign_out(seat.agent)
    except UnknownAgent as error:
        raise Conflict(str(error)) from error
    return answer(Nothing())


async def listen(request: web.Request) -> web.Response:
    """Ring the own phone and join an agent's call: unheard, heard by the agent, or by both."""
    wanted = await read_body(request, Listen)
    seat = seat_named(request)
    if seat.state is not AgentState.TALKING:
        raise Conflict(f"{seat.agent} is in no call")
    phone = own_seat(request)
    if phone == seat.agent:
        raise Conflict("this is your own call")
    await _send(request, JoinCall(_join_id(), phone, seat.agent, wanted.how))
    return answer(Nothing())


async def take_over(request: web.Request) -> web.Response:
    """Return the dialog of the agent's call: the own page's phone takes its place."""
    await read_body(request, Nothing)
    seat = seat_named(request)
    own_seat(request)
    desk = request.app[DESKS].find(seat.agent)
    dialog: Dialog | None = None if desk is None else desk.dialog
    if seat.state is not AgentState.TALKING or dialog is None:
        raise Conflict(f"{seat.agent} is in no call of a page's phone")
    return answer(dialog)


async def call_end(request: web.Request) -> web.Response:
    """Hang a call up."""
    await read_body(request, Nothing)
    call = _call(request)
    await _send(request, EndCall(ChannelId(call.call)))
    return answer(Nothing())
