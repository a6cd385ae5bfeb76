"""How the web side is run."""

import ssl
from dataclasses import dataclass
from pathlib import Path

from config import timeouts
from web.request_limit import REQUEST_BURST, REQUESTS_PER_SECOND

PAGES = Path(__file__).parent / "pages" / "dist"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """Where to listen and how to treat browsers.

    port: 0 takes a free one. behind_proxy: a reverse proxy on the same machine or network sets
    X-Forwarded-For and X-Forwarded-Proto, and nobody else can reach the port. ssl_context: serve
    TLS ourselves. pages: the built pages.
    sip_url: Asterisk's WebSocket for SIP, as this process reaches it.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    behind_proxy: bool = False
    ssl_context: ssl.SSLContext | None = None
    pages: Path = PAGES
    requests_per_second: float = REQUESTS_PER_SECOND
    request_burst: float = REQUEST_BURST
    sip_url: str = "ws://127.0.0.1:8088/ws"
    session_seconds: float = timeouts.SESSION_SECONDS
    live_push_seconds: float = timeouts.LIVE_PUSH_SECONDS
    live_tick_seconds: float = timeouts.LIVE_TICK_SECONDS
    live_send_seconds: float = timeouts.LIVE_SEND_SECONDS
    campaigns_poll_seconds: float = timeouts.CAMPAIGNS_POLL_SECONDS
    session_recheck_seconds: float = timeouts.SESSION_RECHECK_SECONDS
