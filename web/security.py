"""What browsers are told to refuse, and which requests we refuse ourselves."""

from ipaddress import ip_address
from urllib.parse import urlsplit

from aiohttp import web

from web.errors import BadRequest, ForeignOrigin
from web.settings import WebSettings

CSRF_HEADER = "X-Callfloor"
"""Any value will do: a foreign page cannot send a header of its own without our consent."""

_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "media-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Server": "Callfloor",
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
}
_PROXY_HEADERS = ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via")


def add_security_headers(response: web.StreamResponse, *, secure: bool) -> None:
    """Tell the browser what this page never does."""
    for name, value in _HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Cache-Control", "no-store")
    if secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def is_secure(request: web.Request, settings: WebSettings) -> bool:
    """Whether the browser reached us by TLS, at our port or at the proxy."""
    if settings.behind_proxy:
        return request.headers.get("X-Forwarded-Proto", "").lower() == "https"
    return request.secure


def client_address(request: web.Request, settings: WebSettings) -> str:
    """Return the address that counts for limits: the peer, or whom our proxy names last."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.behind_proxy else ""
    return forwarded.rpartition(",")[2].strip() or request.remote or "unknown"


def is_from_this_machine(request: web.Request) -> bool:
    """Whether the peer is this machine itself and forwards for nobody."""
    if any(name in request.headers for name in _PROXY_HEADERS):
        return False
    try:
        return ip_address(request.remote or "").is_loopback
    except ValueError:
        return False


def check_origin(request: web.Request, settings: WebSettings) -> None:
    """Raise ForeignOrigin if a page of somebody else made the browser send this."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise ForeignOrigin
    origin = request.headers.get("Origin")
    if origin is None:
        return  # no browser: they send it with every POST and WebSocket
    parts = urlsplit(origin)
    # A proxy may have ended TLS without saying so: https from our own host is always ours.
    schemes = ("https",) if is_secure(request, settings) else ("https", "http")
    if parts.netloc != request.host or parts.scheme not in schemes:
        raise ForeignOrigin


def check_state_change(request: web.Request, settings: WebSettings) -> None:
    """Refuse what a form or script on a foreign page could send with our cookie."""
    check_origin(request, settings)
    if CSRF_HEADER not in request.headers:
        raise ForeignOrigin(f"the header {CSRF_HEADER} is missing")
    if request.content_type != "application/json":
        raise BadRequest("the body must be application/json")
