"""The outbound list: pages of it as JSON, all of it as CSV or XLSX."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from tempfile import TemporaryFile
from typing import IO
from zoneinfo import ZoneInfo

import structlog
from aiohttp import web

from calls.outcomes import NetworkResult
from store.accounts import Account, Role
from store.call_list import CallFilter, CallKey, CallLine
from store.errors import StoreError
from store.pictures import PictureWish
from web.api.answers import answer, read_query
from web.api.pictures import wish_of
from web.call_list_schemas import CallChoices, CallLineView, CallList, CallsQuery
from web.errors import BadRequest
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.limits import EXPORT_PAGE_ROWS, SHEET_ROWS
from web.masking import mask_number
from web.picture_schemas import PictureQuery
from web.ports import CallListPort
from web.sheets import XLSX, Workbook, as_csv, csv_lines

_log = structlog.get_logger(__name__)
HEAD = CallLineView.__struct_fields__
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK_BYTES = 64 * 1024


async def calls(request: web.Request) -> web.StreamResponse:
    """Return the calls that match, their numbers masked: a page, or a file of all of them."""
    query = read_query(request, CallsQuery)
    since, until, wish = wish_of(
        request, PictureQuery(query.since, query.until, query.campaign, query.agent)
    )
    chosen = _filter(query)
    if query.format == "json":
        return answer(await _page(request, wish, chosen, query))
    name = f"calls-{since}-{until}"
    if query.format == "csv":
        return await _send_csv(request, wish, chosen, f"{name}.csv")
    return await _send_xlsx(request, wish, chosen, f"{name}.xlsx")


async def choices(request: web.Request) -> web.Response:
    """Return the campaigns and agents to which this account can narrow its list."""
    account, tenancy = request[ACCOUNT], request.app[TENANCY]
    reports = request.app[SERVICES].reports
    own = account.role is Role.AGENT
    return answer(
        CallChoices(
            zone=reports.zone,
            today=reports.today(),
            campaigns=tenancy.campaigns_of(account),
            agents=[account.agent or ""] if own else tenancy.agents_of(account),
            results=list(NetworkResult),
        )
    )


def _filter(query: CallsQuery) -> CallFilter:
    return CallFilter(
        weekday=query.weekday,
        hour=query.hour,
        effective=query.effective,
        region=query.region,
        list_name=query.list,
        network_result=query.result,
        number_end=None if query.number is None else query.number.lstrip("+"),
    )


async def _page(
    request: web.Request, wish: PictureWish, chosen: CallFilter, query: CallsQuery
) -> CallList:
    port = request.app[SERVICES].call_list
    after = None if query.after is None else _place(query.after)
    total = await port.count(wish, chosen) if after is None else None
    # One more than is shown tells whether there is a next page.
    found = await port.page(wish, chosen, query.limit + 1, after)
    shown, more = found[: query.limit], len(found) > query.limit
    return CallList(
        calls=_views(shown, request[ACCOUNT]),
        total=total,
        next=_place_text(shown[-1].key) if more else None,
        zone=wish.zone,
    )


def _place_text(key: CallKey) -> str:
    microseconds = (key.dialled_at - _EPOCH) // timedelta(microseconds=1)
    return f"{microseconds}~{key.call_id}"


def _place(text: str) -> CallKey:
    microseconds, _, call_id = text.partition("~")
    return CallKey(_EPOCH + timedelta(microseconds=int(microseconds)), call_id)


def _views(lines: Sequence[CallLine], account: Account) -> list[CallLineView]:
    hides_agents = account.role is Role.CLIENT
    return [_view(line, hides_agents=hides_agents) for line in lines]


def _view(line: CallLine, *, hides_agents: bool) -> CallLineView:
    fields = asdict(line) | {
        "number": mask_number(line.number),
        "region": line.province,
        "extension": line.agent,
    }
    del fields["province"]
    if hides_agents:
        fields |= {"agent": None, "agent_name": None, "extension": None}
    return CallLineView(**fields)


async def _pages_after(
    port: CallListPort, wish: PictureWish, chosen: CallFilter, found: Sequence[CallLine]
) -> AsyncIterator[Sequence[CallLine]]:
    """Yield the pages after this one: no transaction stays open while a slow client reads."""
    while len(found) == EXPORT_PAGE_ROWS:
        found = await port.page(wish, chosen, EXPORT_PAGE_ROWS, found[-1].key)
        yield found


def _rows(lines: Sequence[CallLine], account: Account, zone: ZoneInfo) -> list[list[object]]:
    return [
        [_cell(getattr(view, field), zone) for field in HEAD] for view in _views(lines, account)
    ]


def _cell(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    return value


def _as_file(media: str, name: str) -> web.StreamResponse:
    disposition = f'attachment; filename="{name}"'
    return web.StreamResponse(headers={"Content-Type": media, "Content-Disposition": disposition})


async def _send_csv(
    request: web.Request, wish: PictureWish, chosen: CallFilter, name: str
) -> web.StreamResponse:
    account, zone = request[ACCOUNT], ZoneInfo(wish.zone)
    port = request.app[SERVICES].call_list
    # What fails here is still answered like any other request.
    first = await port.page(wish, chosen, EXPORT_PAGE_ROWS)
    response = _as_file("text/csv; charset=utf-8", name)
    await response.prepare(request)
    try:
        await response.write(await asyncio.to_thread(as_csv, HEAD, _rows(first, account, zone)))
        async for lines in _pages_after(port, wish, chosen, first):
            rows = _rows(lines, account, zone)
            # Thousands of rows take a moment: the live pages must not wait for them.
            await response.write(await asyncio.to_thread(csv_lines, rows))
        await response.write_eof()
    except StoreError as error:
        _break_off(request, name, error)
    return response


def _break_off(request: web.Request, name: str, error: StoreError) -> None:
    """Let the download fail: a file that merely ends would be taken for a whole one."""
    _log.warning("export_broken_off", file=name, reason=str(error))
    if request.transport is not None:
        request.transport.abort()


async def _send_xlsx(
    request: web.Request, wish: PictureWish, chosen: CallFilter, name: str
) -> web.StreamResponse:
    account, zone = request[ACCOUNT], ZoneInfo(wish.zone)
    port = request.app[SERVICES].call_list
    total = await port.count(wish, chosen)
    if total >= SHEET_ROWS:
        raise BadRequest(
            f"format: {total} calls are more than a sheet of XLSX holds ({SHEET_ROWS - 1}); "
            "take CSV, or fewer days"
        )
    with TemporaryFile() as file:
        book = Workbook(file, HEAD)
        first = await port.page(wish, chosen, EXPORT_PAGE_ROWS)
        await asyncio.to_thread(book.add, _rows(first, account, zone))
        async for lines in _pages_after(port, wish, chosen, first):
            await asyncio.to_thread(book.add, _rows(lines, account, zone))
        await asyncio.to_thread(book.close)
        return await _send_file(request, file, _as_file(XLSX, name))


async def _send_file(
    request: web.Request, file: IO[bytes], response: web.StreamResponse
) -> web.StreamResponse:
    response.content_length = file.seek(0, 2)
    file.seek(0)
    await response.prepare(request)
    while chunk := await asyncio.to_thread(file.read, _CHUNK_BYTES):
        await response.write(chunk)
    await response.write_eof()
    return response
