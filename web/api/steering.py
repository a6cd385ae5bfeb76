"""Steering: pace and priority of a campaign, an agent's queue, and how the lines do."""

import structlog
from aiohttp import web

from calls.ids import CampaignName, QueueName
from store.campaigns import CampaignChange, UnknownAgent
from web.api.answers import answer, read_body
from web.api.supervision import seat_named
from web.errors import BadRequest, Conflict, NoSuchCampaign
from web.keys import ACCOUNT, HUB, SERVICES, TENANCY
from web.line_health import judge_lines
from web.ports import SteeringRefused
from web.presenting import present_campaign
from web.schemas import Nothing
from web.steering_schemas import CampaignWish, Move, QueueList

_log = structlog.get_logger(__name__)


async def change(request: web.Request) -> web.Response:
    """Change how a campaign is dialled, also while it runs; it holds from the next second."""
    wanted = await read_body(request, CampaignWish)
    if wanted == CampaignWish():
        raise BadRequest("nothing to change: name mode, ratio, max_lines or priority")
    name, account = CampaignName(request.match_info["name"]), request[ACCOUNT]
    if not request.app[TENANCY].sees_campaign(account, name):
        raise NoSuchCampaign(f"there is no campaign {name}")
    try:
        changed = await request.app[SERVICES].campaigns.change(
            name, _change(wanted), by=account.login
        )
    except SteeringRefused as error:
        raise BadRequest(str(error)) from error
    if changed is None:
        raise NoSuchCampaign(f"there is no campaign {name}")
    request.app[HUB].campaigns_changed()
    return answer(present_campaign(changed))


def _change(wanted: CampaignWish) -> CampaignChange:
    return CampaignChange(
        mode=wanted.mode,
        ratio=wanted.ratio,
        max_lines=wanted.max_lines,
        priority=wanted.priority,
    )


async def queues(request: web.Request) -> web.Response:
    """Return the queues that an agent can be moved to."""
    organisation = request[ACCOUNT].organisation
    return answer(QueueList(list(await request.app[SERVICES].seats.queues(organisation))))


async def move(request: web.Request) -> web.Response:
    """Seat an agent in another queue; a call in progress and a pause go on."""
    wanted = await read_body(request, Move)
    seat, services = seat_named(request), request.app[SERVICES]
    known = await services.seats.queues(request[ACCOUNT].organisation)
    if wanted.queue not in known:
        raise BadRequest(f"there is no queue {wanted.queue}; there are: {', '.join(known)}")
    try:
        await services.seats.move(seat.agent, QueueName(wanted.queue))
    except UnknownAgent as error:
        raise Conflict(str(error)) from error
    _log.info("agent_moved", agent=seat.agent, queue=wanted.queue, login=request[ACCOUNT].login)
    return answer(Nothing())


async def lines(request: web.Request) -> web.Response:
    """Return how trunks and caller IDs do today."""
    tenancy, account = request.app[TENANCY], request[ACCOUNT]
    caller_ids, trunks = await request.app[SERVICES].lines.sums()
    return answer(
        judge_lines(caller_ids, trunks, lambda name: tenancy.sees_campaign(account, name or None))
    )
