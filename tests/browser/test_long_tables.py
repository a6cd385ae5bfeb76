"""A floor of hundreds stays quick: only rows in sight are in the document, all can be reached."""

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_pages import agent_row, sign_in

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.asyncio(loop_scope="session"),
]

AGENTS = 200


async def test_two_hundred_agents_are_a_screenful_of_rows_and_the_last_is_reached_by_keyboard(
    page: Page, site: Site
) -> None:
    for index in range(AGENTS):
        site.floor.sign_in(f"agent-{1000 + index}", f"Agent {index}")
    await sign_in(page)
    await expect(agent_row(page, "agent-1000")).to_be_visible()
    await expect(page.locator("tr[data-agent]").nth(5)).to_be_visible()
    assert await page.locator("tr[data-agent]").count() < 60
    table = page.locator("table", has=page.locator("tr[data-agent]"))
    assert await table.get_attribute("aria-rowcount") == str(AGENTS + 1)
    heights = await page.evaluate(
        "() => [...document.querySelectorAll('tr[data-agent]')].map((row) => row.offsetHeight)"
    )
    assert set(heights) == {42}  # the empty space of the others is counted in rows of this height
    box = page.get_by_role("group", name="Agents", exact=True)
    await box.focus()
    await page.keyboard.press("End")
    await expect(agent_row(page, f"agent-{999 + AGENTS}")).to_be_visible()
    last = agent_row(page, f"agent-{999 + AGENTS}")
    await expect(last).to_have_attribute("aria-rowindex", "201")
    await expect(agent_row(page, "agent-1000")).to_have_count(0)
    await page.keyboard.press("Home")
    await expect(agent_row(page, "agent-1000")).to_be_visible()
