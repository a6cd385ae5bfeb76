"""The application: everything of the web side put together on the given ports."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
from aiohttp import web
from argon2 import PasswordHasher
from prometheus_client import CollectorRegistry

from config import timeouts
from web import limits
from web.desks import DeskHub
from web.errors import error_middleware
from web.guard import guard_middleware
from web.hub import LiveHub
from web.keys import (
    DESKS,
    HUB,
    METRICS,
    OPENAPI,
    PASSWORDS,
    REQUEST_LIMIT,
    SERVICES,
    SETTINGS,
    SIGN_IN_LIMIT,
    TENANCY,
)
from web.metrics import Metrics, metrics_middleware
from web.openapi import describe
from web.passwords import Passwords
from web.ports import WebServices
from web.request_limit import RequestLimit
from web.routes import add_routes
from web.security import add_security_headers, is_secure
from web.settings import WebSettings
from web.sign_in_limit import SignInLimit
from web.tenancy import Tenancy


def create_app(
    services: WebServices,
    settings: WebSettings | None = None,
    *,
    registry: CollectorRegistry | None = None,
    hasher: PasswordHasher | None = None,
) -> web.Application:
    """Build the application. registry: where other parts keep their figures, too."""
    settings = settings or WebSettings()
    metrics = Metrics(services.floor, registry)
    app = web.Application(
        middlewares=[metrics_middleware(metrics), error_middleware, guard_middleware],
        client_max_size=limits.REQUEST_BODY_BYTES,
    )
    app[SERVICES] = services
    app[SETTINGS] = settings
    app[METRICS] = metrics
    app[PASSWORDS] = Passwords(hasher)
    app[SIGN_IN_LIMIT] = SignInLimit()
    app[REQUEST_LIMIT] = RequestLimit(settings.requests_per_second, settings.request_burst)
    app[TENANCY] = tenancy = Tenancy(services.owners)
    app[OPENAPI] = msgspec.json.encode(describe())
    app[HUB] = LiveHub(services.floor, services.campaigns, settings, metrics, tenancy)
    app[DESKS] = DeskHub(services, tenancy)
    add_routes(app)
    app.on_response_prepare.append(_protect)
    app.on_shutdown.append(_close_live_pages)
    app.cleanup_ctx.append(_run_hub)
    return app


async def _protect(request: web.Request, response: web.StreamResponse) -> None:
    add_security_headers(response, secure=is_secure(request, request.app[SETTINGS]))


async def _close_live_pages(app: web.Application) -> None:
    app[HUB].close()
    app[DESKS].close()


async def _run_hub(app: web.Application) -> AsyncIterator[None]:
    tasks = (
        asyncio.create_task(app[HUB].run(), name="live-hub"),
        asyncio.create_task(app[DESKS].run(), name="desk-hub"),
    )
    yield
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task


@asynccontextmanager
async def serving(
    services: WebServices,
    settings: WebSettings,
    *,
    registry: CollectorRegistry | None = None,
    hasher: PasswordHasher | None = None,
) -> AsyncIterator[str]:
    """Serve until the block ends; yields the address, e.g. `http://127.0.0.1:8080`."""
    app = create_app(services, settings, registry=registry, hasher=hasher)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=timeouts.WEB_SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        site = web.TCPSite(
            runner,
            settings.host,
            settings.port,
            ssl_context=settings.ssl_context,
            backlog=limits.ACCEPT_BACKLOG,
        )
        await site.start()
        port: int = runner.addresses[0][1]
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        yield f"{'https' if settings.ssl_context else 'http'}://{host}:{port}"
    finally:
        await runner.cleanup()
