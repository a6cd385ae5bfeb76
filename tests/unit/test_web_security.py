"""What the web side refuses, and what it never says."""

from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.fakes.web_accounts import PASSWORD
from tests.fakes.web_services import HEADERS, QUICK, Ports, get_json, served, sign_in
from web.masking import mask_number

START = "/api/v1/campaigns/spring/start"


@pytest.mark.parametrize(
    ("headers", "body", "status"),
    [
        ({"X-Callfloor": "1"}, b"{}", 400),  # no content type of JSON: a form could send it
        ({"X-Callfloor": "1", "Content-Type": "text/plain"}, b"{}", 400),
        ({"Content-Type": "application/json"}, b"{}", 403),
        (
            {"X-Callfloor": "1", "Content-Type": "application/json", "Origin": "https://evil.test"},
            b"{}",
            403,
        ),
        (
            {"X-Callfloor": "1", "Content-Type": "application/json", "Origin": "null"},
            b"{}",
            403,
        ),
        (
            {
                "X-Callfloor": "1",
                "Content-Type": "application/json",
                "Sec-Fetch-Site": "cross-site",
            },
            b"{}",
            403,
        ),
        ({"X-Callfloor": "1", "Content-Type": "application/json"}, b"{", 400),
        ({"X-Callfloor": "1", "Content-Type": "application/json"}, b'{"more":1}', 400),
        ({"X-Callfloor": "1", "Content-Type": "application/json"}, b"{}", 200),
    ],
)
async def test_a_foreign_page_cannot_change_anything(
    headers: dict[str, str], body: bytes, status: int
) -> None:
    ports = Ports()
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        async with http.post(START, data=body, headers=headers) as response:
            assert response.status == status, await response.text()
        assert len(ports.campaigns.asked) == (status == 200)


async def test_our_own_origin_is_let_through() -> None:
    async with served(Ports().services) as http:
        await sign_in(http, "supervisor")
        own = str(http._base_url).rstrip("/")
        async with http.post(START, json={}, headers={**HEADERS, "Origin": own}) as response:
            assert response.status == 200


async def test_plain_http_pages_cannot_steer_a_tls_site() -> None:
    async with served(Ports().services, replace(QUICK, behind_proxy=True)) as http:
        origin = f"http://{http._base_url.authority}"  # type: ignore[union-attr] # set by served
        headers = {**HEADERS, "X-Forwarded-Proto": "https", "Origin": origin}
        body = {"login": "hr", "password": PASSWORD}
        async with http.post("/api/v1/sign-in", json=body, headers=headers) as response:
            assert response.status == 403


@pytest.mark.parametrize("path", ["/", "/api/v1/me", "/healthz", "/nothing", "/api/v1/nothing"])
async def test_every_answer_tells_the_browser_what_to_refuse(path: str) -> None:
    async with served(Ports().services) as http, http.get(path) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["X-Frame-Options"] == "DENY"
        assert "Strict-Transport-Security" not in response.headers


async def test_tls_is_asked_for_where_it_is_used() -> None:
    async with (
        served(Ports().services, replace(QUICK, behind_proxy=True)) as http,
        http.get("/healthz", headers={"X-Forwarded-Proto": "https"}) as response,
    ):
        assert "max-age" in response.headers["Strict-Transport-Security"]


async def test_an_incident_is_logged_and_its_trace_not_shown() -> None:
    ports = Ports()
    ports.accounts.failure = RuntimeError("secret detail")
    async with served(ports.services) as http:
        await http.post("/api/v1/sign-in", json={}, headers=HEADERS)
        with capture_logs() as logs:
            body = {"login": "hr", "password": PASSWORD}
            async with http.post("/api/v1/sign-in", json=body, headers=HEADERS) as response:
                assert response.status == 500
                said = await response.json()
    assert said["error_id"] == "internal-error"
    assert "secret" not in str(said)
    (line,) = [entry for entry in logs if entry["event"] == "request_failed"]
    assert line["incident"] == said["incident"]
    assert line["exc_info"]


async def test_errors_of_pages_can_be_read_by_people() -> None:
    async with served(Ports().services) as http, http.get("/<script>") as response:
        assert response.status == 404
        assert response.content_type == "text/html"
        text = await response.text()
    assert "Not Found" in text
    assert "<script" not in text


@pytest.mark.parametrize(
    ("method", "path", "status", "error_id"),
    [
        ("GET", "/api/v1/nothing", 404, "not-found"),
        ("DELETE", "/api/v1/me", 405, "method-not-allowed"),
        ("GET", "/api/v1/sign-in", 405, "method-not-allowed"),
    ],
)
async def test_errors_of_the_api_have_an_id(
    method: str, path: str, status: int, error_id: str
) -> None:
    async with served(Ports().services) as http, http.request(method, path) as response:
        assert response.status == status
        assert (await response.json())["error_id"] == error_id


async def test_a_body_that_is_too_large_is_refused() -> None:
    async with served(Ports().services) as http:
        body = {"login": "x" * 200_000, "password": "y"}
        async with http.post("/api/v1/sign-in", json=body, headers=HEADERS) as response:
            assert response.status == 413


@pytest.mark.parametrize(
    "name", ["../index.html", "%2e%2e/index.html", ".sources", "..%2f.sources"]
)
async def test_assets_are_files_of_their_folder_only(name: str, tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    async with (
        served(Ports().services, replace(QUICK, pages=tmp_path)) as http,
        http.get(f"/assets/{name}") as response,
    ):
        assert response.status in (404, 503)


async def test_pages_that_are_not_built_say_how_to_build_them(tmp_path: Path) -> None:
    async with (
        served(Ports().services, replace(QUICK, pages=tmp_path)) as http,
        http.get("/") as response,
    ):
        assert response.status == 503
        assert "bin/build-pages" in await response.text()


async def test_readiness_names_what_is_missing() -> None:
    ports = Ports()
    async with served(ports.services) as http:
        assert (await get_json(http, "/readyz"))["ok"] is True
        ports.health.items[1] = replace(ports.health.items[1], ok=False, detail="no AMI link")
        said = await get_json(http, "/readyz", 503)
        assert said["parts"][1] == {"name": "asterisk", "ok": False, "detail": "no AMI link"}
        assert (await get_json(http, "/healthz"))["ok"] is True


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+8613912341234", "+86139****1234"),
        ("13912341234", "139****1234"),
        ("+12025550123", "+120****0123"),
        ("075512345678", "0755****5678"),
        ("110", "****10"),
        ("12345678", "****78"),
        ("123456789", "1****6789"),
        ("", ""),
        ("anonymous", "****"),
        ("sip:13912341234@host", "****"),
    ],
)
def test_numbers_are_masked(number: str, shown: str) -> None:
    assert mask_number(number) == shown
