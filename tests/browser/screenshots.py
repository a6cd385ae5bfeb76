"""Pictures for the README, from a running demo: desk, wallboard, report, list, in both languages.

`bin/screenshots` writes docs/images/{desk,floor,report,calls}-{en,zh}.png.
"""

import asyncio
import sys
from pathlib import Path

from playwright.async_api import Page, async_playwright, expect

from cli.demo import start_campaigns
from lab.sample_list import MAIN_CAMPAIGN, sample_leads
from store.scripts import ScriptStore, ScriptText
from tests.browser.softphone import AGENT_HZ, SUPERVISOR_HZ, be_ready, staffed_floor, talks

IMAGES = Path(__file__).parents[2] / "docs" / "images"
LANGUAGES = ("en", "zh")
SCRIPTS = (
    ScriptText(
        "en",
        "Look at industry and region: {industry}, {city}.",
        "Good day {contact}, this is {agent}. I call {company} about fasteners.",
        "Note what they need, and when to call again.",
    ),
    ScriptText(
        "zh",
        "先看行业和地区:{industry},{city}。",
        "您好,{contact},我是 {agent},想和 {company} 谈谈紧固件。",
        "记下客户需求和下次联系时间。",
    ),
)
LEADS = 60
ROBOTS = 8
BUSY_SECONDS = 25.0
"""So long the demo dials before the pictures: figures want some calls."""
LIMIT_SECONDS = 240.0
"""It takes about a minute and a half; whatever hangs, it ends by then and says where it was."""


def _say(text: str) -> None:
    print(f"screenshots: {text}", flush=True)


async def _picture(page: Page, name: str, path: str) -> None:
    for language in LANGUAGES:
        await page.evaluate(f"() => localStorage.setItem('callfloor.language', '{language}')")
        await page.goto(path)
        await page.locator("h1.page-title, h2").first.wait_for()
        await page.wait_for_timeout(2500)
        # Of a long list one screen is enough.
        path_of = IMAGES / f"{name}-{language}.png"
        await page.screenshot(path=path_of, full_page=name != "calls")
        _say(f"{name}-{language}.png")


async def take() -> None:
    """Start the demo, work in it, and take every picture."""
    async with (
        async_playwright() as playwright,
        staffed_floor(playwright, *sample_leads(LEADS), robots=ROBOTS) as staff,
    ):
        await staff.hire("li.na", "agent", "agent-2001")
        await staff.hire("chief", "supervisor", "agent-2002")
        agent = await staff.browse("li.na", AGENT_HZ)
        chief = await staff.browse("chief", SUPERVISOR_HZ)
        _say("the demo runs")
        for script in SCRIPTS:
            assert await ScriptStore(staff.database).save(MAIN_CAMPAIGN, script, "chief")
        await be_ready(agent)
        await expect(chief.locator('[data-phone="registered"]')).to_be_visible()
        await start_campaigns(staff.database)
        await talks(agent)
        for language in LANGUAGES:
            # No reload: the call would end before the second language.
            await agent.get_by_role(
                "button", name="English" if language == "en" else "中文"
            ).click()
            await agent.screenshot(path=IMAGES / f"desk-{language}.png")
            _say(f"desk-{language}.png")
        await chief.wait_for_timeout(BUSY_SECONDS * 1000)
        await _picture(chief, "floor", f"{staff.floor.url}/floor")
        await _picture(chief, "report", f"{staff.floor.url}/report")
        await _picture(chief, "calls", f"{staff.floor.url}/calls")


async def _take_in_time() -> None:
    async with asyncio.timeout(LIMIT_SECONDS):
        await take()


if __name__ == "__main__":
    sys.exit(asyncio.run(_take_in_time()))
