"""Errors of the API: each kind has an `error_id`; nobody outside ever sees a stack trace."""

import html
import re
import secrets
from http import HTTPStatus

import msgspec
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from store.errors import DatabaseUnreachable
from web.schemas import ErrorBody

_log = structlog.get_logger(__name__)


_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")


class ApiError(Exception):
    """Root: a request that is answered with an error. The docstring is the default message.

    status: given in the class line. error_id: the class's name in small letters with hyphens.
    """

    status: HTTPStatus = HTTPStatus.BAD_REQUEST
    error_id: str = "bad-request"

    def __init_subclass__(cls, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> None:
        cls.status = status
        cls.error_id = _CAPITAL.sub("-", cls.__name__).lower()

    def __init__(self, message: str = "", *, retry_after: float | None = None) -> None:
        self.message = message or (type(self).__doc__ or "").strip()
        self.retry_after = retry_after
        super().__init__(self.message)


class BadRequest(ApiError):
    """The request is not understood."""


class NotSignedIn(ApiError, status=HTTPStatus.UNAUTHORIZED):
    """Please sign in."""


class WrongPassword(ApiError, status=HTTPStatus.UNAUTHORIZED):
    """Login or password is wrong."""


class CodeNeeded(ApiError, status=HTTPStatus.UNAUTHORIZED):
    """The code of the second factor is needed."""


class WrongCode(ApiError, status=HTTPStatus.UNAUTHORIZED):
    """The code is wrong, or was used before."""


class NotAllowed(ApiError, status=HTTPStatus.FORBIDDEN):
    """Your role may not do this."""


class ForeignOrigin(ApiError, status=HTTPStatus.FORBIDDEN):
    """The request does not come from our own pages."""


class NoSuchCampaign(ApiError, status=HTTPStatus.NOT_FOUND):
    """There is no campaign of this name."""


class NotFound(ApiError, status=HTTPStatus.NOT_FOUND):
    """There is no such thing here."""


class NoSuchRecording(ApiError, status=HTTPStatus.NOT_FOUND):
    """This call has no recording."""


class RecordingGone(ApiError, status=HTTPStatus.GONE):
    """The recording was removed by rule."""


class RecordingChanged(ApiError, status=HTTPStatus.CONFLICT):
    """The file is not what was recorded."""


class Conflict(ApiError, status=HTTPStatus.CONFLICT):
    """This does not fit what is there already."""


class TooManyRequests(ApiError, status=HTTPStatus.TOO_MANY_REQUESTS):
    """Too many requests; please slow down."""


class TooManyTries(ApiError, status=HTTPStatus.TOO_MANY_REQUESTS):
    """Too many wrong passwords; please wait."""


class AsteriskAway(ApiError, status=HTTPStatus.SERVICE_UNAVAILABLE):
    """Asterisk does not answer now; please try again."""


class PagesNotBuilt(ApiError, status=HTTPStatus.SERVICE_UNAVAILABLE):
    """The pages are not built yet; run bin/build-pages."""


class DatabaseAway(ApiError, status=HTTPStatus.SERVICE_UNAVAILABLE):
    """The database does not answer now; please try again."""


def error_ids() -> list[str]:
    """Return the id of every error of our own."""
    return sorted(kind.error_id for kind in ApiError.__subclasses__())


@web.middleware
async def error_middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every exception into an answer that its reader can use."""
    try:
        return await handler(request)
    except ApiError as error:
        return _answer(request, error)
    except msgspec.ValidationError as error:
        return _answer(request, BadRequest(str(error)))
    except msgspec.DecodeError as error:
        return _answer(request, BadRequest(f"no JSON: {error}"))
    except DatabaseUnreachable as error:
        _log.warning("database_away", path=request.path, reason=str(error))
        return _answer(request, DatabaseAway(retry_after=1))
    except web.HTTPException as error:
        return _of_framework(request, error)
    except ConnectionError:
        if request.transport is None or request.transport.is_closing():
            raise  # the client has left: nobody is there to be answered
        return _incident(request)
    except Exception:
        return _incident(request)


def _answer(request: web.Request, error: ApiError) -> web.Response:
    response = _render(request, error.status, ErrorBody(error.error_id, error.message))
    if error.retry_after is not None:
        response.headers["Retry-After"] = str(max(1, round(error.retry_after)))
    return response


def _of_framework(request: web.Request, error: web.HTTPException) -> web.Response:
    status = HTTPStatus(error.status)
    error_id = status.phrase.lower().replace(" ", "-")
    response = _render(request, status, ErrorBody(error_id, status.description or status.phrase))
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response


def _incident(request: web.Request) -> web.Response:
    incident = secrets.token_hex(4)
    _log.exception("request_failed", incident=incident, method=request.method, path=request.path)
    message = f"Something went wrong on our side. The log names it {incident}."
    body = ErrorBody("internal-error", message, incident)
    return _render(request, HTTPStatus.INTERNAL_SERVER_ERROR, body)


def _render(request: web.Request, status: HTTPStatus, body: ErrorBody) -> web.Response:
    if request.path.startswith("/api"):
        return web.Response(
            status=status, body=msgspec.json.encode(body), content_type="application/json"
        )
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>Callfloor: {html.escape(status.phrase)}</title>"
        f"<h1>{html.escape(status.phrase)}</h1><p>{html.escape(body.message)}</p>"
        '<p><a href="/">Callfloor</a></p></html>'
    )
    return web.Response(status=status, text=page, content_type="text/html")
