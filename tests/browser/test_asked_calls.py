"""An agent asks for calls in the browser: real Chromium, real Asterisk, real audio, real records.

One floor for click-to-call in both orders, a refusal, previews, and a callback kept to the second.
"""

import asyncio
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Page, Playwright, expect

from calls.campaign import CampaignStatus, DialOrder, Mode
from calls.ids import AgentId
from cdr_ingest.reconcile import reconcile
from cli.demo import wait_for_records
from lab.sample_list import MAIN_CAMPAIGN
from store.callbacks import CallbackStore
from store.campaigns import CampaignChange, CampaignStore
from tests.browser.softphone import (
    AGENT_HZ,
    CUSTOMER_HZ,
    LOUD,
    MASKED,
    Staff,
    be_ready,
    lead,
    loudness,
    record_at_carrier,
    staffed_floor,
    talks,
    wait_heard,
)
from tests.sql import TEST_QUERIES

pytestmark = [
    pytest.mark.asterisk,
    pytest.mark.browser,
    pytest.mark.timeout(240),
    pytest.mark.asyncio(loop_scope="session"),
]

FIRST, SECOND, THIRD, FOURTH = (f"+861390360{n}000" for n in range(4))  # stay until hung up
BUSY = "+8613940005001"
AGENT = AgentId("agent-2001")
LATE = timedelta(seconds=5)
"""The dialer looks each second; the rest is for a machine that plays three floors at once."""


async def dial(page: Page, number: str, order: DialOrder) -> None:
    await page.get_by_label("Number", exact=True).fill(number)
    await page.get_by_label("Who first").select_option(order.value)
    await page.get_by_role("button", name="Dial", exact=True).click()


@dataclass(frozen=True, slots=True)
class Seen:
    """What an agent saw of a talk, in seconds: it lasted as long at least, and at most.

    A busy machine shows a talk late and its end late, so one clock of the page is no measure of it.
    """

    least: float
    most: float


async def talk_and_wrap_up(page: Page, asked_at: float) -> Seen:
    """Talk, hang up and say the result; asked_at: when the call was asked for (monotonic)."""
    seen_at = time.monotonic()
    await wait_heard(page, CUSTOMER_HZ)
    await asyncio.sleep(0.5)
    least = time.monotonic() - seen_at
    await page.get_by_role("button", name="Hang up").click()
    await expect(page.locator('[data-state="wrap_up"]')).to_be_visible()
    seen = Seen(least, time.monotonic() - asked_at)
    await page.get_by_label("Interested", exact=True).check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator('[data-state="wrap_up"]')).to_have_count(0)
    return seen


async def test_an_agent_dials_by_hand_and_from_previews_and_keeps_a_callback(
    playwright: Playwright, built_pages: None
) -> None:
    leads = [lead(number) for number in (FIRST, SECOND, THIRD, FOURTH)]
    async with staffed_floor(playwright, *leads) as staff:
        campaigns = CampaignStore(staff.database)
        await campaigns.change(MAIN_CAMPAIGN, CampaignChange(mode=Mode.MANUAL))
        await campaigns.set_status(MAIN_CAMPAIGN, CampaignStatus.RUNNING)
        await staff.hire("li.na", "agent", AGENT)
        page = await staff.browse("li.na", AGENT_HZ)
        await be_ready(page)
        talked = [await by_hand(staff, page, FIRST, DialOrder.AGENT_FIRST)]
        talked.append(await by_hand(staff, page, SECOND, DialOrder.CUSTOMER_FIRST))
        await refused_again(page, FIRST)
        await engaged(page)

        await campaigns.change(MAIN_CAMPAIGN, CampaignChange(mode=Mode.PREVIEW))
        talked.append(await from_previews(page))
        due = await promised(staff, campaigns)
        talked.append(await called_back(page))

        await wait_for_records(staff.database)
        asked = staff.database.with_queries(TEST_QUERIES)
        records = [row for row in await asked.fetch("test_call_records") if row["talk_seconds"]]
        assert [row["agent"] for row in records] == [AGENT] * 4
        assert [row["agent_disposition"] for row in records] == ["interested"] * 4
        for row, seen in zip(records, talked, strict=True):
            assert seen.least <= row["talk_seconds"] <= seen.most
            assert row["valid"] == (row["talk_seconds"] >= 1)
            assert row["effective"] == (row["talk_seconds"] >= 4)
        assert timedelta(0) <= records[3]["dialled_at"] - due < LATE
        report = await reconcile(staff.database, staff.floor.pbx_lab.pbx.cel_ledger)
        assert report.differences == ()
        assert await CallbackStore(staff.database).open() == []
        dialled = Counter(call.number for call in staff.floor.pbx_lab.carrier_calls())
        # Who was engaged may be tried again by the retry rule, once the campaign dials by itself.
        assert dialled.pop(BUSY) in (1, 2)
        assert dialled == dict.fromkeys([FIRST, SECOND, THIRD, FOURTH], 1)


async def by_hand(staff: Staff, page: Page, number: str, order: DialOrder) -> Seen:
    asked_at = time.monotonic()
    await dial(page, number, order)
    await talks(page)
    await expect(page.locator(".lead-name")).to_contain_text(MASKED)
    carrier = staff.floor.pbx_lab.carrier
    assert loudness(await record_at_carrier(carrier, order.value), AGENT_HZ) > LOUD
    seen = await talk_and_wrap_up(page, asked_at)
    await expect(page.locator('[data-state="ready"]')).to_be_visible()
    return seen


async def refused_again(page: Page, number: str) -> None:
    """A lead that was reached is over; the page says why, and nothing is dialled."""
    await dial(page, number, DialOrder.AGENT_FIRST)
    await expect(page.locator('[data-refused="list/answered"]')).to_contain_text("over")


async def engaged(page: Page) -> None:
    """A typed number that is no lead yet is dialled; the result is shown."""
    await dial(page, BUSY, DialOrder.AGENT_FIRST)
    await expect(page.locator('[data-last-result="busy"]')).to_be_visible()
    await expect(page.locator('[data-state="ready"]')).to_be_visible()


async def from_previews(page: Page) -> Seen:
    """Skip the first lead with one key, dial the next with another."""
    shown = page.locator("[data-preview]")
    await expect(shown).to_be_visible()
    first = await shown.get_attribute("data-preview")
    await page.keyboard.press("F7")
    await expect(page.locator(f'[data-preview="{first}"]')).to_have_count(0)
    await expect(shown).to_be_visible()
    asked_at = time.monotonic()
    await page.keyboard.press("F6")
    await talks(page)
    return await talk_and_wrap_up(page, asked_at)


async def promised(staff: Staff, campaigns: CampaignStore) -> datetime:
    """Promise the skipped lead a call in a few seconds, in a campaign that dials by itself."""
    await campaigns.change(MAIN_CAMPAIGN, CampaignChange(mode=Mode.PROGRESSIVE))
    asked = staff.database.with_queries(TEST_QUERIES)
    (row,) = [one for one in await asked.fetch("test_open_leads") if one["phone"] != BUSY]
    due = datetime.now(UTC) + timedelta(seconds=6)
    await CallbackStore(staff.database).promise(row["lead_id"], AGENT, due, "", AGENT)
    await asked.execute("schedule_callback", row["lead_id"], due)
    return due


async def called_back(page: Page) -> Seen:
    asked_at = time.monotonic()
    await talks(page)
    return await talk_and_wrap_up(page, asked_at)
