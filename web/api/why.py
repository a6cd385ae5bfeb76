"""Why is it not dialling? For a campaign and for a lead."""

from dataclasses import asdict

from aiohttp import web

from web.api.answers import answer, read_query
from web.errors import BadRequest, NotFound
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.schemas import WhyLine, WhyList, WhyQuery


async def why(request: web.Request) -> web.Response:
    """Say which rule keeps a campaign or lead from being dialled, and until when."""
    query = read_query(request, WhyQuery)
    if bool(query.campaign) == bool(query.lead):
        raise BadRequest("name either a campaign or a lead")
    port = request.app[SERVICES].why
    found = await (port.campaign(query.campaign) if query.campaign else port.lead(query.lead or ""))
    tenancy, account = request.app[TENANCY], request[ACCOUNT]
    seen = [row for row in found if tenancy.sees_campaign(account, row.campaign)]
    if not seen:
        raise NotFound(f"there is no {query.campaign or query.lead} here, or nothing holds it")
    return answer(WhyList([WhyLine(**asdict(row)) for row in seen]))
