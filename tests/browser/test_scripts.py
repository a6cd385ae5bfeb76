"""Call scripts in a real browser: written in two languages, read beside a call, mere text."""

import pytest
from playwright.async_api import Browser, Page, expect

from calls import facts
from calls.ids import AgentId, ChannelId
from tests.browser.busy_floor import talk
from tests.browser.conftest import Console, Site
from tests.browser.test_accessibility import barriers, enter, sign_in_as
from tests.browser.test_hostile_names import CALL, nasty, record
from tests.fakes.web_services import now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.asyncio(loop_scope="session"),
]

DURING = "您好,{contact}!\n我是 {agent},想谈谈 {company}。"


async def write(page: Page, language: str, part: str, text: str) -> None:
    """Write a part of the script of spring and save it."""
    await page.get_by_label("Campaign").select_option("spring")
    await page.get_by_label("Language of the script").select_option(language)
    await page.get_by_role("textbox", name=part).fill(text)
    await page.get_by_role("button", name="Save").click()


async def test_a_script_is_written_by_a_supervisor_and_read_beside_the_call(
    page: Page, site: Site, console: Console, browser: Browser
) -> None:
    console.expected += [
        "status of 404",
        "status of 400",
    ]  # no phone in the page; a bad placeholder
    record(site.database_url)
    await enter(page, site, "scripts")
    await write(page, "zh", "During the call", DURING)
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await write(page, "en", "During the call", "Hello {compani}")
    await expect(page.get_by_role("alert")).to_contain_text("during_call, line 1: {compani}")
    await write(page, "en", "During the call", "Hello {contact} <b>now</b>")
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    await page.get_by_label("Language of the script").select_option("zh")
    await expect(page.get_by_role("textbox", name="During the call")).to_have_value(DURING)

    site.floor.sign_in("agent-1001", "Li Wei")
    site.floor.plan(str(CALL), "+8613912341234", "spring")
    talk(site.floor, AgentId("agent-1001"), str(CALL), now())
    await sign_in_as(page, site, "li.wei")
    await page.goto(f"{site.address}/desk")
    text = page.locator('[data-script="during_call"] .script-text')
    await expect(text).to_be_visible()
    # Names like scripts, and tags in the script itself, are text.
    assert await text.inner_text() == f"Hello {nasty('contact')} <b>now</b>"
    assert await page.evaluate("window.ran ?? 'nothing'") == "nothing"
    assert await barriers(page) == []
    await page.get_by_role("button", name="中文").click()
    await expect(page.get_by_role("heading", name="话术")).to_be_visible()
    shown = f"您好,{nasty('contact')}!\n我是 Li Wei,想谈谈 {nasty('company')}。"
    await expect(text).to_have_text(shown, use_inner_text=True)


async def test_the_part_of_now_is_open_and_others_open_by_keyboard(
    page: Page, site: Site, console: Console
) -> None:
    console.expected.append("status of 404")  # this agent has no phone in the page
    record(site.database_url)
    await enter(page, site, "scripts")
    for part in ("Before", "During", "After"):
        await page.get_by_role("textbox", name=f"{part} the call").fill(f"{part}!")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("status")).to_have_text("Saved.")
    site.floor.sign_in("agent-1001", "Li Wei")
    site.floor.plan(str(CALL), "+8613912341234", "spring")
    talk(site.floor, AgentId("agent-1001"), str(CALL), now())
    await sign_in_as(page, site, "li.wei")
    await page.goto(f"{site.address}/desk")
    parts = {
        name: page.get_by_text(f"{name}!", exact=True) for name in ("Before", "During", "After")
    }
    await expect(parts["During"]).to_be_visible()
    await expect(parts["Before"]).to_be_hidden()
    await page.locator('[data-script="before_call"] summary').focus()
    await page.keyboard.press("Enter")
    await expect(parts["Before"]).to_be_visible()
    site.floor.apply(facts.ChannelEnded(now(), ChannelId(str(CALL)), 16))
    await expect(parts["After"]).to_be_visible()
    await expect(parts["During"]).to_be_hidden()
