"""Serving one live WebSocket: what is put into the client goes out until the page leaves."""

import asyncio

import structlog
from aiohttp import web

from store.errors import DatabaseUnreachable
from web.hub import LiveClient
from web.keys import SETTINGS
from web.security import check_origin
from web.sessions import account_of

_log = structlog.get_logger(__name__)

SIGNED_OUT = 4401
"""Close code: the session is over, so signing in again is what helps."""
_CLIENT_MESSAGE_BYTES = 1024


async def serve_client(request: web.Request, client: LiveClient) -> web.WebSocketResponse:
    """Send the client's messages until it leaves, is too slow, or its session is over."""
    settings = request.app[SETTINGS]
    check_origin(request, settings)
    socket = web.WebSocketResponse(
        heartbeat=2 * settings.live_tick_seconds,
        max_msg_size=_CLIENT_MESSAGE_BYTES,
        compress=False,
    )
    await socket.prepare(request)
    beside = (
        asyncio.create_task(_close_when_left(socket, client), name="live-reader"),
        asyncio.create_task(_close_when_signed_out(request, client), name="live-session"),
    )
    try:
        await _write(request, socket, client)
    finally:
        for task in beside:
            task.cancel()
    return socket


async def _close_when_left(socket: web.WebSocketResponse, client: LiveClient) -> None:
    """Ignore whatever the page sends; reading on notices when it leaves."""
    async for _ in socket:
        pass
    client.close()


async def _close_when_signed_out(request: web.Request, client: LiveClient) -> None:
    while True:
        await asyncio.sleep(request.app[SETTINGS].session_recheck_seconds)
        if not await _is_still_signed_in(request):
            client.close(SIGNED_OUT)
            return


async def _write(request: web.Request, socket: web.WebSocketResponse, client: LiveClient) -> None:
    limit = request.app[SETTINGS].live_send_seconds
    while (message := await client.next()) is not None:
        try:
            async with asyncio.timeout(limit):
                await socket.send_str(message)
        except TimeoutError:
            client.is_dropped = True
            break
        except ConnectionError:
            return
    if client.is_dropped:
        _drop(request)
    else:
        await socket.close(code=client.close_code)


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
