"""Missed callbacks are an alarm for who leads the floor, and can be handed on in bulk."""

from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from store.callbacks import OpenCallback
from tests.browser.conftest import Site
from tests.browser.test_pages import sign_in
from tests.fakes.web_dialing import MemoryDialing

pytestmark = [pytest.mark.browser, pytest.mark.postgres, pytest.mark.asyncio(loop_scope="session")]
DUE = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


async def test_a_supervisor_sees_missed_callbacks_and_hands_them_on(site: Site, page: Page) -> None:
    dialing = site.services.dialing
    assert isinstance(dialing, MemoryDialing)
    dialing.promises = [
        OpenCallback(
            1, 7, "spring", "agent-1001", DUE, DUE, "<b>call</b>", "Acme", "Wang",
            "+8613912341234", "Asia/Shanghai",
        )
    ]  # fmt: skip
    await sign_in(page)
    row = page.locator('tr[data-callback="1"]')
    await expect(row).to_contain_text("+86139****1234")
    await expect(row).to_contain_text("<b>call</b>")
    await expect(page.locator("[data-missed]")).to_have_text("1 missed")

    await page.get_by_label("go to").select_option("any agent")
    await page.get_by_role("button", name="Hand on").click()
    await expect(row).to_contain_text("any agent")
    assert ("assign", ["spring"], "agent-1001", None, None) in [
        (one[0], ["spring"], *one[2:]) for one in dialing.asked
    ]
