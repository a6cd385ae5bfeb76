"""The outbound list in a real browser: columns, filters, pages by keyboard, files."""

import asyncio
import csv
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.conftest import Console, Site
from tests.browser.recorded_calls import NUMBER_END, record_calls
from tests.browser.test_accessibility import barriers, enter, speak

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.asyncio(loop_scope="session"),
]

CALLS = 230
LINES = "tr[data-call-line]"


async def customers(page: Page) -> list[str]:
    """The companies that the list shows now, in its order."""
    texts = await page.locator(f"{LINES} td:nth-child(6)").all_inner_texts()
    return [text.splitlines()[0].split("Ms ")[0].strip() for text in texts]


async def test_the_list_has_the_columns_of_its_file_and_says_of_how_many(
    page: Page, site: Site
) -> None:
    record_calls(site.database_url, CALLS)
    await enter(page, site, "calls")
    await expect(page.get_by_role("status")).to_have_text("1 to 100 of 230 calls")
    first = page.locator(LINES).first
    for text in (
        "spring", "Li Wei", "agent-1001", "Company 1", "Ms Chen", "+86139****0001", "浙江",
        "outbound", "answered", "Interested", "4.0", "3:16", "odd", "customer",
    ):  # fmt: skip
        await expect(first).to_contain_text(text)
    call = await first.get_attribute("data-call-line") or ""
    await expect(first).to_contain_text(call)
    async with page.expect_download() as download:
        await page.get_by_role("link", name="CSV").click()
    path = Path(await (await download.value).path())
    text = await asyncio.to_thread(path.read_text, encoding="utf-8-sig")
    rows = list(csv.DictReader(text.splitlines()))
    assert len(rows) == CALLS
    assert (rows[0]["call_id"], rows[0]["number"]) == (call, "'+86139****0001")
    # A name and its id share a column of the screen: two columns less than in the file.
    assert await page.locator(".call-list th").count() == len(rows[0]) - 2
    assert "1390000" not in await page.content()


async def test_pages_are_turned_by_keyboard_and_say_where_one_is(page: Page, site: Site) -> None:
    record_calls(site.database_url, CALLS)
    await enter(page, site, "calls")
    said = page.get_by_role("status")
    await expect(said).to_have_text("1 to 100 of 230 calls")
    await page.keyboard.press("Alt+PageDown")
    await expect(said).to_have_text("101 to 200 of 230 calls")
    assert await customers(page) == [f"Company {n}" for n in range(101, 201)]
    older = page.get_by_role("button", name="Older")
    await older.focus()
    await page.keyboard.press("Enter")
    await expect(said).to_have_text("201 to 230 of 230 calls")
    await expect(older).to_be_disabled()
    await page.keyboard.press("Alt+PageDown")  # there is no further page
    await page.keyboard.press("Alt+PageUp")
    await expect(said).to_have_text("101 to 200 of 230 calls")
    await page.keyboard.press("Alt+PageUp")
    await expect(said).to_have_text("1 to 100 of 230 calls")


async def test_a_filter_narrows_screen_and_file_alike(page: Page, site: Site) -> None:
    record_calls(site.database_url, CALLS)
    await enter(page, site, "calls")
    said = page.get_by_role("status")
    await page.get_by_label("List", exact=True).fill("even")
    await page.get_by_label("Result").select_option("busy")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Show").click()
    await expect(said).to_have_text("1 to 23 of 23 calls")
    shown = await customers(page)
    assert shown == [f"Company {n}" for n in range(10, 231, 10)]
    async with page.expect_download() as download:
        await page.get_by_role("link", name="CSV").click()
    path = Path(await (await download.value).path())
    text = await asyncio.to_thread(path.read_text, encoding="utf-8-sig")
    assert [row["company"] for row in csv.DictReader(text.splitlines())] == shown
    await page.reload()  # the address keeps what is asked for
    await expect(said).to_have_text("1 to 23 of 23 calls")
    await page.get_by_role("button", name="All again").click()
    await expect(said).to_have_text("1 to 100 of 230 calls")
    await page.get_by_role("textbox", name="Number").fill(NUMBER_END)
    await page.get_by_role("textbox", name="Number").press("Enter")
    await expect(said).to_have_text("1 to 1 of 1 calls")
    assert await customers(page) == ["Company 7"]
    await page.get_by_role("textbox", name="Number").fill("9999")
    await page.get_by_role("textbox", name="Number").press("Enter")
    await expect(said).to_have_text("No call matches.")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_a_full_list_keeps_nobody_out(
    context: BrowserContext, page: Page, site: Site, language: str
) -> None:
    record_calls(site.database_url, 12)
    await speak(context, language)
    await enter(page, site, "calls")
    told = "第 1 至 12 条,共 12 条" if language == "zh" else "1 to 12 of 12 calls"
    await expect(page.get_by_role("status")).to_have_text(told)
    assert await barriers(page) == []
    await expect(page.locator(LINES).first).to_contain_text(
        "呼出" if language == "zh" else "outbound"
    )


async def test_an_agent_sees_the_day_by_region_beside_it(
    page: Page, site: Site, console: Console
) -> None:
    console.expected.append("status of 404")  # this agent has no phone in the page
    record_calls(site.database_url, 20)
    await enter(page, site, "desk")
    row = page.locator('tr[data-my-region="浙江"]')
    await expect(row).to_contain_text("浙江")
    assert await row.locator("td").all_inner_texts() == ["20", "20", "20", "20", "0:00"]
    await page.get_by_role("button", name="中文").click()
    await expect(page.get_by_role("heading", name="我的区域")).to_be_visible()
    assert await barriers(page) == []
