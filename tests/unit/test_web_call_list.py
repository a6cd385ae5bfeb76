"""The outbound list over the API: pages by key, one total, files with all of it, filters."""

import csv
import io
import zipfile

import pytest
from aiohttp import ClientPayloadError, ClientSession

from store.accounts import Account, Role
from store.call_list import CallFilter
from store.errors import DatabaseUnreachable
from store.organisations import Owners
from tests.fakes.web_calls import CALL
from tests.fakes.web_services import Ports, get_json, served, sign_in
from web import limits
from web.call_list_schemas import CallLineView

CALLS = "/api/v1/reports/calls"
A26 = {
    "call_id", "dialled_at", "agent", "extension", "company", "number", "region", "direction",
    "network_result", "agent_disposition", "ring_seconds", "talk_seconds", "effective", "recording",
    "list", "tries",
}  # fmt: skip


async def download(http: ClientSession, query: str) -> bytes:
    async with http.get(f"{CALLS}?{query}") as response:
        assert response.status == 200, await response.text()
        return await response.read()


def rows_of(body: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline="")))


async def test_pages_follow_each_other_by_key_and_say_of_how_many() -> None:
    ports = Ports()
    ports.call_list.calls = 5
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        first = await get_json(http, f"{CALLS}?limit=2")
        second = await get_json(http, f"{CALLS}?limit=2&after={first['next']}")
        last = await get_json(http, f"{CALLS}?limit=2&after={second['next']}")
    assert [page["total"] for page in (first, second, last)] == [5, None, None]
    ids = [call["call_id"] for page in (first, second, last) for call in page["calls"]]
    assert ids == [CALL, "call-1", "call-2", "call-3", "call-4"]
    assert last["next"] is None
    assert first["zone"] == "Asia/Shanghai"


async def test_a_call_has_every_column_of_the_outbound_list() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        (call,) = (await get_json(http, CALLS))["calls"]
        (row,) = rows_of(await download(http, "format=csv"))
    assert set(call) >= A26
    assert list(row) == list(CallLineView.__struct_fields__)
    assert (call["extension"], call["region"], call["list"]) == (
        "agent-1001",
        "浙江",
        "spring-leads",
    )
    assert (call["tries"], call["recording"], call["number"]) == (2, True, "+86139****1234")
    assert (row["dialled_at"], row["tries"]) == ("2026-09-01 08:00:00+08:00", "2")


async def test_a_file_has_all_that_match_and_not_a_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.api.call_list.EXPORT_PAGE_ROWS", 10)
    ports = Ports()
    ports.call_list.calls = 35
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        rows = rows_of(await download(http, "format=csv&limit=1"))
        book = zipfile.ZipFile(io.BytesIO(await download(http, "format=xlsx&limit=1")))
    assert [row["call_id"] for row in rows] == [CALL, *(f"call-{n}" for n in range(1, 35))]
    sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 36
    assert "call-34" in sheet


async def test_a_file_of_no_calls_has_its_head() -> None:
    ports = Ports()
    ports.call_list.calls = 0
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        body = (await download(http, "format=csv")).decode("utf-8-sig")
    assert body == ",".join(CallLineView.__struct_fields__) + "\r\n"


async def test_a_file_that_cannot_be_finished_breaks_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.api.call_list.EXPORT_PAGE_ROWS", 10)
    ports = Ports()
    ports.call_list.calls, ports.call_list.fails_after = 35, 2
    ports.call_list.failure = DatabaseUnreachable("away")
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        with pytest.raises(ClientPayloadError):
            await download(http, "format=csv")
        ports.call_list.fails_after = 0
        assert (await get_json(http, f"{CALLS}?format=csv", 503))["error_id"] == "database-away"


async def test_more_calls_than_a_sheet_holds_are_refused_as_xlsx() -> None:
    ports = Ports()
    ports.call_list.calls = limits.SHEET_ROWS
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        said = await get_json(http, f"{CALLS}?format=xlsx", 400)
    assert "take CSV, or fewer days" in said["message"]


async def test_what_is_filtered_reaches_page_and_file_alike() -> None:
    ports = Ports()
    query = "list=spring-leads&result=busy&region=%E6%B5%99%E6%B1%9F&number=%2B8613912341234"
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        await get_json(http, f"{CALLS}?{query}")
        await download(http, f"{query}&format=csv")
    wanted = CallFilter(
        region="浙江", list_name="spring-leads", network_result="busy", number_end="8613912341234"
    )
    assert ports.call_list.filters == [wanted, wanted]


@pytest.mark.parametrize(
    "query",
    [
        "number=12345",
        "number=1234567",
        "number=%25",
        "result=fine",
        "after=x",
        "after=999999999999999999~x",
        "limit=0",
        "list=%00",
    ],
)
async def test_a_filter_that_cannot_be_is_refused(query: str) -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        assert (await get_json(http, f"{CALLS}?{query}", 400))["error_id"] == "bad-request"


async def test_choices_are_those_of_the_account() -> None:
    ports = Ports()
    ports.owners.now = Owners(
        campaigns={"spring": "main", "theirs": "others"},
        agents={"agent-1001": "main", "agent-1002": "main", "agent-2001": "others"},
        clients={"client": frozenset({"spring"})},
    )
    ports.accounts.accounts["other"] = Account("other", Role.SUPERVISOR, None, "others")
    told = {}
    async with served(ports.services) as http:
        for login in ("supervisor", "agent", "client", "other"):
            await sign_in(http, login)
            found = await get_json(http, "/api/v1/reports/call-choices")
            told[login] = (found["campaigns"], found["agents"])
    assert told == {
        "supervisor": (["spring"], ["agent-1001", "agent-1002"]),
        "agent": (["spring"], ["agent-1001"]),
        "client": (["spring"], []),
        "other": (["theirs"], ["agent-2001"]),
    }
