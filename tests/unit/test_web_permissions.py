"""Every route with every role, anonymous included, against a table written down by hand."""

import pytest
from aiohttp import ClientSession

from store.accounts import Role
from tests.fakes.web_services import HEADERS, Ports, served, sign_in
from web.permissions import PERMISSIONS, RouteName, may_use, routes_of
from web.routes import ROUTES

ALL: set[str | None] = {role.value for role in Role}
LEADERS = {"leader", "supervisor"}
WATCHERS = {"leader", "supervisor", "operations"}
# route -> method, path, who may (None: nobody signed in)
EXPECTED: dict[str, tuple[str, str, set[str | None]]] = {
    "sign_in": ("POST", "/api/v1/sign-in", {None, *ALL}),
    "sign_out": ("POST", "/api/v1/sign-out", {*ALL}),
    "me": ("GET", "/api/v1/me", {*ALL}),
    "session": ("GET", "/api/v1/session", {None, *ALL}),
    "password": ("POST", "/api/v1/password", {*ALL}),
    "sessions": ("GET", "/api/v1/sessions", {*ALL}),
    "session_revoke": ("POST", f"/api/v1/sessions/{'0' * 24}/revoke", {*ALL}),
    "totp_begin": ("POST", "/api/v1/second-factor/begin", {*ALL}),
    "totp_confirm": ("POST", "/api/v1/second-factor/confirm", {*ALL}),
    "totp_remove": ("POST", "/api/v1/second-factor/remove", {*ALL}),
    "accounts": ("GET", "/api/v1/accounts", {"operations"}),
    "account_add": ("POST", "/api/v1/accounts", {"operations"}),
    "account_revoke": ("POST", "/api/v1/accounts/no.such/revoke", {"operations"}),
    "audit": ("GET", "/api/v1/audit", {"operations"}),
    "desk": ("GET", "/api/v1/desk", {"agent"}),
    "desk_live": ("GET", "/api/v1/desk/live", {"agent"}),
    "desk_phone": ("GET", "/api/v1/desk/phone", {"agent", *LEADERS}),
    "desk_sip": ("GET", "/api/v1/desk/sip", {"agent", *LEADERS}),
    "desk_dialog": ("POST", "/api/v1/desk/dialog", {"agent"}),
    "desk_ready": ("POST", "/api/v1/desk/ready", {"agent"}),
    "desk_pause": ("POST", "/api/v1/desk/pause", {"agent"}),
    "desk_sign_out": ("POST", "/api/v1/desk/sign-out", {"agent"}),
    "desk_wrap_up": ("POST", "/api/v1/desk/wrap-up", {"agent"}),
    "desk_callbacks": ("GET", "/api/v1/desk/callbacks", {"agent"}),
    "desk_dialing": ("GET", "/api/v1/desk/dialing", {"agent"}),
    "desk_dial": ("POST", "/api/v1/desk/dial", {"agent"}),
    "desk_preview": ("POST", "/api/v1/desk/preview", {"agent"}),
    "desk_hang_up": ("POST", "/api/v1/desk/hang-up", {"agent"}),
    "callbacks": ("GET", "/api/v1/callbacks", {*WATCHERS}),
    "callbacks_assign": ("POST", "/api/v1/callbacks/assign", {*LEADERS}),
    "desk_colleagues": ("GET", "/api/v1/desk/colleagues", {"agent"}),
    "seat_pause": ("POST", "/api/v1/agents/agent-1001/pause", {*LEADERS}),
    "seat_resume": ("POST", "/api/v1/agents/agent-1001/resume", {*LEADERS}),
    "seat_sign_out": ("POST", "/api/v1/agents/agent-1001/sign-out", {*LEADERS}),
    "seat_move": ("POST", "/api/v1/agents/agent-1001/move", {*LEADERS}),
    "queues": ("GET", "/api/v1/queues", {*LEADERS}),
    "lines": ("GET", "/api/v1/lines", {*WATCHERS}),
    "listen": ("POST", "/api/v1/agents/agent-1001/listen", {*LEADERS}),
    "take_over": ("POST", "/api/v1/agents/agent-1001/take-over", {*LEADERS}),
    "call_end": ("POST", "/api/v1/calls/call-1/end", {"supervisor"}),
    "live": ("GET", "/api/v1/live", {*WATCHERS}),
    "floor": ("GET", "/api/v1/floor", {*WATCHERS}),
    "campaigns": ("GET", "/api/v1/campaigns", {*WATCHERS, "client"}),
    "campaign_start": ("POST", "/api/v1/campaigns/spring/start", {"supervisor"}),
    "campaign_pause": ("POST", "/api/v1/campaigns/spring/pause", {"supervisor"}),
    "campaign_stop": ("POST", "/api/v1/campaigns/spring/stop", {"supervisor"}),
    "campaign_change": ("POST", "/api/v1/campaigns/spring/change", {"supervisor"}),
    "agent_day": (
        "GET",
        "/api/v1/reports/agent-day?day=2026-11-22",
        {"agent", "leader", "supervisor", "hr", "operations"},
    ),
    "pictures": ("GET", "/api/v1/reports/pictures", {*ALL} - {"customer"}),
    "calls": ("GET", "/api/v1/reports/calls", {*ALL} - {"customer", "hr"}),
    "call_choices": ("GET", "/api/v1/reports/call-choices", {*ALL} - {"customer", "hr"}),
    "report_by": ("GET", "/api/v1/reports/by/agent", {*ALL} - {"customer"}),
    "recording": ("GET", "/api/v1/calls/call-1/recording", {"agent", *LEADERS}),
    "recording_play": ("GET", "/api/v1/calls/call-1/recording/play", {"agent", *LEADERS}),
    "recording_download": ("GET", "/api/v1/calls/call-1/recording/download", {"supervisor"}),
    "script": ("GET", "/api/v1/campaigns/spring/script", {"agent", *WATCHERS}),
    "script_save": ("POST", "/api/v1/campaigns/spring/script", {"supervisor"}),
    "why": ("GET", "/api/v1/why?campaign=spring", {*WATCHERS}),
    "openapi": ("GET", "/api/openapi.json", {None, *ALL}),
    "healthz": ("GET", "/healthz", {None, *ALL}),
    "readyz": ("GET", "/readyz", {None, *ALL}),
    # None would be served from this machine itself; the requests here come by a proxy.
    "metrics": ("GET", "/metrics", {"operations"}),
    "page": ("GET", "/floor", {None, *ALL}),
    "asset": ("GET", "/assets/no-such.js", {None, *ALL}),
}


