"""Reading and writing the bodies of requests, typed on both sides."""

from typing import TypeVar

import msgspec
from aiohttp import web

T = TypeVar("T", bound=msgspec.Struct)


async def read_body(request: web.Request, kind: type[T]) -> T:
    """Return the JSON body; raises msgspec.ValidationError or DecodeError, answered with 400."""
    return msgspec.json.decode(await request.read(), type=kind)


def read_query(request: web.Request, kind: type[T]) -> T:
    """Return the query string's values; raises msgspec.ValidationError, answered with 400."""
    return msgspec.convert(dict(request.query), kind, strict=False)


def answer(body: msgspec.Struct, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.Response(
        status=status, body=msgspec.json.encode(body), content_type="application/json"
    )
