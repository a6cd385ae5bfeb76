"""Reading and writing the bodies of requests, typed on both sides."""

from datetime import date
from typing import TypeVar

import msgspec
from aiohttp import web

from web.errors import BadRequest

_FIRST_YEAR, _LAST_YEAR = 2000, 9000
T = TypeVar("T", bound=msgspec.Struct)


async def read_body(request: web.Request, kind: type[T]) -> T:
    """Return the JSON body; raises msgspec.ValidationError or DecodeError, answered with 400."""
    return msgspec.json.decode(await request.read(), type=kind)


def read_query(request: web.Request, kind: type[T]) -> T:
    """Return the query string's values; raises msgspec.ValidationError, answered with 400."""
    return msgspec.convert(dict(request.query), kind, strict=False)


def checked_day(day: date) -> date:
    """Return the day if its neighbours exist in every zone's calendar; else raise BadRequest."""
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise BadRequest(f"{day} should lie in the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


def answer(body: msgspec.Struct, status: int = 200) -> web.Response:
    """Answer with JSON."""
    return web.Response(
        status=status, body=msgspec.json.encode(body), content_type="application/json"
    )
