"""Reports by one dimension, from the sums beside the records, as JSON, CSV or XLSX."""

import asyncio
from collections.abc import Callable
from datetime import date, timedelta

from aiohttp import web

from reports.tables import Table, as_csv, as_json, as_xlsx
from store.accounts import MAIN_ORGANISATION, Account, Role
from store.sums import By
from web.api.answers import checked_day, read_query
from web.errors import BadRequest, NotAllowed, NotFound
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.recording_schemas import ReportByQuery
from web.sheets import XLSX

LONGEST = timedelta(days=400)
_USUAL = timedelta(days=6)
_NAMES_STAFF = frozenset({By.AGENT, By.TEAM})
_BY_KEY = frozenset({By.AGENT, By.REGION, By.LIST, By.INDUSTRY, By.CALLER_ID, By.HOUR})
_FORMS: dict[str, tuple[Callable[[Table], bytes], str]] = {
    "json": (as_json, "application/json"),
    "csv": (lambda table: as_csv(table.columns, table.rows), "text/csv; charset=utf-8"),
    "xlsx": (as_xlsx, XLSX),
}


async def report_by(request: web.Request) -> web.Response:
    """Return one row for each agent, region, hour and so on, or day by day those of one key."""
    by = _dimension(request.match_info["by"])
    query = read_query(request, ReportByQuery)
    account = request[ACCOUNT]
    key = _visible_key(account, by, query.key)
    since, until = _days(request, query)
    table = await request.app[SERVICES].reports.table(
        by,
        since,
        until,
        campaigns=_campaigns(request, account, query.campaign),
        key=key,
        with_adjustments=query.adjusted,
    )
    return await _answer(table, query.format, f"{by.value}-{since}-{until}")


def _dimension(name: str) -> By:
    try:
        return By(name)
    except ValueError:
        known = ", ".join(By)
        raise NotFound(f"by: there is no report by {name}; there are {known}") from None


def _visible_key(account: Account, by: By, key: str | None) -> str | None:
    """Return which key is shown day by day, None for all; an agent sees its own days only."""
    if key is not None and by not in _BY_KEY:
        raise BadRequest(f"key: a report by {by.value} has none; {', '.join(sorted(_BY_KEY))} have")
    if account.role is Role.CLIENT and by in _NAMES_STAFF:
        raise NotFound(f"by: there is no report by {by.value} for a client, who sees no agents")
    if account.role is not Role.AGENT:
        return key
    if by is not By.AGENT or account.agent is None or key not in (None, account.agent):
        raise NotAllowed("an agent sees its own days only: by agent")
    return account.agent


def _days(request: web.Request, query: ReportByQuery) -> tuple[date, date]:
    until = checked_day(query.until or request.app[SERVICES].reports.today())
    since = checked_day(query.since or until - _USUAL)
    if not timedelta(0) <= until - since <= LONGEST:
        raise BadRequest(f"since..until: {since}..{until} should be 1 to {LONGEST.days} days")
    return since, until


def _campaigns(request: web.Request, account: Account, wanted: str | None) -> list[str]:
    """Return whose sums are added up; the empty name stands for calls without a campaign."""
    visible = request.app[TENANCY].campaigns_of(account)
    if account.organisation == MAIN_ORGANISATION and account.role is not Role.CLIENT:
        visible.append("")
    return visible if wanted is None else [name for name in visible if name == wanted]


async def _answer(table: Table, form: str, name: str) -> web.Response:
    make, media = _FORMS[form]
    headers = {"Content-Type": media}
    if form != "json":
        headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    # Thousands of rows take a moment: the live pages must not wait for them.
    return web.Response(body=await asyncio.to_thread(make, table), headers=headers)
