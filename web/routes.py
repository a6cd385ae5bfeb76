"""Every route: its address, its handler, and the types that go in and out."""

from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler
from msgspec import Struct

from web import (
    account_schemas,
    call_list_schemas,
    desk_schemas,
    dialing_schemas,
    picture_schemas,
    recording_schemas,
    schemas,
    script_schemas,
    steering_schemas,
)
from web.api import (
    accounts,
    call_list,
    campaigns,
    desk,
    dialing,
    floor,
    pages,
    pictures,
    recordings,
    report_by,
    reports,
    scripts,
    sessions,
    sip,
    steering,
    supervision,
    system,
    why,
)
from web.permissions import RouteName
from web.sheets import XLSX

JSON = "application/json"
CSV = "text/csv"
API = "/api/v1"
_SEAT = API + "/agents/{agent:[a-z0-9][a-z0-9_-]{0,39}}"
_CALL = API + "/calls/{call:[A-Za-z0-9._:-]{1,80}}"
_PAGE = "/{page:(?:desk|floor|calls|report|why|scripts|people|account|sign-in)?}"
_CAMPAIGN = API + "/campaigns/{name:[a-z0-9][a-z0-9_-]{0,39}}"


@dataclass(frozen=True, slots=True)
class Route:
    """One route. The summary is the handler's docstring; answer: None where it is no JSON.

    Any: the answer may be a union of structs, which has no narrower type.
    """

    name: RouteName
    method: str
    path: str
    handler: Handler
    answer: Any = None
    body: type[Struct] | None = None
    query: type[Struct] | None = None
    media: tuple[str, ...] = (JSON,)


def _post(
    name: RouteName, path: str, handler: Handler, answer: object, body: type[Struct]
) -> Route:
    return Route(name, "POST", path, handler, answer, body)