async def _status(http: ClientSession, method: str, path: str) -> int:
    headers = {**HEADERS, "X-Forwarded-For": "203.0.113.9"}
    body: dict[str, str] | None = {} if method == "POST" else None
    async with http.request(method, path, json=body, headers=headers) as response:
        return response.status


def test_the_table_here_names_every_route() -> None:
    assert {route.name.value for route in ROUTES} == set(EXPECTED)
    assert set(PERMISSIONS) == set(RouteName)
    assert len({route.name for route in ROUTES}) == len(ROUTES)


@pytest.mark.parametrize("role", [None, *(role.value for role in Role)])
async def test_each_route_lets_in_who_it_should(role: str | None) -> None:
    async with served(Ports().services) as http:
        if role is not None:
            assert await sign_in(http, role) == 200
        # Signing out comes last: it ends the session of the others.
        for name in sorted(EXPECTED, key=lambda name: name == "sign_out"):
            method, path, allowed = EXPECTED[name]
            status = await _status(http, method, path)
            if role in allowed:
                assert status not in (401, 403), (name, status)
            else:
                assert status == (401 if role is None else 403), (name, status)


async def test_metrics_are_open_to_this_machine_only() -> None:
    async with served(Ports().services) as http:
        async with http.get("/metrics") as response:
            assert response.status == 200
            assert "callfloor_floor_known 0.0" in await response.text()
        assert await _status(http, "GET", "/metrics") == 401


@pytest.mark.parametrize("role", [None, *Role])
def test_what_the_table_does_not_name_is_denied(role: Role | None) -> None:
    assert not may_use("something_new", role, from_this_machine=True)


def test_a_role_is_told_what_it_may_use() -> None:
    assert RouteName.CAMPAIGN_STOP in routes_of(Role.SUPERVISOR)
    assert RouteName.CAMPAIGN_STOP not in routes_of(Role.LEADER)
    assert RouteName.FLOOR not in routes_of(Role.AGENT)
