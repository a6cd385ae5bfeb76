"""The live floor: as one answer, and as a WebSocket."""

from aiohttp import web

from web.api.answers import answer
from web.api.live_socket import serve_client
from web.keys import ACCOUNT, HUB, SERVICES, SETTINGS, TENANCY
from web.presenting import present_floor
from web.security import check_origin


async def floor(request: web.Request) -> web.Response:
    """Return the whole floor."""
    view = request.app[SERVICES].floor.view()
    return answer(present_floor(request.app[TENANCY].view_for(request[ACCOUNT], view)))


async def live(request: web.Request) -> web.WebSocketResponse:
    """Send the whole floor, then what changes, until the page leaves."""
    check_origin(request, request.app[SETTINGS])
    hub = request.app[HUB]
    client = hub.join(request[ACCOUNT])
    try:
        return await serve_client(request, client)
    finally:
        hub.leave(client)
