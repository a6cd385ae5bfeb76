"""The report per agent and day, as JSON or CSV."""

import csv
import io

from aiohttp import web

from calls.ids import AgentId
from store.accounts import Account, Role
from web.api.answers import answer, read_query
from web.errors import NotAllowed
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.presenting import present_agent_day, present_definition, present_total
from web.schemas import AgentDayQuery, AgentDayReport, AgentDayRow

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


async def agent_day(request: web.Request) -> web.Response:
    """Return the figures of one day; an agent sees its own row only."""
    query = read_query(request, AgentDayQuery)
    agent = _visible_agent(request[ACCOUNT], query.agent)
    reports = request.app[SERVICES].reports
    tenancy, account = request.app[TENANCY], request[ACCOUNT]
    found = await reports.agent_day(query.day, agent)
    rows = [row for row in found if tenancy.sees_agent(account, row.agent)]
    report = AgentDayReport(
        day=query.day,
        rows=[present_agent_day(row) for row in rows],
        total=present_total(rows),
        definitions=[present_definition(one) for one in reports.definitions()],
    )
    return _as_csv(report) if query.format == "csv" else answer(report)


def _visible_agent(account: Account, wanted: str | None) -> AgentId | None:
    """Return whose row may be shown, None for all; raises NotAllowed."""
    if account.role is not Role.AGENT:
        return None if wanted is None else AgentId(wanted)
    if account.agent is None:
        raise NotAllowed("this account belongs to no agent's seat")
    if wanted not in (None, account.agent):
        raise NotAllowed("an agent sees its own figures only")
    return account.agent


def _as_csv(report: AgentDayReport) -> web.Response:
    out = io.StringIO()
    writer = csv.writer(out)
    fields = AgentDayRow.__struct_fields__
    writer.writerow(("day", *fields))
    for row in report.rows:
        cells = [_harmless(getattr(row, field)) for field in fields]
        writer.writerow((report.day.isoformat(), *cells))
    return web.Response(
        # The mark makes Excel read UTF-8, without it Chinese names are garbled.
        body=b"\xef\xbb\xbf" + out.getvalue().encode(),
        content_type="text/csv",
        charset="utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="agent-day-{report.day.isoformat()}.csv"'
        },
    )


def _harmless(value: object) -> object:
    """Keep a spreadsheet from taking a name for a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_STARTS):
        return "'" + value
    return value
