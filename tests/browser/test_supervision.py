"""A supervisor listens, whispers and barges in: who hears whom is measured."""

import pytest
from playwright.async_api import Page, Playwright, expect

from calls.campaign import CampaignStatus
from lab.sample_list import MAIN_CAMPAIGN
from store.campaigns import CampaignStore
from tests.browser.softphone import (
    AGENT_HZ,
    CUSTOMER_HZ,
    LOUD,
    SUPERVISOR_HZ,
    Staff,
    be_ready,
    heard_in_page,
    lead,
    loudness,
    record_at_carrier,
    staffed_floor,
    talks,
    wait_heard,
)
from tests.fakes.web_services import get_json

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.browser,
    pytest.mark.timeout(420),
    pytest.mark.asyncio(loop_scope="session"),
]

PATIENT = "+8613903600000"  # stays until the agent hangs up


async def act(page: Page, name: str) -> None:
    """Choose an act for the agent, and confirm it."""
    row = page.locator('tr[data-agent="agent-2001"]')
    await row.get_by_role("combobox").select_option(label=name)
    await page.get_by_role("dialog").get_by_role("button", name=name).click()


async def join(page: Page, name: str) -> None:
    """Join the agent's call by the own phone."""
    await act(page, name)
    await expect(page.locator('[data-call="talking"]')).to_be_visible()


async def leave(page: Page) -> None:
    """Hang the own phone up."""
    await page.get_by_role("button", name="Hang up").click()
    await expect(page.locator('[data-call="none"]')).to_be_visible()


async def customer_hears(staff: Staff, name: str) -> float:
    """Return how loud the customer hears the supervisor."""
    path = await record_at_carrier(staff.floor.pbx_lab.carrier, name)
    assert loudness(path, AGENT_HZ) > LOUD  # the talk goes on meanwhile
    return loudness(path, SUPERVISOR_HZ)


async def test_a_whisper_reaches_the_agent_only_and_a_barge_both(
    playwright: Playwright, built_pages: None
) -> None:
    async with staffed_floor(playwright, lead(PATIENT)) as staff:
        await staff.hire("li.na", "agent", "agent-2001")
        await staff.hire("chief", "supervisor", "agent-2002")
        agent = await staff.browse("li.na", AGENT_HZ)
        chief = await staff.browse("chief", SUPERVISOR_HZ)
        await expect(chief.locator('[data-phone="registered"]')).to_be_visible()
        await be_ready(agent)
        await CampaignStore(staff.database).set_status(MAIN_CAMPAIGN, CampaignStatus.RUNNING)
        await talks(agent)
        await wait_heard(agent, CUSTOMER_HZ)

        await join(chief, "Listen")
        await wait_heard(chief, CUSTOMER_HZ)
        await wait_heard(chief, AGENT_HZ)
        assert (await heard_in_page(agent, SUPERVISOR_HZ))[0] < LOUD
        assert await customer_hears(staff, "listen") < LOUD
        await leave(chief)

        await join(chief, "Whisper")
        await wait_heard(agent, SUPERVISOR_HZ)
        assert await customer_hears(staff, "whisper") < LOUD
        await leave(chief)

        await join(chief, "Barge in")
        await wait_heard(agent, SUPERVISOR_HZ)
        assert await customer_hears(staff, "barge") > LOUD
        await leave(chief)
        await talks(agent)

        await act(chief, "Take over")
        await expect(chief.locator('[data-call="talking"]')).to_be_visible()
        await expect(agent.locator('[data-call="none"]')).to_be_visible()
        await wait_heard(chief, CUSTOMER_HZ)
        taken = await record_at_carrier(staff.floor.pbx_lab.carrier, "taken")
        assert loudness(taken, SUPERVISOR_HZ) > LOUD
        assert loudness(taken, AGENT_HZ) < LOUD

        await chief.get_by_role("button", name="End", exact=True).click()
        await chief.get_by_role("dialog").get_by_role("button", name="End").click()
        await expect(chief.locator('[data-call="none"]')).to_be_visible()
        lines = (await get_json(staff.operations, "/api/v1/audit"))["lines"]
        done = [(line["action"], line["login"], line["status"]) for line in reversed(lines)]
        assert [one for one in done if one[1] == "chief"] == [
            ("sign_in", "chief", 200),
            ("listen", "chief", 200),
            ("listen", "chief", 200),
            ("listen", "chief", 200),
            ("take_over", "chief", 200),
            ("call_end", "chief", 200),
        ]
