"""Sessions that can be ended, the second factor, the audit log, tenants, and the rate limit."""

import time
from dataclasses import replace

import pyotp
import pytest

from calls.campaign import CampaignStatus
from calls.ids import AgentId
from config.timeouts import TOTP_STEP_SECONDS
from store.accounts import Account, Role
from store.errors import DatabaseUnreachable
from store.organisations import Owners
from tests.fakes.web_accounts import PASSWORD
from tests.fakes.web_figures import counters
from tests.fakes.web_services import (
    HEADERS,
    QUICK,
    Ports,
    client,
    get_json,
    post_json,
    served,
    sign_in,
)
from web.request_limit import RequestLimit
from web.second_factor import step_of
from web.tenancy import Tenancy


async def test_a_session_ended_from_another_browser_is_over() -> None:
    ports = Ports()
    async with served(ports.services) as http, client(str(http._base_url)) as other:
        await sign_in(http, "leader")
        await sign_in(other, "leader")
        listed = (await get_json(http, "/api/v1/sessions"))["sessions"]
        (stranger,) = [one["session_id"] for one in listed if not one["is_this"]]
        await post_json(http, f"/api/v1/sessions/{stranger}/revoke", {})
        await get_json(other, "/api/v1/me", 401)
        await get_json(http, "/api/v1/me")


async def test_nobody_ends_a_session_of_somebody_else() -> None:
    ports = Ports()
    async with served(ports.services) as http, client(str(http._base_url)) as other:
        await sign_in(http, "leader")
        await sign_in(other, "supervisor")
        (session,) = (await get_json(http, "/api/v1/sessions"))["sessions"]
        await post_json(other, f"/api/v1/sessions/{session['session_id']}/revoke", {}, 404)
        await get_json(http, "/api/v1/me")


async def test_a_second_factor_is_asked_for_and_each_code_works_once() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "hr")
        offer = await post_json(http, "/api/v1/second-factor/begin", {})
        assert offer["uri"].startswith("otpauth://totp/Callfloor:hr?")
        totp = pyotp.TOTP(offer["secret"])
        now = time.time()
        code = totp.at(now)
        await post_json(http, "/api/v1/second-factor/confirm", {"code": code})
        again = {"login": "hr", "password": PASSWORD}
        said = await post_json(http, "/api/v1/sign-in", again, 401)
        assert said["error_id"] == "code-needed"
        said = await post_json(http, "/api/v1/sign-in", {**again, "code": code}, 401)
        assert said["error_id"] == "wrong-code"
        later = {**again, "code": totp.at(now + TOTP_STEP_SECONDS)}
        await post_json(http, "/api/v1/sign-in", later)


async def test_a_second_factor_in_use_is_not_replaced_without_a_code() -> None:
    ports = Ports()
    ports.accounts.secrets["hr"] = pyotp.random_base32()
    async with served(ports.services) as http:
        body = {"login": "hr", "password": PASSWORD}
        code = pyotp.TOTP(ports.accounts.secrets["hr"]).now()
        await post_json(http, "/api/v1/sign-in", {**body, "code": code})
        await post_json(http, "/api/v1/second-factor/begin", {}, 409)
        await post_json(http, "/api/v1/second-factor/remove", {"code": "000000"}, 401)
        assert "hr" in ports.accounts.secrets


async def test_codes_cannot_be_guessed_in_peace() -> None:
    ports = Ports()
    ports.accounts.secrets["hr"] = pyotp.random_base32()
    async with served(ports.services) as http:
        body = {"login": "hr", "password": PASSWORD, "code": "000000"}
        statuses = []
        for _ in range(7):
            async with http.post("/api/v1/sign-in", json=body, headers=HEADERS) as response:
                statuses.append(response.status)
    assert statuses[-1] == 429


@pytest.mark.parametrize(
    ("offset", "expected"), [(-60, None), (-30, -1), (0, 0), (30, 1), (60, None)]
)
def test_a_telephone_may_be_half_a_minute_off(offset: int, expected: int | None) -> None:
    secret, now = pyotp.random_base32(), 1_700_000_010
    step = step_of(secret, pyotp.TOTP(secret).at(now + offset), now)
    assert step == (None if expected is None else now // TOTP_STEP_SECONDS + expected)


async def test_an_act_is_written_down_before_it_is_done_with_its_outcome() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        await post_json(http, "/api/v1/campaigns/spring/pause", {})
        await post_json(http, "/api/v1/campaigns/no-such/pause", {}, 404)
        await get_json(http, "/api/v1/audit", 403)
    lines = [
        (a.action, a.subject, ports.audit.statuses[n]) for n, a in enumerate(ports.audit.acts, 1)
    ]
    assert lines == [
        ("sign_in", "", 200),
        ("campaign_pause", "spring", 200),
        ("campaign_pause", "no-such", 404),
        ("audit", "", 403),
    ]


async def test_what_cannot_be_written_down_is_not_done() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        ports.audit.failure = DatabaseUnreachable("away")
        await post_json(http, "/api/v1/campaigns/spring/stop", {}, 503)
    assert ports.campaigns.asked == []


async def test_no_body_reaches_the_audit_log() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "operations")
        body = {"login": "new.one", "password": "a very long secret", "role": "leader"}
        await post_json(http, "/api/v1/accounts", body)
        listed = await get_json(http, "/api/v1/audit")
    assert "secret" not in str(ports.audit.acts)
    assert [line["action"] for line in listed["lines"]] == ["audit", "account_add", "sign_in"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"login": "li.wei", "password": "long enough for it", "role": "leader"}, 200),
        ({"login": "hr", "password": "long enough for it", "role": "leader"}, 409),
        ({"login": "li.wei", "password": "short", "role": "leader"}, 400),
        ({"login": "Li Wei", "password": "long enough for it", "role": "leader"}, 400),
        ({"login": "li.wei", "password": "long enough for it", "role": "king"}, 400),
        ({"login": "li.wei", "password": "long enough for it", "role": "agent"}, 400),
    ],
)
async def test_an_account_is_added_only_when_it_is_whole(body: dict[str, str], status: int) -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "operations")
        await post_json(http, "/api/v1/accounts", body, status)


