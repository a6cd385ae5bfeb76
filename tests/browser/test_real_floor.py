"""The pages on the real thing: a supervisor watches real calls of a real Asterisk in Chromium."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from calls.campaign import CampaignStatus
from cli.demo import leads_done, start_campaigns, wait_for_list, wait_for_records
from cli.demo_floor import DemoFloor, DemoPlan
from cli.demo_result import read_totals
from lab.sample_list import MAIN_CAMPAIGN, sample_leads
from store.campaigns import CampaignStore
from store.database import Database
from tests.browser.test_pages import FLOOR, sign_in
from tests.sql import TEST_QUERIES

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.browser,
    pytest.mark.timeout(300),
    pytest.mark.asyncio(loop_scope="session"),
]

LEADS = 12
SLOW_MS = 30_000


async def test_a_supervisor_sees_real_calls_and_their_figures(
    browser: Browser, built_pages: None
) -> None:
    with DemoFloor(DemoPlan(sample_leads(LEADS), agents=4)) as floor:
        floor.start_world()
        database = await Database.open(floor.database_url, max_connections=4)
        await floor.seed(database)
        floor.start_service()
        page = await browser.new_page(locale="en-US")
        page.set_default_timeout(SLOW_MS)
        await page.goto(floor.url)
        await sign_in(page, password=floor.supervisor_password)
        await expect(page.get_by_role("heading", name=FLOOR)).to_be_visible()
        await expect(page.locator("tr[data-agent]")).to_have_count(4, timeout=SLOW_MS)

        await start_campaigns(database)
        talking = page.locator("tr[data-agent]", has_text="Talking")
        await expect(talking.first).to_be_visible(timeout=SLOW_MS)
        await expect(talking.first).to_contain_text("+86139****")
        assert "+86139" not in (await page.content()).replace("+86139****", "")

        await wait_for_list(floor, database)
        await wait_for_records(database)
        await page.get_by_role("link", name="Agent report").click()
        shown = page.locator("tr[data-total] td.figure")
        wanted = [str(total) for total in (await read_totals(database))[:4]]
        await page.reload()
        await expect(shown.first).to_have_text(wanted[0], timeout=SLOW_MS)
        assert (await shown.all_inner_texts())[:4] == wanted
        await page.close()
        await database.close()


async def test_a_campaign_paused_in_the_page_dials_nothing_more(
    browser: Browser, built_pages: None
) -> None:
    with DemoFloor(DemoPlan(sample_leads(LEADS), agents=2)) as floor:
        floor.start_world()
        database = await Database.open(floor.database_url, max_connections=4)
        await floor.seed(database)
        floor.start_service()
        await start_campaigns(database)
        page = await browser.new_page(locale="en-US")
        page.set_default_timeout(SLOW_MS)
        await page.goto(floor.url)
        await sign_in(page, password=floor.supervisor_password)
        row = page.locator(f'tr[data-campaign="{MAIN_CAMPAIGN}"]')
        await row.get_by_role("button", name="Pause").click()
        await page.get_by_role("dialog").get_by_role("button", name="Pause").click()
        await expect(row).to_contain_text("Paused", timeout=SLOW_MS)

        campaign = await CampaignStore(database).campaign(MAIN_CAMPAIGN)
        assert campaign.status is CampaignStatus.PAUSED
        await asyncio.sleep(1.0)
        asked = database.with_queries(TEST_QUERIES)
        before = await asked.fetch_value("count_attempts", MAIN_CAMPAIGN)
        await asyncio.sleep(3.0)
        assert await asked.fetch_value("count_attempts", MAIN_CAMPAIGN) == before
        done, total = await leads_done(database)
        assert done < total
        await page.close()
        await database.close()
