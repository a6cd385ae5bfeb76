"""Reports by one dimension over the API: permissions, limits of tenants, and three forms."""

import csv
import io
from datetime import date

import pytest

from store.organisations import Owners
from store.sums import By
from tests.fakes.web_services import Ports, get_json, served, sign_in
from web.sheets import XLSX

BY = "/api/v1/reports/by"


@pytest.mark.parametrize("by", list(By))
async def test_every_dimension_of_the_command_line_is_there(by: By) -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        said = await get_json(http, f"{BY}/{by}?since=2026-11-01&until=2026-11-30")
    assert said["notes"] == ["a note"]
    assert ports.reports.asked[0][:3] == (by, date(2026, 11, 1), date(2026, 11, 30))


async def test_a_report_comes_as_csv_and_xlsx_without_formulas() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "hr")
        async with http.get(f"{BY}/region?format=csv") as response:
            assert "region-" in response.headers["Content-Disposition"]
            rows = list(csv.reader(io.StringIO((await response.text()).lstrip("\ufeff"))))
        assert rows == [["region", "attempts"], ["'=cmd()", "3"], ["total", "3"]]
        async with http.get(f"{BY}/region?format=xlsx") as response:
            assert response.content_type == XLSX
            assert (await response.read()).startswith(b"PK")


async def test_only_the_own_organisations_campaigns_are_added_up() -> None:
    ports = Ports()
    ports.owners.now = Owners(campaigns={"spring": "main", "foreign": "others"})
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        await get_json(http, f"{BY}/hour")
        await get_json(http, f"{BY}/hour?campaign=spring")
        await get_json(http, f"{BY}/hour?campaign=foreign")
    assert [campaigns for _, _, _, campaigns, _ in ports.reports.asked] == [
        ["spring", ""],
        ["spring"],
        [],
    ]


async def test_a_client_sees_its_campaigns_and_no_agents() -> None:
    ports = Ports()
    ports.owners.now = Owners(
        campaigns={"spring": "main", "autumn": "main"}, clients={"client": frozenset({"spring"})}
    )
    async with served(ports.services) as http:
        await sign_in(http, "client")
        await get_json(http, f"{BY}/region")
        await get_json(http, f"{BY}/agent", 404)
        await get_json(http, f"{BY}/team", 404)
    assert ports.reports.asked[0][3] == ["spring"]


async def test_an_agent_sees_the_own_days_only() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        await get_json(http, f"{BY}/agent")
        await get_json(http, f"{BY}/agent?key=agent-1002", 403)
        await get_json(http, f"{BY}/region", 403)
    assert [key for *_, key in ports.reports.asked] == ["agent-1001"]


@pytest.mark.parametrize(
    ("asked", "status", "words"),
    [
        ("moon", 404, "there is no report by moon; there are agent, team"),
        ("region?since=2026-11-30&until=2026-11-01", 400, "should be 1 to 400 days"),
        ("day?key=x", 400, "a report by day has none"),
        ("region?since=yesterday", 400, "since"),
    ],
)
async def test_a_wrong_wish_is_told_what_would_be_right(
    asked: str, status: int, words: str
) -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        assert words in (await get_json(http, f"{BY}/{asked}", status))["message"]