_N = RouteName
_NOTHING = schemas.Nothing
ROUTES: tuple[Route, ...] = (
    _post(_N.SIGN_IN, f"{API}/sign-in", sessions.sign_in, schemas.Me, schemas.SignIn),
    _post(_N.SIGN_OUT, f"{API}/sign-out", sessions.sign_out, schemas.Nothing, schemas.Nothing),
    Route(_N.ME, "GET", f"{API}/me", sessions.me, schemas.Me),
    Route(_N.SESSION, "GET", f"{API}/session", sessions.session, schemas.Session),
    _post(_N.PASSWORD, f"{API}/password", accounts.password, _NOTHING, account_schemas.NewPassword),
    Route(_N.SESSIONS, "GET", f"{API}/sessions", accounts.sessions, account_schemas.SessionList),
    _post(
        _N.SESSION_REVOKE,
        API + "/sessions/{session:[0-9a-f]{24}}/revoke",
        accounts.session_revoke,
        _NOTHING,
        _NOTHING,
    ),
    _post(
        _N.TOTP_BEGIN,
        f"{API}/second-factor/begin",
        accounts.totp_begin,
        account_schemas.SecondFactorOffer,
        _NOTHING,
    ),
    _post(
        _N.TOTP_CONFIRM,
        f"{API}/second-factor/confirm",
        accounts.totp_confirm,
        _NOTHING,
        account_schemas.CodeGiven,
    ),
    _post(
        _N.TOTP_REMOVE,
        f"{API}/second-factor/remove",
        accounts.totp_remove,
        _NOTHING,
        account_schemas.CodeGiven,
    ),
    Route(_N.ACCOUNTS, "GET", f"{API}/accounts", accounts.accounts, account_schemas.AccountList),
    _post(
        _N.ACCOUNT_ADD,
        f"{API}/accounts",
        accounts.account_add,
        _NOTHING,
        account_schemas.NewAccount,
    ),
    _post(
        _N.ACCOUNT_REVOKE,
        API + "/accounts/{login:[a-z0-9][a-z0-9._-]{0,39}}/revoke",
        accounts.account_revoke,
        _NOTHING,
        _NOTHING,
    ),
    Route(
        _N.AUDIT,
        "GET",
        f"{API}/audit",
        accounts.audit,
        account_schemas.AuditList,
        query=account_schemas.AuditQuery,
    ),
    Route(_N.DESK, "GET", f"{API}/desk", desk.desk, desk_schemas.DeskState),
    Route(_N.DESK_LIVE, "GET", f"{API}/desk/live", desk.desk_live, desk_schemas.DeskState),
    Route(_N.DESK_PHONE, "GET", f"{API}/desk/phone", desk.phone, desk_schemas.Phone),
    Route(_N.DESK_SIP, "GET", desk.SIP_PATH, sip.sip, media=("application/sip",)),
    _post(_N.DESK_DIALOG, f"{API}/desk/dialog", desk.dialog, _NOTHING, desk_schemas.Dialog),
    _post(_N.DESK_READY, f"{API}/desk/ready", desk.ready, _NOTHING, desk_schemas.Ready),
    _post(_N.DESK_PAUSE, f"{API}/desk/pause", desk.pause, _NOTHING, desk_schemas.Pause),
    _post(_N.DESK_SIGN_OUT, f"{API}/desk/sign-out", desk.desk_sign_out, _NOTHING, _NOTHING),
    _post(_N.DESK_WRAP_UP, f"{API}/desk/wrap-up", desk.wrap_up, _NOTHING, desk_schemas.WrapUp),
    Route(
        _N.DESK_CALLBACKS,
        "GET",
        f"{API}/desk/callbacks",
        dialing.callbacks,
        dialing_schemas.CallbackList,
    ),
    Route(_N.DESK_DIALING, "GET", f"{API}/desk/dialing", dialing.dialing, dialing_schemas.Dialing),
    _post(
        _N.DESK_DIAL,
        f"{API}/desk/dial",
        dialing.dial,
        dialing_schemas.DialAnswer,
        dialing_schemas.Dial,
    ),
    _post(
        _N.DESK_PREVIEW,
        f"{API}/desk/preview",
        dialing.decide,
        dialing_schemas.DialAnswer,
        dialing_schemas.Decide,
    ),
    _post(_N.DESK_HANG_UP, f"{API}/desk/hang-up", dialing.hang_up, _NOTHING, _NOTHING),
    Route(
        _N.CALLBACKS,
        "GET",
        f"{API}/callbacks",
        dialing.all_callbacks,
        dialing_schemas.CallbackList,
        query=dialing_schemas.CallbackQuery,
    ),
    _post(
        _N.CALLBACKS_ASSIGN,
        f"{API}/callbacks/assign",
        dialing.assign,
        dialing_schemas.Assigned,
        dialing_schemas.AssignCallbacks,
    ),
    Route(
        _N.DESK_COLLEAGUES,
        "GET",
        f"{API}/desk/colleagues",
        desk.colleagues,
        desk_schemas.ColleagueList,
    ),
    _post(_N.SEAT_PAUSE, f"{_SEAT}/pause", supervision.seat_pause, _NOTHING, desk_schemas.Pause),
    _post(_N.SEAT_RESUME, f"{_SEAT}/resume", supervision.seat_resume, _NOTHING, _NOTHING),
    _post(_N.SEAT_SIGN_OUT, f"{_SEAT}/sign-out", supervision.seat_sign_out, _NOTHING, _NOTHING),
    _post(_N.SEAT_MOVE, f"{_SEAT}/move", steering.move, _NOTHING, steering_schemas.Move),
    Route(_N.QUEUES, "GET", f"{API}/queues", steering.queues, steering_schemas.QueueList),
    Route(_N.LINES, "GET", f"{API}/lines", steering.lines, steering_schemas.LineHealth),
    _post(_N.LISTEN, f"{_SEAT}/listen", supervision.listen, _NOTHING, desk_schemas.Listen),
    _post(_N.TAKE_OVER, f"{_SEAT}/take-over", supervision.take_over, desk_schemas.Dialog, _NOTHING),
    _post(_N.CALL_END, f"{_CALL}/end", supervision.call_end, _NOTHING, _NOTHING),
    Route(_N.LIVE, "GET", f"{API}/live", floor.live, schemas.LiveMessage),
    Route(_N.FLOOR, "GET", f"{API}/floor", floor.floor, schemas.Floor),
    Route(_N.CAMPAIGNS, "GET", f"{API}/campaigns", campaigns.campaigns, schemas.CampaignList),
    _post(
        _N.CAMPAIGN_START, f"{_CAMPAIGN}/start", campaigns.start, schemas.Campaign, schemas.Nothing
    ),
    _post(
        _N.CAMPAIGN_PAUSE, f"{_CAMPAIGN}/pause", campaigns.pause, schemas.Campaign, schemas.Nothing
    ),
    _post(_N.CAMPAIGN_STOP, f"{_CAMPAIGN}/stop", campaigns.stop, schemas.Campaign, schemas.Nothing),
    _post(
        _N.CAMPAIGN_CHANGE,
        f"{_CAMPAIGN}/change",
        steering.change,
        schemas.Campaign,
        steering_schemas.CampaignWish,
    ),
    Route(
        _N.AGENT_DAY,
        "GET",
        f"{API}/reports/agent-day",
        reports.agent_day,
        schemas.AgentDayReport,
        query=schemas.AgentDayQuery,
        media=(JSON, CSV),
    ),
    Route(
        _N.PICTURES,
        "GET",
        f"{API}/reports/pictures",
        pictures.pictures,
        picture_schemas.Pictures,
        query=picture_schemas.PictureQuery,
    ),
    Route(
        _N.CALLS,
        "GET",
        f"{API}/reports/calls",
        call_list.calls,
        call_list_schemas.CallList,
        query=call_list_schemas.CallsQuery,
        media=(JSON, CSV, XLSX),
    ),
    Route(
        _N.CALL_CHOICES,
        "GET",
        f"{API}/reports/call-choices",
        call_list.choices,
        call_list_schemas.CallChoices,
    ),
    Route(
        _N.REPORT_BY,
        "GET",
        API + "/reports/by/{by:[a-z_]{1,20}}",
        report_by.report_by,
        query=recording_schemas.ReportByQuery,
        media=(JSON, CSV, XLSX),
    ),
    Route(
        _N.RECORDING,
        "GET",
        f"{_CALL}/recording",
        recordings.recording,
        recording_schemas.RecordingView,
    ),
    Route(
        _N.RECORDING_PLAY,
        "GET",
        f"{_CALL}/recording/play",
        recordings.play,
        media=recordings.SOUNDS,
    ),
    Route(
        _N.RECORDING_DOWNLOAD,
        "GET",
        f"{_CALL}/recording/download",
        recordings.download,
        media=recordings.SOUNDS,
    ),
    Route(_N.SCRIPT, "GET", f"{_CAMPAIGN}/script", scripts.script, script_schemas.CampaignScript),
    _post(
        _N.SCRIPT_SAVE,
        f"{_CAMPAIGN}/script",
        scripts.save,
        script_schemas.CampaignScript,
        script_schemas.ScriptWish,
    ),
    Route(_N.WHY, "GET", f"{API}/why", why.why, schemas.WhyList, query=schemas.WhyQuery),
    Route(_N.OPENAPI, "GET", "/api/openapi.json", system.openapi),
    Route(_N.HEALTHZ, "GET", "/healthz", system.healthz, schemas.HealthReport),
    Route(_N.READYZ, "GET", "/readyz", system.readyz, schemas.HealthReport),
    Route(_N.METRICS, "GET", "/metrics", system.metrics, media=("text/plain",)),
    Route(_N.PAGE, "GET", _PAGE, pages.page, media=("text/html",)),
    Route(
        _N.ASSET,
        "GET",
        "/assets/{file:[A-Za-z0-9_-][A-Za-z0-9._-]*}",
        pages.asset,
        media=("application/octet-stream",),
    ),
)


def add_routes(app: web.Application) -> None:
    """Register every route under its name, by which it is guarded."""
    for route in ROUTES:
        app.router.add_route(route.method, route.path, route.handler, name=route.name.value)
