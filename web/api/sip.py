"""SIP of the page's phone, handed on to Asterisk's WebSocket: one address for all (ADR 18)."""

import asyncio
from contextlib import suppress

import structlog
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, web

from config.timeouts import SIP_CONNECT_SECONDS
from web.api.desk import own_seat
from web.errors import AsteriskAway
from web.keys import SETTINGS
from web.security import check_origin

_log = structlog.get_logger(__name__)
_PROTOCOL = "sip"
_SIP_MESSAGE_BYTES = 64 * 1024
_Socket = web.WebSocketResponse | ClientWebSocketResponse


async def sip(request: web.Request) -> web.WebSocketResponse:
    """Carry SIP between the page and Asterisk, unread; Asterisk asks for the account's secret."""
    check_origin(request, request.app[SETTINGS])
    agent = own_seat(request)
    async with ClientSession() as http:
        asterisk = await _connect(http, request.app[SETTINGS].sip_url)
        page = web.WebSocketResponse(
            protocols=(_PROTOCOL,), max_msg_size=_SIP_MESSAGE_BYTES, compress=False
        )
        await page.prepare(request)
        _log.info("sip_connected", agent=agent)
        await _carry(page, asterisk)
    return page


async def _connect(http: ClientSession, url: str) -> ClientWebSocketResponse:
    try:
        async with asyncio.timeout(SIP_CONNECT_SECONDS):
            return await http.ws_connect(
                url, protocols=(_PROTOCOL,), max_msg_size=_SIP_MESSAGE_BYTES
            )
    except (ClientError, OSError, TimeoutError) as error:
        _log.warning("sip_not_connected", url=url, problem=str(error))
        raise AsteriskAway from error


async def _carry(page: web.WebSocketResponse, asterisk: ClientWebSocketResponse) -> None:
    """Carry both ways until one side is gone, then close the other."""
    ways = {
        asyncio.create_task(_copy(page, asterisk), name="sip-out"),
        asyncio.create_task(_copy(asterisk, page), name="sip-in"),
    }
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        with suppress(ConnectionError):
            await asterisk.close()
        with suppress(ConnectionError):
            await page.close()


async def _copy(source: _Socket, target: _Socket) -> None:
    async for message in source:
        if message.type is WSMsgType.TEXT:
            await target.send_str(message.data)
        elif message.type is WSMsgType.BINARY:
            await target.send_bytes(message.data)
