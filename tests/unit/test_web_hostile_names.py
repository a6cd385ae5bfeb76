"""A lead named like a script or a formula is text everywhere: in JSON, CSV and XLSX."""

import csv
import io
import zipfile

import pytest

from store.accounts import Account, Role
from tests.fakes.web_services import Ports, get_json, served, sign_in

CALLS = "/api/v1/reports/calls"
SCRIPT = "<script>alert(1)</script>"
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=HYPERLINK(1)"]


@pytest.mark.parametrize("name", FORMULAS)
async def test_no_cell_of_a_csv_begins_a_formula(name: str) -> None:
    ports = Ports()
    ports.call_list.company = name
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        async with http.get(f"{CALLS}?format=csv") as response:
            assert response.content_type == "text/csv"
            assert response.headers["X-Content-Type-Options"] == "nosniff"
            body = (await response.read()).decode("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(body, newline=""))
    assert row["company"] == f"'{name}"
    assert row["note"] == "'-1+1"
    assert row["number"] == "'+86139****1234"


@pytest.mark.parametrize("name", [*FORMULAS, SCRIPT])
async def test_no_cell_of_a_workbook_is_a_formula_or_link(name: str) -> None:
    ports = Ports()
    ports.call_list.company = name
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        async with http.get(f"{CALLS}?format=xlsx") as response:
            assert response.content_type.endswith("spreadsheetml.sheet")
            book = zipfile.ZipFile(io.BytesIO(await response.read()))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert "script>" not in sheet
    assert "&lt;script&gt;" in sheet or name != SCRIPT


async def test_a_script_in_a_name_leaves_the_api_as_json_and_nothing_else() -> None:
    ports = Ports()
    ports.call_list.company = SCRIPT
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        async with http.get(CALLS) as response:
            assert response.content_type == "application/json"
            assert (await response.json())["calls"][0]["company"] == SCRIPT


async def test_an_agent_gets_its_own_calls_only_and_a_client_no_agents() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        await get_json(http, f"{CALLS}?agent=agent-1002", 403)
        await get_json(http, CALLS)
        assert ports.call_list.wishes[-1].agent == "agent-1001"
        await sign_in(http, "client")
        (call,) = (await get_json(http, CALLS))["calls"]
        assert call["agent"] is None
        assert ports.call_list.wishes[-1].campaigns == []
        assert not ports.call_list.wishes[-1].sees_no_campaign


async def test_an_agents_account_without_a_seat_gets_no_calls() -> None:
    ports = Ports()
    ports.accounts.accounts["agent"] = Account("agent", Role.AGENT, None)
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        await get_json(http, CALLS, 403)


@pytest.mark.parametrize(
    "query",
    [
        "since=2026-11-22&until=2026-11-20",
        "since=2020-01-01",
        "until=0001-01-01",
        "hour=24",
        "weekday=0",
    ],
)
async def test_days_that_cannot_be_are_refused(query: str) -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        await get_json(http, f"{CALLS}?{query}", 400)


async def test_a_day_is_the_organisations() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        await get_json(http, f"{CALLS}?since=2026-11-20&until=2026-11-21")
    wish = ports.call_list.wishes[-1]
    assert wish.since.isoformat() == "2026-11-19T16:00:00+00:00"
    assert wish.before.isoformat() == "2026-11-21T16:00:00+00:00"
