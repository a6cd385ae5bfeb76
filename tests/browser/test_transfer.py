"""An agent asks a colleague, talks with both, hands the call over: who hears whom is measured."""

import pytest
from playwright.async_api import Playwright, expect

from calls.campaign import CampaignStatus
from cli.demo import wait_for_records
from lab.sample_list import MAIN_CAMPAIGN
from store.campaigns import CampaignStore
from tests.browser.softphone import (
    AGENT_HZ,
    CUSTOMER_HZ,
    LOUD,
    SUPERVISOR_HZ,
    be_ready,
    heard_in_page,
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

PATIENT = "+8613903600000"  # stays until the agent hangs up
COLLEAGUE_HZ = SUPERVISOR_HZ


async def test_a_call_goes_on_over_a_restart_of_callfloor_to_a_colleague_and_to_another(
    playwright: Playwright, built_pages: None
) -> None:
    async with staffed_floor(playwright, lead(PATIENT)) as staff:
        carrier = staff.floor.pbx_lab.carrier
        await staff.hire("li.na", "agent", "agent-2001")
        await staff.hire("wang.bo", "agent", "agent-2002")
        agent = await staff.browse("li.na", AGENT_HZ)
        colleague = await staff.browse("wang.bo", COLLEAGUE_HZ)
        await be_ready(colleague)
        await colleague.keyboard.press("F4")
        await expect(colleague.locator('[data-state="paused"]')).to_be_visible()
        await be_ready(agent)
        await CampaignStore(staff.database).set_status(MAIN_CAMPAIGN, CampaignStatus.RUNNING)
        await talks(agent)
        await wait_heard(agent, CUSTOMER_HZ)

        staff.floor.kill_service()
        await expect(agent.locator('[data-phone="connecting"]')).to_be_visible()
        staff.floor.start_service()
        await expect(agent.locator('[data-phone="registered"]')).to_be_visible(timeout=20_000)
        await talks(agent)
        await wait_heard(agent, CUSTOMER_HZ)
        assert loudness(await record_at_carrier(carrier, "restarted"), AGENT_HZ) > LOUD
        assert len(staff.floor.pbx_lab.carrier_calls()) == 0  # the one call is still up

        hand = agent.get_by_role("group", name="Hand the call over")
        await hand.get_by_label("Colleague").select_option("agent-2002")
        await hand.get_by_role("button", name="Ask first").click()
        await expect(agent.locator('[data-call="held"][data-colleague="ringing"]')).to_be_visible()
        await colleague.get_by_role("button", name="Answer").click()
        await expect(agent.locator('[data-colleague="talking"]')).to_be_visible()
        await wait_heard(agent, COLLEAGUE_HZ)
        await wait_heard(colleague, AGENT_HZ)
        assert (await heard_in_page(colleague, CUSTOMER_HZ))[0] < LOUD
        waiting = await record_at_carrier(carrier, "waiting")
        assert loudness(waiting, AGENT_HZ) < LOUD
        assert loudness(waiting, COLLEAGUE_HZ) < LOUD

        await hand.get_by_role("button", name="All three together").click()
        await expect(agent.locator('[data-colleague="three_way"]')).to_be_visible()
        await wait_heard(agent, CUSTOMER_HZ)
        await wait_heard(colleague, CUSTOMER_HZ)
        await wait_heard(colleague, AGENT_HZ)
        together = await record_at_carrier(carrier, "together")
        assert loudness(together, AGENT_HZ) > LOUD
        assert loudness(together, COLLEAGUE_HZ) > LOUD

        await hand.get_by_role("button", name="Hand over").click()
        await expect(agent.locator('[data-call="none"]')).to_be_visible()
        await expect(agent.locator('[data-state="wrap_up"]')).to_be_visible()
        await wait_heard(colleague, CUSTOMER_HZ)
        handed = await record_at_carrier(carrier, "handed")
        assert loudness(handed, COLLEAGUE_HZ) > LOUD
        assert loudness(handed, AGENT_HZ) < LOUD

        await expect(colleague.locator('[data-call="talking"]')).to_be_visible()
        # No queue gave it this call, and its seat is paused: it talks all the same.
        await expect(colleague.locator('[data-state="talking"]')).to_be_visible()
        back = colleague.get_by_role("group", name="Hand the call over")
        await back.get_by_label("Colleague").select_option("agent-2001")
        await back.get_by_role("button", name="Hand over now").click()
        # The result of the first part is still to be said, so this phone does not answer by itself.
        await agent.get_by_role("button", name="Answer").click()
        await expect(agent.locator('[data-call="talking"]')).to_be_visible()
        await wait_heard(agent, CUSTOMER_HZ)
        await expect(colleague.locator('[data-call="none"]')).to_be_visible()
        assert loudness(await record_at_carrier(carrier, "back"), AGENT_HZ) > LOUD
        # Who handed the customer over says its result while they talk on, and is paused as before.
        await expect(colleague.locator('[data-state="wrap_up"]')).to_be_visible()
        await colleague.get_by_label("Interested", exact=True).check()
        await colleague.get_by_role("button", name="Save").click()
        await expect(colleague.locator('[data-state="paused"]')).to_be_visible()
        await expect(agent.locator('[data-call="talking"]')).to_be_visible()
        await agent.get_by_role("button", name="Hang up").click()

        await wait_for_records(staff.database)
        records = await staff.database.with_queries(TEST_QUERIES).fetch("test_call_records")
        (record,) = [one for one in records if one["direction"] == "outbound"]
        assert record["number"] == PATIENT
        assert len(staff.floor.pbx_lab.carrier_calls()) == 1
