"""Campaign buttons and the report per agent and day."""

import csv
import io

import pytest

from calls.campaign import CampaignStatus
from tests.fakes.web_services import Ports, get_json, post_json, served, sign_in

REPORT = "/api/v1/reports/agent-day?day=2026-11-22"


@pytest.mark.parametrize(
    ("action", "status"),
    [
        ("start", CampaignStatus.RUNNING),
        ("pause", CampaignStatus.PAUSED),
        ("stop", CampaignStatus.STOPPED),
    ],
)
async def test_the_buttons_do_what_they_say(action: str, status: CampaignStatus) -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        said = await post_json(http, f"/api/v1/campaigns/spring/{action}", {})
        assert said["status"] == status.value
        assert ports.campaigns.asked == [("spring", status, "supervisor")]


async def test_a_campaign_that_is_not_there() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        said = await post_json(http, "/api/v1/campaigns/winter/start", {}, 404)
        assert said["error_id"] == "no-such-campaign"


async def test_campaigns_are_listed_with_pace_and_reason() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "leader")
        listed = await get_json(http, "/api/v1/campaigns")
    spring = listed["campaigns"][0]
    assert (spring["name"], spring["pace"], spring["because"]) == (
        "spring",
        3,
        "3 agents are ready",
    )
    assert spring["leads_left"] == 560


async def test_the_report_has_rows_total_and_definitions() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "hr")
        report = await get_json(http, REPORT)
    assert [row["agent"] for row in report["rows"]] == ["agent-1001", "agent-1002"]
    assert report["rows"][0]["talk_seconds"] == 700.25
    total = report["total"]
    assert (total["attempts"], total["answered"], total["valid"], total["effective"]) == (
        30,
        15,
        12,
        5,
    )
    assert (total["talk_seconds"], total["effective_talk_seconds"]) == (1900.25, 1400.5)
    named = {one["measure"]: one["name_zh"] for one in report["definitions"]}
    assert named["effective"] == "有效通话"
    # Each definition carries the name of the field that it explains.
    assert set(named) == set(report["rows"][0]) - {"agent", "name"}


async def test_an_agent_sees_its_own_row_only() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "agent")
        report = await get_json(http, REPORT)
        assert [row["agent"] for row in report["rows"]] == ["agent-1001"]
        assert report["total"]["attempts"] == 10
        assert await get_json(http, f"{REPORT}&agent=agent-1001") == report
        said = await get_json(http, f"{REPORT}&agent=agent-1002", 403)
        assert said["error_id"] == "not-allowed"
        await get_json(http, f"{REPORT}&agent=agent-1002&format=csv", 403)


async def test_an_agent_without_a_seat_sees_nothing() -> None:
    ports = Ports()
    ports.accounts.accounts["agent"] = type(ports.accounts.accounts["agent"])(
        "agent", ports.accounts.accounts["agent"].role, None
    )
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        await get_json(http, REPORT, 403)


async def test_a_leader_may_ask_for_one_agent() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "leader")
        report = await get_json(http, f"{REPORT}&agent=agent-1002")
        assert [row["agent"] for row in report["rows"]] == ["agent-1002"]


async def test_the_csv_opens_in_a_spreadsheet_and_runs_nothing() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "operations")
        async with http.get(f"{REPORT}&format=csv") as response:
            assert response.content_type == "text/csv"
            assert 'filename="agent-day-2026-11-22.csv"' in response.headers["Content-Disposition"]
            body = await response.read()
    assert body.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["Li Wei", "'=cmd()"]
    assert rows[0]["day"] == "2026-11-22"
    assert float(rows[0]["talk_seconds"]) == 700.25


@pytest.mark.parametrize(
    "query",
    [
        "day=",
        "day=0001-01-01",
        "day=22.11.2026",
        "day=2026-11-22&format=xml",
        "day=2026-11-22&more=1",
    ],
)
async def test_a_wrong_query_is_refused(query: str) -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "hr")
        said = await get_json(http, f"/api/v1/reports/agent-day?{query}", 400)
        assert said["error_id"] == "bad-request"
