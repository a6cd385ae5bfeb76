"""Campaigns: counters, and starting, pausing and stopping them."""

from datetime import UTC, datetime

import structlog
from aiohttp import web

from calls.campaign import CampaignStatus
from calls.ids import CampaignName
from web.api.answers import answer, read_body
from web.errors import NoSuchCampaign
from web.keys import ACCOUNT, HUB, SERVICES, TENANCY
from web.presenting import present_campaign
from web.schemas import CampaignList, Nothing

_log = structlog.get_logger(__name__)


async def campaigns(request: web.Request) -> web.Response:
    """Return every campaign with its counters."""
    found = await request.app[SERVICES].campaigns.counters()
    tenancy, account = request.app[TENANCY], request[ACCOUNT]
    seen = [present_campaign(one) for one in found if tenancy.sees_campaign(account, one.name)]
    return answer(CampaignList(datetime.now(UTC), seen))


async def start(request: web.Request) -> web.Response:
    """Let the campaign dial."""
    return await _set_status(request, CampaignStatus.RUNNING)


async def pause(request: web.Request) -> web.Response:
    """Let the campaign dial nothing for now; calls in progress go on."""
    return await _set_status(request, CampaignStatus.PAUSED)


async def stop(request: web.Request) -> web.Response:
    """End the campaign's dialling; calls in progress go on."""
    return await _set_status(request, CampaignStatus.STOPPED)


async def _set_status(request: web.Request, status: CampaignStatus) -> web.Response:
    await read_body(request, Nothing)
    name = CampaignName(request.match_info["name"])
    login = request[ACCOUNT].login
    if not request.app[TENANCY].sees_campaign(request[ACCOUNT], name):
        raise NoSuchCampaign(f"there is no campaign {name}")
    changed = await request.app[SERVICES].campaigns.set_status(name, status, by=login)
    if changed is None:
        raise NoSuchCampaign(f"there is no campaign {name}")
    _log.info("campaign_status_set", campaign=name, status=status.value, login=login)
    request.app[HUB].campaigns_changed()
    return answer(present_campaign(changed))
