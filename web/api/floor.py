"""The live floor: as one answer, and as a WebSocket."""

import asyncio

import structlog
from aiohttp import WSCloseCode, web

from store.errors import DatabaseUnreachable
from web.api.answers import answer
from web.hub import LiveClient
from web.keys import HUB, SERVICES, SETTINGS
from web.presenting import present_floor
from web.security import check_origin
from web.sessions import account_of

_log = structlog.get_logger(__name__)

SIGNED_OUT = 4401
"""Close code: the session is over, so signing in again is what helps."""
_CLIENT_MESSAGE_BYTES = 1024


async def floor(request: web.Request) -> web.Response:
    """Return the whole floor."""
    return answer(present_floor(request.app[SERVICES].floor.view()))


async def live(request: web.Request) -> web.WebSocketResponse:
    """Send the whole floor, then what changes, until the page leaves."""
    settings = request.app[SETTINGS]
    check_origin(request, settings)
    socket = web.WebSocketResponse(
        heartbeat=2 * settings.live_tick_seconds,
        max_msg_size=_CLIENT_MESSAGE_BYTES,
        compress=False,
    )
    await socket.prepare(request)
    hub = request.app[HUB]
    client = hub.join()
    # Whatever the page sends is ignored; reading on notices when it leaves.
    reading = asyncio.create_task(_read_until_closed(socket, client), name="live-reader")
    try:
        await _write(request, socket, client)
    finally:
        reading.cancel()
        hub.leave(client)
    return socket


async def _read_until_closed(socket: web.WebSocketResponse, client: LiveClient) -> None:
    async for _ in socket:
        pass
    client.close()


async def _write(request: web.Request, socket: web.WebSocketResponse, client: LiveClient) -> None:
    settings = request.app[SETTINGS]
    loop = asyncio.get_running_loop()
    checked_at = loop.time()
    while (message := await client.next()) is not None:
        if loop.time() - checked_at >= settings.session_recheck_seconds:
            checked_at = loop.time()
            if not await _is_still_signed_in(request):
                await socket.close(code=SIGNED_OUT, message=b"signed out")
                return
        try:
            async with asyncio.timeout(settings.live_send_seconds):
                await socket.send_str(message)
        except TimeoutError:
            client.is_dropped = True
            break
        except ConnectionError:
            return
    if client.is_dropped:
        _drop(request)
    else:
        await socket.close(code=WSCloseCode.GOING_AWAY)


async def _is_still_signed_in(request: web.Request) -> bool:
    try:
        return await account_of(request) is not None
    except DatabaseUnreachable:
        return True  # the floor must stay visible while only the database is away


def _drop(request: web.Request) -> None:
    """Cut a client off that does not read: a closing handshake would wait for it again."""
    _log.warning("live_client_dropped", address=request.remote)
    if request.transport is not None:
        request.transport.abort()
