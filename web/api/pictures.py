"""Reports with pictures, and the outbound list behind them as JSON, CSV or XLSX."""

import asyncio
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from store.accounts import MAIN_ORGANISATION, Account, Role
from store.pictures import CallLine, PictureWish
from web.api.answers import answer, checked_day, read_query
from web.errors import BadRequest, NotAllowed
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.masking import mask_number
from web.picture_schemas import (
    CallLineView,
    CallList,
    CallsQuery,
    CampaignSumView,
    HourView,
    PictureQuery,
    Pictures,
    RegionView,
    TalkView,
)
from web.sheets import XLSX, as_csv, as_xlsx

LONGEST = timedelta(days=400)
"""A year with its month before; more is for the data warehouse."""
_USUAL = timedelta(days=6)


async def pictures(request: web.Request) -> web.Response:
    """Return the hours, talks and campaigns of some days."""
    query = read_query(request, PictureQuery)
    since, until, wish = _wish(request, query)
    store = request.app[SERVICES].pictures
    return answer(
        Pictures(
            since=since,
            until=until,
            zone=wish.zone,
            hours=[HourView(**asdict(cell)) for cell in await store.hours(wish)],
            talks=[TalkView(**asdict(one)) for one in await store.talks(wish)],
            campaigns=[CampaignSumView(**asdict(one)) for one in await store.campaigns(wish)],
            regions=[RegionView(**asdict(one)) for one in await store.regions(wish)],
        )
    )


async def calls(request: web.Request) -> web.Response:
    """Return the calls behind a picture, their numbers masked."""
    query = read_query(request, CallsQuery)
    since, until, wish = _wish(
        request, PictureQuery(query.since, query.until, query.campaign, query.agent)
    )
    found = await request.app[SERVICES].pictures.calls(
        wish, query.limit, query.weekday, query.hour, query.effective, query.region
    )
    hides_agents = request[ACCOUNT].role is Role.CLIENT
    lines = [_line(one, hides_agents=hides_agents) for one in found]
    if query.format == "json":
        return answer(CallList(lines))
    return await _file(lines, query.format, f"calls-{since}-{until}", ZoneInfo(wish.zone))


def _line(call: CallLine, *, hides_agents: bool) -> CallLineView:
    fields = asdict(call) | {"number": mask_number(call.number)}
    if hides_agents:
        fields |= {"agent": None, "agent_name": None}
    return CallLineView(**fields)


def _wish(request: web.Request, query: PictureQuery) -> tuple[date, date, PictureWish]:
    reports, account = request.app[SERVICES].reports, request[ACCOUNT]
    zone = ZoneInfo(reports.zone)
    until = checked_day(query.until or reports.today())
    since = checked_day(query.since or until - _USUAL)
    if not timedelta(0) <= until - since <= LONGEST:
        raise BadRequest(f"since..until: {since}..{until} should be 1 to {LONGEST.days} days")
    owners = request.app[TENANCY]
    wish = PictureWish(
        since=_midnight(since, zone),
        before=_midnight(until + timedelta(days=1), zone),
        zone=reports.zone,
        campaigns=owners.campaigns_of(account),
        sees_no_campaign=account.organisation == MAIN_ORGANISATION
        and account.role is not Role.CLIENT,
        campaign=query.campaign,
        agent=_visible_agent(account, query.agent),
    )
    return since, until, wish


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _visible_agent(account: Account, wanted: str | None) -> str | None:
    """Return whose calls may be shown, None for all; an agent sees its own only."""
    if account.role is not Role.AGENT:
        return wanted
    if account.agent is None or wanted not in (None, account.agent):
        raise NotAllowed("an agent sees its own calls only")
    return account.agent


async def _file(lines: list[CallLineView], form: str, name: str, zone: ZoneInfo) -> web.Response:
    head = CallLineView.__struct_fields__
    rows = [[_cell(getattr(line, field), zone) for field in head] for line in lines]
    # Thousands of rows take a moment: the live pages must not wait for them.
    make = as_csv if form == "csv" else as_xlsx
    body = await asyncio.to_thread(make, head, rows)
    return web.Response(
        body=body,
        headers={
            "Content-Type": "text/csv; charset=utf-8" if form == "csv" else XLSX,
            "Content-Disposition": f'attachment; filename="{name}.{form}"',
        },
    )


def _cell(value: object, zone: ZoneInfo) -> object:
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat(sep=" ", timespec="seconds")
    return value
