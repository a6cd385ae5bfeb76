"""Reports with pictures."""

from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aiohttp import web

from store.accounts import MAIN_ORGANISATION, Account, Role
from store.pictures import PictureWish
from web.api.answers import answer, checked_day, read_query
from web.errors import BadRequest, NotAllowed
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.picture_schemas import (
    CampaignSumView,
    HourView,
    PictureQuery,
    Pictures,
    RegionView,
    TalkView,
)

LONGEST = timedelta(days=400)
"""A year with its month before; more is for the data warehouse."""
_USUAL = timedelta(days=6)


async def pictures(request: web.Request) -> web.Response:
    """Return the hours, talks and campaigns of some days."""
    query = read_query(request, PictureQuery)
    since, until, wish = wish_of(request, query)
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


def wish_of(request: web.Request, query: PictureQuery) -> tuple[date, date, PictureWish]:
    """Return the days and what of them may be seen; raises BadRequest or NotAllowed."""
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
