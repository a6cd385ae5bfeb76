"""What programs ask: description, health, figures."""

from aiohttp import web
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from web.api.answers import answer
from web.keys import METRICS, OPENAPI, SERVICES
from web.schemas import HealthPart, HealthReport


async def openapi(request: web.Request) -> web.Response:
    """Return the description of this API."""
    return web.Response(body=request.app[OPENAPI], content_type="application/json")


async def healthz(request: web.Request) -> web.Response:
    """Say that the process answers."""
    return answer(HealthReport(ok=True, parts=[]))


async def readyz(request: web.Request) -> web.Response:
    """Say whether every part is there; 503 if one is not."""
    items = await request.app[SERVICES].health.check()
    report = HealthReport(
        ok=all(item.ok for item in items),
        parts=[HealthPart(item.name, item.ok, item.detail) for item in items],
    )
    return answer(report, 200 if report.ok else 503)


async def metrics(request: web.Request) -> web.Response:
    """Return the figures for Prometheus."""
    body = generate_latest(request.app[METRICS].registry)
    return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})
