"""Every page in both languages against WCAG 2.1 AA by axe-core, and on the width of a phone."""

import pytest
from playwright.async_api import BrowserContext, Page, expect

from store.accounts import Account, Role
from tests.browser.busy_floor import fill
from tests.browser.conftest import ROOT, Console, Site
from tests.fakes.web_accounts import PASSWORD, PASSWORD_HASH

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.asyncio(loop_scope="session"),
]

AXE = ROOT / "web" / "pages" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
RUN = """async (rules) => {
    const found = await axe.run(document, { runOnly: { type: "tag", values: rules } });
    return found.violations.flatMap(({ id, nodes }) =>
        nodes.map((node) => `${id}: ${node.html.slice(0, 120)}: ${node.failureSummary}`));
}"""
LOGINS = {
    "desk": "li.wei",
    "floor": "supervisor",
    "calls": "supervisor",
    "report": "supervisor",
    "why": "supervisor",
    "scripts": "supervisor",
    "people": "operations",
    "account": "supervisor",
}
PHONE = {"width": 390, "height": 844}
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def axe_source() -> str:
    """The library, as the lock file of the pages names it."""
    return AXE.read_text(encoding="utf-8")


async def barriers(page: Page) -> list[str]:
    """Return what keeps somebody out of the page as it is shown now."""
    if not await page.evaluate("typeof axe !== 'undefined'"):
        # As an argument of evaluate the source passes the page's own security policy.
        await page.evaluate(axe_source())
    found: list[str] = await page.evaluate(RUN, RULES)
    return found


async def sign_in_as(page: Page, site: Site, login: str) -> None:
    """Sign in by API: the page's cookie is there when it is opened."""
    body = {"login": login, "password": PASSWORD}
    headers = {"X-Callfloor": "1"}
    answer = await page.request.post(f"{site.address}/api/v1/sign-in", data=body, headers=headers)
    assert answer.ok, await answer.text()


async def enter(page: Page, site: Site, name: str) -> None:
    """Sign in by API and open a page on a busy floor."""
    await sign_in_as(page, site, LOGINS[name])
    await page.goto(f"{site.address}/{name}")
    await page.locator("h1.page-title").first.wait_for()
    await page.wait_for_load_state("networkidle")


def busy(site: Site) -> None:
    """Let the floor be as it is in the middle of an afternoon; agent-1001 talks."""
    fill(site.floor, site.campaigns)


async def speak(context: BrowserContext, language: str) -> None:
    """Choose the language of all pages that are opened from now on."""
    await context.add_init_script(f"localStorage.setItem('callfloor.language', '{language}')")


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_nothing_on_any_page_keeps_somebody_out(
    context: BrowserContext, page: Page, site: Site, console: Console, language: str
) -> None:
    console.expected.append("status of 404")  # this agent has no phone in the page
    await site.services.accounts.add(Account("operations", Role.OPERATIONS), PASSWORD_HASH)
    busy(site)
    await speak(context, language)
    await page.reload()
    await page.locator("form").wait_for()
    assert await barriers(page) == []
    for name in LOGINS:
        await enter(page, site, name)
        assert await barriers(page) == [], name
    assert await page.evaluate("document.documentElement.lang") in ("en", "zh-CN")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_supervisors_dialogs_keep_nobody_out(page: Page, site: Site, scheme: str) -> None:
    busy(site)
    await page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    await enter(page, site, "floor")
    assert await barriers(page) == []
    await page.get_by_role("button", name="Pace…").first.click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await barriers(page) == []
    await page.keyboard.press("Escape")
    await page.locator("select.seat-act").first.select_option(label="Pause")
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await barriers(page) == []


@pytest.mark.parametrize("name", ["floor", "calls", "report", "why", "scripts"])
async def test_a_supervisor_works_on_the_width_of_a_phone(
    page: Page, site: Site, name: str
) -> None:
    busy(site)
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type] # a dict of these two keys
    await enter(page, site, name)
    assert await page.evaluate(TOO_WIDE) is False
    assert await barriers(page) == []
    if name == "floor":
        await page.get_by_role("button", name="Pause").first.click()
        box = await page.get_by_role("dialog").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
