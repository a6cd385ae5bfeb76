"""Names made of script tags and event handlers are text on every page of a real browser."""

from uuid import UUID

import psycopg
import pytest
from playwright.async_api import BrowserContext, Page, expect

from calls import facts
from calls.ids import AgentId
from store.accounts import Account, Role
from tests.browser.busy_floor import talk
from tests.browser.conftest import Console, Site
from tests.browser.test_accessibility import LOGINS, enter
from tests.fakes.web_accounts import PASSWORD_HASH
from tests.fakes.web_services import QUEUE, now

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.asyncio(loop_scope="session"),
]

CALL = UUID("5f0c2c1e-0000-4000-8000-00000000beef")
FIELDS = (
    "company", "contact", "industry", "chain_role", "province", "city", "need", "supply", "remark",
)  # fmt: skip


def nasty(where: str) -> str:
    """A name that says where it ran, if it runs."""
    return (
        f"<script>window.ran='{where}'</script>"
        f"<img src=x onerror=\"window.ran='{where}'\">"
        f"\"' autofocus onfocus=window.ran='{where}' x='"
    )


def record(url: str) -> None:
    """Put the names wherever a name can be: a lead, its call, the agent, its last call's note."""
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE campaign, lead, lead_state, attempt, call_wrap_up CASCADE")
        connection.execute("UPDATE agent SET name = %s", (nasty("agent"),))
        row = connection.execute(
            "INSERT INTO campaign (name) VALUES ('spring') RETURNING campaign_id"
        ).fetchone()
        assert row is not None
        lead = connection.execute(
            "INSERT INTO lead (campaign_id, phone, company, contact, industry, chain_role,"
            " province, city, need, supply, remark)"
            " VALUES (%s, '+8613912341234', %s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING lead_id",
            (row[0], *(nasty(field) for field in FIELDS)),
        ).fetchone()
        assert lead is not None
        connection.execute(
            "INSERT INTO lead_state (lead_id, campaign_id, time_zone)"
            " VALUES (%s, %s, 'Asia/Shanghai')",
            (lead[0], row[0]),
        )
        connection.execute(
            "INSERT INTO attempt (attempt_id, lead_id, campaign_id, number, trunk, caller_id,"
            " ring_seconds, planned_at)"
            " VALUES (%s, %s, %s, '+8613912341234', 'carrier', '', 30, now())",
            (CALL, lead[0], row[0]),
        )
        connection.execute(
            "INSERT INTO call (call_id, attempt_id, lead_id, region, linkedid, campaign, direction,"
            " number, agent, network_result, dialled_at, answered_at, ended_at, talk_seconds,"
            " answered, abandoned, valid, effective, rule_version)"
            " VALUES (%s, %s, %s, %s, 'x', 'spring', 'outbound', '+8613912341234', 'agent-1001',"
            " 'answered', now(), now(), now(), 200, true, false, true, true, 'standard-1')",
            (str(CALL), CALL, lead[0], nasty("region")),
        )
        connection.execute(
            "INSERT INTO call_wrap_up (call_id, agent_id, disposition, note)"
            " VALUES (%s, 'agent-1001', 'interested', %s)",
            (str(CALL), nasty("note")),
        )


async def test_a_name_like_a_script_is_text_on_every_page(
    context: BrowserContext, page: Page, site: Site, console: Console
) -> None:
    console.expected.append("status of 404")  # this agent has no phone in the page
    await site.services.accounts.add(Account("operations", Role.OPERATIONS), PASSWORD_HASH)
    record(site.database_url)
    site.floor.sign_in("agent-1001", nasty("seat"))
    site.floor.sign_in("agent-1002", "Wang Fang")
    paused = facts.AgentPaused(now(), AgentId("agent-1002"), QUEUE, True, nasty("pause")[:79])
    site.floor.apply(paused)
    site.floor.plan(str(CALL), "+8613912341234", "spring")
    talk(site.floor, AgentId("agent-1001"), str(CALL), now())
    seen: dict[str, str] = {}
    for name in LOGINS:
        await enter(page, site, name)
        if name == "report":
            await page.locator("tr[data-region] button").click()
            await expect(page.locator(f'tr[data-call-line="{CALL}"]')).to_be_visible()
        seen[name] = await page.locator("main").inner_text()
        assert await page.evaluate("window.ran ?? 'nothing'") == "nothing", name
        assert await page.locator("main script, main img").count() == 0, name
    for field in ("company", "contact", "remark", "province"):
        assert f"<script>window.ran='{field}'" in seen["desk"], field
    assert "<script>window.ran='seat'" in seen["floor"]
    for field in ("agent", "company", "contact", "region", "note"):
        assert f"<script>window.ran='{field}'" in seen["calls"], field
    assert "<script>window.ran='pause'" in seen["floor"]
    for field in ("agent", "company", "region"):
        assert f"<script>window.ran='{field}'" in seen["report"], field
