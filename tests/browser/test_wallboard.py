"""What a supervisor reads and changes on the wallboard, and the password on the account page."""

from dataclasses import replace

import pytest
from playwright.async_api import Page, expect

from calls.abandonment import AbandonmentCount
from calls.campaign import Mode
from store.campaigns import CampaignChange
from tests.browser.conftest import Console, Site
from tests.browser.test_pages import FLOOR, REFUSED, agent_row, sign_in
from tests.fakes.web_accounts import PASSWORD
from tests.fakes.web_desks import MemorySeats
from tests.fakes.web_services import now
from web.ports import CampaignOutlook

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.asyncio(loop_scope="session"),
]

FRESH = "a fresh password of mine"


async def test_a_campaigns_pace_is_changed_in_the_page(page: Page, site: Site) -> None:
    await sign_in(page)
    row = page.locator('tr[data-campaign="spring"]')
    await expect(row).to_contain_text("progressive")
    await row.get_by_role("button", name="Pace…").click()
    dialog = page.get_by_role("dialog", name="How spring is dialled")
    await dialog.get_by_label("Mode").select_option(label="power")
    await dialog.get_by_label("Lines for each free agent").fill("2.5")
    await dialog.get_by_label("Lines at most").fill("60")
    await dialog.get_by_label("Priority").fill("5")
    await dialog.get_by_role("button", name="Change").click()
    await expect(row).to_contain_text("power × 2.5 · priority 5")
    await expect(row).to_contain_text("0 / 60")
    change = CampaignChange(mode=Mode.POWER, ratio=2.5, max_lines=60, priority=5)
    assert site.campaigns.changes == [("spring", change, "supervisor")]

    await row.get_by_role("button", name="Pace…").click()
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    assert len(site.campaigns.changes) == 1


async def test_abandonment_is_shown_against_its_cap_and_the_lists_end(
    page: Page, site: Site
) -> None:
    before = site.campaigns.by_name["spring"]
    finish = now().replace(year=2031, month=3, day=9)
    site.campaigns.by_name["spring"] = replace(
        before, outlook=CampaignOutlook(AbandonmentCount(1000, 29), 0.03, finish)
    )
    await sign_in(page)
    row = page.locator('tr[data-campaign="spring"]')
    await expect(row.locator(".warn-text")).to_have_text("law's window 2.9 % of 3 %")
    await expect(row).to_contain_text("done 3/")
    calm = page.locator('tr[data-campaign="autumn"]')
    await expect(calm).to_contain_text("law's window 2.3 % of 3 %")
    await expect(calm.locator(".warn-text")).to_have_count(0)


async def test_lines_are_counted_and_a_caller_id_that_fails_is_marked(
    page: Page, site: Site
) -> None:
    site.floor.plan("call-1", "+8613912341234", "spring")
    await sign_in(page)
    await expect(page.locator('tr[data-campaign="spring"]')).to_contain_text("1 / 100")
    await expect(page.locator('tr[data-caller-id="+862110000001"].alarm')).to_contain_text(
        "look at it"
    )
    await expect(page.locator('tr[data-caller-id="+862110000002"].alarm')).to_have_count(0)
    await expect(page.locator('tr[data-trunk="carrier"]')).to_contain_text("1.0 %")


async def test_an_agent_is_moved_to_another_queue_once_confirmed(page: Page, site: Site) -> None:
    site.floor.sign_in("agent-1001", "Li Wei")
    await sign_in(page)
    seats = site.services.seats
    assert isinstance(seats, MemorySeats)
    acts = agent_row(page, "agent-1001").get_by_role("combobox")
    await acts.select_option(label="Move…")
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Move Li Wei to another queue?")
    await expect(dialog.get_by_role("button", name="Move…")).to_be_disabled()
    await dialog.get_by_label("To the queue").select_option(label="callfloor")
    assert seats.asked == []
    async with page.expect_response("**/move"):
        await dialog.get_by_role("button", name="Move…").click()
    await expect(dialog).to_have_count(0)
    assert seats.asked == [("move", "agent-1001", "callfloor")]


async def test_a_password_is_changed_in_the_page_and_ends_every_session(
    page: Page, site: Site, console: Console
) -> None:
    console.expected.append(REFUSED)
    await sign_in(page)
    await expect(page.get_by_role("heading", name=FLOOR)).to_be_visible()
    other = await page.context.new_page()
    await page.get_by_role("link", name="My account").click()
    await page.get_by_label("Present password").fill("not the password")
    await page.get_by_label("New password", exact=True).fill(FRESH)
    await page.get_by_label("New password again").fill(FRESH + "?")
    await expect(page.get_by_text("The two new passwords differ.")).to_be_visible()
    await expect(page.get_by_role("button", name="Change the password")).to_be_disabled()
    await page.get_by_label("New password again").fill(FRESH)
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_role("alert")).to_have_text("Login or password is wrong.")
    await page.get_by_label("Present password").fill(PASSWORD)
    await page.get_by_role("button", name="Change the password").click()
    await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    await other.goto(site.address)
    await expect(other.get_by_role("button", name="Sign in")).to_be_visible()
    await sign_in(page, password=PASSWORD)
    await expect(page.get_by_role("alert")).to_have_text("Login or password is wrong.")
    await sign_in(page, password=FRESH)
    await expect(page.get_by_role("heading", name="My account")).to_be_visible()
