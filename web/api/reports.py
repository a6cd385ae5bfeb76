"""The report per agent and day, as JSON or CSV."""

from aiohttp import web

from calls.ids import AgentId
from store.accounts import Account, Role
from web.api.answers import answer, checked_day, read_query
from web.errors import NotAllowed
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.presenting import present_agent_day, present_definition, present_total
from web.schemas import AgentDayQuery, AgentDayReport, AgentDayRow
from web.sheets import as_csv


async def agent_day(request: web.Request) -> web.Response:
    """Return the figures of one day; an agent sees its own row only."""
    query = read_query(request, AgentDayQuery)
    agent = _visible_agent(request[ACCOUNT], query.agent)
    reports = request.app[SERVICES].reports
    day = checked_day(query.day or reports.today())
    tenancy, account = request.app[TENANCY], request[ACCOUNT]
    found = await reports.agent_day(day, agent)
    rows = [row for row in found if tenancy.sees_agent(account, row.agent)]
    report = AgentDayReport(
        day=day,
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
    fields = AgentDayRow.__struct_fields__
    day = report.day.isoformat()
    rows = [[day, *(getattr(row, field) for field in fields)] for row in report.rows]
    return web.Response(
        body=as_csv(("day", *fields), rows),
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="agent-day-{day}.csv"'},
    )