def _two_tenants() -> Ports:
    ports = Ports()
    other = Account("chief", Role.SUPERVISOR, None, "acme")
    ports.accounts.accounts["chief"] = other
    ports.owners.now = Owners(
        campaigns={"spring": "main", "autumn": "acme"},
        agents={"agent-1001": "main", "agent-2001": "acme"},
        clients={"client": frozenset({"spring"})},
    )
    ports.floor.know()
    ports.floor.sign_in("agent-1001", "Li Wei")
    ports.floor.sign_in("agent-2001", "Wang Fang")
    ports.floor.plan("call-1", "+8613912341234", "spring")
    ports.floor.plan("call-2", "+8613955556666", "autumn")
    return ports


@pytest.mark.parametrize(
    ("login", "campaigns", "agents", "calls"),
    [
        ("supervisor", ["spring"], ["agent-1001"], ["call-1"]),
        ("chief", ["autumn"], ["agent-2001"], ["call-2"]),
    ],
)
async def test_an_organisation_sees_its_own_only(
    login: str, campaigns: list[str], agents: list[str], calls: list[str]
) -> None:
    async with served(_two_tenants().services) as http:
        await sign_in(http, login)
        floor = await get_json(http, "/api/v1/floor")
        listed = await get_json(http, "/api/v1/campaigns")
        async with http.ws_connect("/api/v1/live", headers=HEADERS) as socket:
            live = [await socket.receive_json() for _ in range(2)]
    assert [one["name"] for one in listed["campaigns"]] == campaigns
    assert [one["agent"] for one in floor["agents"]] == agents
    assert [one["call"] for one in floor["calls"]] == calls
    told = {one["type"]: one for one in live}
    assert [one["call"] for one in told["floor"]["calls"]] == calls
    assert [one["name"] for one in told["campaigns"]["campaigns"]] == campaigns


async def test_changes_reach_only_the_organisation_that_they_belong_to() -> None:
    ports = _two_tenants()
    async with served(ports.services) as http:
        await sign_in(http, "chief")
        async with http.ws_connect("/api/v1/live", headers=HEADERS) as socket:
            ports.floor.plan("call-3", "+8613912340000", "spring")
            ports.floor.plan("call-4", "+8613912340001", "autumn")
            seen: set[str] = set()
            while "call-4" not in seen:
                seen |= {call["call"] for call in (await socket.receive_json()).get("calls", [])}
    assert "call-3" not in seen


async def test_a_campaign_of_another_organisation_is_as_if_it_were_not() -> None:
    ports = _two_tenants()
    async with served(ports.services) as http:
        await sign_in(http, "chief")
        said = await post_json(http, "/api/v1/campaigns/spring/stop", {}, 404)
        assert said["error_id"] == "no-such-campaign"
    assert ports.campaigns.asked == []


async def test_a_client_sees_the_campaigns_granted_to_it_and_no_agent() -> None:
    ports = _two_tenants()
    ports.campaigns.by_name["third"] = counters("third", CampaignStatus.RUNNING)
    async with served(ports.services) as http:
        await sign_in(http, "client")
        listed = await get_json(http, "/api/v1/campaigns")
        await get_json(http, "/api/v1/floor", 403)
    assert [one["name"] for one in listed["campaigns"]] == ["spring"]


async def test_what_nobody_owns_belongs_to_the_main_organisation() -> None:
    tenancy = Tenancy(Ports().owners)
    stranger = Account("chief", Role.SUPERVISOR, None, "acme")
    main = replace(stranger, organisation="main")
    assert tenancy.sees_agent(main, AgentId("agent-9"))
    assert not tenancy.sees_agent(stranger, AgentId("agent-9"))


def test_a_caller_who_asks_too_often_waits_and_is_served_again() -> None:
    limit = RequestLimit(per_second=2, burst=3)
    assert [limit.take("a", 0) for _ in range(3)] == [0, 0, 0]
    assert limit.take("a", 0) == pytest.approx(0.5)
    assert limit.take("b", 0) == 0
    assert limit.take("a", 0.5) == 0
    assert limit.take("a", 100) == 0


async def test_a_flood_of_requests_is_answered_with_429() -> None:
    slow = replace(QUICK, requests_per_second=0.001, request_burst=10)
    async with served(Ports().services, slow) as http:
        await sign_in(http, "leader")
        for _ in range(10):
            await get_json(http, "/api/v1/me")
        async with http.get("/api/v1/me") as response:
            assert response.status == 429
            assert int(response.headers["Retry-After"]) > 1
        async with http.get("/healthz") as response:
            assert response.status == 200
