"""An agent sells from the browser: real Chromium, real Asterisk, real audio."""

import time

import pytest
from playwright.async_api import Playwright, expect

from calls.campaign import CampaignStatus
from cdr_ingest.reconcile import reconcile
from cli.demo import wait_for_records
from lab.sample_list import MAIN_CAMPAIGN
from store.campaigns import CampaignStore
from tests.browser.softphone import (
    AGENT_HZ,
    CUSTOMER_HZ,
    LOUD,
    MASKED,
    be_ready,
    candidates,
    lead,
    loudness,
    own_addresses,
    press_keys,
    record_at_carrier,
    staffed_floor,
    talks,
    typed_at,
    wait_heard,
)
from tests.sql import TEST_QUERIES

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.browser,
    pytest.mark.timeout(420),
    pytest.mark.asyncio(loop_scope="session"),
]

PATIENT = "+8613903600000"  # stays until the agent hangs up
DIGITS = "1590"


async def test_an_agent_takes_a_dialled_call_in_the_page_and_keeps_it_over_a_reload(
    playwright: Playwright, built_pages: None
) -> None:
    async with staffed_floor(playwright, lead(PATIENT)) as staff:
        lab = staff.floor.pbx_lab
        asked = time.monotonic()
        await staff.hire("li.na", "agent", "agent-2001")
        known = lab.pbx.console("pjsip show endpoint agent-2001")
        works_after = time.monotonic() - asked
        assert "agent-2001" in known
        assert "Unable to find" not in known
        assert works_after < 2.0

        page = await staff.browse("li.na", AGENT_HZ)
        await be_ready(page)
        await CampaignStore(staff.database).set_status(MAIN_CAMPAIGN, CampaignStatus.RUNNING)
        await talks(page)
        began = time.monotonic()
        # Asterisk drops what comes from an address it was not told (AST-2023-008): no audio at all.
        assert await own_addresses(page) <= candidates("\n".join(staff.sent))

        await expect(page.locator(".lead-name")).to_contain_text("陈经理")
        await expect(page.locator(".lead-name")).to_contain_text(MASKED)
        assert PATIENT not in await page.content()
        await wait_heard(page, CUSTOMER_HZ)
        assert loudness(await record_at_carrier(lab.carrier, "before"), AGENT_HZ) > LOUD

        await page.get_by_role("button", name="Mute").click()
        assert loudness(await record_at_carrier(lab.carrier, "muted"), AGENT_HZ) < LOUD
        await page.get_by_role("button", name="Mute").click()

        await press_keys(page, DIGITS)
        assert await typed_at(lab.carrier) == DIGITS
        await wait_heard(page, CUSTOMER_HZ)  # the menu goes on speaking

        await page.get_by_label("Note").fill("wants a quotation")
        await page.reload()
        await talks(page)
        await wait_heard(page, CUSTOMER_HZ)
        assert loudness(await record_at_carrier(lab.carrier, "after"), AGENT_HZ) > LOUD
        await expect(page.get_by_label("Note")).to_have_value("wants a quotation")
        assert len(lab.carrier_calls()) == 0  # the one call is still up

        await expect(page.get_by_role("button", name="Save")).to_be_disabled()
        await page.get_by_role("button", name="Hang up").click()
        talked = time.monotonic() - began
        await expect(page.locator('[data-state="wrap_up"]')).to_be_visible()
        await page.get_by_label("Interested", exact=True).check()
        await page.get_by_role("button", name="Save").click()
        await expect(page.locator('[data-state="ready"]')).to_be_visible()

        await wait_for_records(staff.database)
        (record,) = await staff.database.with_queries(TEST_QUERIES).fetch("test_call_records")
        assert record["agent"] == "agent-2001"
        assert record["agent_disposition"] == "interested"
        assert record["hangup_by"] == "agent"
        assert abs(float(record["talk_seconds"]) - talked) < 2.0
        report = await reconcile(staff.database, lab.pbx.cel_ledger)
        assert report.differences == ()
        assert len(lab.carrier_calls()) == 1
