"""Who may do what: one table, and what it does not grant is denied."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from store.accounts import Role


class RouteName(StrEnum):
    """Every route by its name; `web.routes` gives each its path."""

    SIGN_IN = "sign_in"
    SIGN_OUT = "sign_out"
    ME = "me"
    SESSION = "session"
    PASSWORD = "password"  # noqa: S105 # the name of a route
    SESSIONS = "sessions"
    SESSION_REVOKE = "session_revoke"
    TOTP_BEGIN = "totp_begin"
    TOTP_CONFIRM = "totp_confirm"
    TOTP_REMOVE = "totp_remove"
    ACCOUNTS = "accounts"
    ACCOUNT_ADD = "account_add"
    ACCOUNT_REVOKE = "account_revoke"
    AUDIT = "audit"
    DESK = "desk"
    DESK_LIVE = "desk_live"
    DESK_PHONE = "desk_phone"
    DESK_SIP = "desk_sip"
    DESK_DIALOG = "desk_dialog"
    DESK_READY = "desk_ready"
    DESK_PAUSE = "desk_pause"
    DESK_SIGN_OUT = "desk_sign_out"
    DESK_WRAP_UP = "desk_wrap_up"
    DESK_CALLBACKS = "desk_callbacks"
    DESK_DIALING = "desk_dialing"
    DESK_DIAL = "desk_dial"
    DESK_PREVIEW = "desk_preview"
    DESK_HANG_UP = "desk_hang_up"
    CALLBACKS = "callbacks"
    CALLBACKS_ASSIGN = "callbacks_assign"
    DESK_COLLEAGUES = "desk_colleagues"
    SEAT_PAUSE = "seat_pause"
    SEAT_RESUME = "seat_resume"
    SEAT_SIGN_OUT = "seat_sign_out"
    SEAT_MOVE = "seat_move"
    QUEUES = "queues"
    LINES = "lines"
    LISTEN = "listen"
    TAKE_OVER = "take_over"
    CALL_END = "call_end"
    LIVE = "live"
    FLOOR = "floor"
    CAMPAIGNS = "campaigns"
    CAMPAIGN_START = "campaign_start"
    CAMPAIGN_PAUSE = "campaign_pause"
    CAMPAIGN_STOP = "campaign_stop"
    CAMPAIGN_CHANGE = "campaign_change"
    AGENT_DAY = "agent_day"
    PICTURES = "pictures"
    CALLS = "calls"
    CALL_CHOICES = "call_choices"
    REPORT_BY = "report_by"
    RECORDING = "recording"
    RECORDING_PLAY = "recording_play"
    RECORDING_DOWNLOAD = "recording_download"
    SCRIPT = "script"
    SCRIPT_SAVE = "script_save"
    WHY = "why"
    OPENAPI = "openapi"
    HEALTHZ = "healthz"
    READYZ = "readyz"
    METRICS = "metrics"
    PAGE = "page"
    ASSET = "asset"


@dataclass(frozen=True, slots=True)
class Access:
    """Who may use one route.

    anonymous: without a session, too. from_this_machine: without a session if the request comes
    straight from this machine, not through a proxy.
    """

    roles: frozenset[Role] = frozenset()
    anonymous: bool = False
    from_this_machine: bool = False


_EVERYBODY = Access(frozenset(Role), anonymous=True)
_SIGNED_IN = Access(frozenset(Role))
_WATCHERS = Access(frozenset({Role.LEADER, Role.SUPERVISOR, Role.OPERATIONS}))
_STEERERS = Access(frozenset({Role.SUPERVISOR}))
_ADMINISTRATORS = Access(frozenset({Role.OPERATIONS}))
_REPORTED = Access(frozenset(Role) - {Role.CUSTOMER})
_AGENTS = Access(frozenset({Role.AGENT}))
_LEADERS = Access(frozenset({Role.LEADER, Role.SUPERVISOR}))
_TELEPHONISTS = Access(_AGENTS.roles | _LEADERS.roles)
_LISTENERS = Access(frozenset({Role.AGENT, Role.LEADER, Role.SUPERVISOR}))
_N = RouteName

PERMISSIONS: Mapping[RouteName, Access] = MappingProxyType(
    {
        _N.SIGN_IN: _EVERYBODY,
        _N.SIGN_OUT: _SIGNED_IN,
        _N.ME: _SIGNED_IN,
        _N.SESSION: _EVERYBODY,
        _N.PASSWORD: _SIGNED_IN,
        # Everybody sees and ends the sessions of the own login only.
        _N.SESSIONS: _SIGNED_IN,
        _N.SESSION_REVOKE: _SIGNED_IN,
        _N.TOTP_BEGIN: _SIGNED_IN,
        _N.TOTP_CONFIRM: _SIGNED_IN,
        _N.TOTP_REMOVE: _SIGNED_IN,
        _N.ACCOUNTS: _ADMINISTRATORS,
        _N.ACCOUNT_ADD: _ADMINISTRATORS,
        _N.ACCOUNT_REVOKE: _ADMINISTRATORS,
        _N.AUDIT: _ADMINISTRATORS,
        # The own desk only: every handler asks for the seat of the account.
        _N.DESK: _AGENTS,
        _N.DESK_LIVE: _AGENTS,
        _N.DESK_PHONE: _TELEPHONISTS,
        _N.DESK_SIP: _TELEPHONISTS,
        _N.DESK_DIALOG: _AGENTS,
        _N.DESK_READY: _AGENTS,
        _N.DESK_PAUSE: _AGENTS,
        _N.DESK_SIGN_OUT: _AGENTS,
        _N.DESK_WRAP_UP: _AGENTS,
        _N.DESK_CALLBACKS: _AGENTS,
        _N.DESK_DIALING: _AGENTS,
        _N.DESK_DIAL: _AGENTS,
        _N.DESK_PREVIEW: _AGENTS,
        _N.DESK_HANG_UP: _AGENTS,
        _N.CALLBACKS: _WATCHERS,
        _N.CALLBACKS_ASSIGN: _LEADERS,
        _N.DESK_COLLEAGUES: _AGENTS,
        _N.SEAT_PAUSE: _LEADERS,
        _N.SEAT_RESUME: _LEADERS,
        _N.SEAT_SIGN_OUT: _LEADERS,
        _N.SEAT_MOVE: _LEADERS,
        _N.QUEUES: _LEADERS,
        _N.LINES: _WATCHERS,
        _N.LISTEN: _LEADERS,
        _N.TAKE_OVER: _LEADERS,
        _N.CALL_END: _STEERERS,
        _N.LIVE: _WATCHERS,
        _N.FLOOR: _WATCHERS,
        # A client sees the campaigns granted to it only.
        _N.CAMPAIGNS: Access(_WATCHERS.roles | {Role.CLIENT}),
        _N.CAMPAIGN_START: _STEERERS,
        _N.CAMPAIGN_PAUSE: _STEERERS,
        _N.CAMPAIGN_STOP: _STEERERS,
        _N.CAMPAIGN_CHANGE: _STEERERS,
        # An agent sees its own row only; the handler holds that.
        _N.AGENT_DAY: Access(
            frozenset({Role.AGENT, Role.LEADER, Role.SUPERVISOR, Role.HR, Role.OPERATIONS})
        ),
        # An agent sees the own calls only, a client the campaigns granted to it; HR no call list.
        _N.PICTURES: _REPORTED,
        _N.CALLS: Access(_REPORTED.roles - {Role.HR}),
        _N.CALL_CHOICES: Access(_REPORTED.roles - {Role.HR}),
        # An agent sees the own days only, a client no agents and its campaigns only.
        _N.REPORT_BY: _REPORTED,
        # An agent hears the own calls only; the handler holds that.
        _N.RECORDING: _LISTENERS,
        _N.RECORDING_PLAY: _LISTENERS,
        _N.RECORDING_DOWNLOAD: _STEERERS,
        _N.SCRIPT: Access(_AGENTS.roles | _WATCHERS.roles),
        _N.SCRIPT_SAVE: _STEERERS,
        _N.WHY: _WATCHERS,
        _N.OPENAPI: _EVERYBODY,
        _N.HEALTHZ: _EVERYBODY,
        _N.READYZ: _EVERYBODY,
        _N.METRICS: Access(frozenset({Role.OPERATIONS}), from_this_machine=True),
        _N.PAGE: _EVERYBODY,
        _N.ASSET: _EVERYBODY,
    }
)


def may_use(name: str, role: Role | None, *, from_this_machine: bool = False) -> bool:
    """Whether somebody of this role (None: nobody signed in) may use the route."""
    try:
        access = PERMISSIONS[RouteName(name)]
    except (ValueError, KeyError):
        return False
    if access.anonymous or (access.from_this_machine and from_this_machine):
        return True
    return role in access.roles


def routes_of(role: Role) -> list[RouteName]:
    """Return what a role may use, for pages that show only what will work."""
    return [name for name in RouteName if may_use(name, role)]


_NOT_SENSITIVE = frozenset({RouteName.SIGN_OUT, RouteName.SIGN_IN, RouteName.DESK_DIALOG})
"""Signing in writes its own lines, since nobody is signed in before."""
_SENSITIVE_READS: frozenset[RouteName] = frozenset(
    {
        RouteName.AUDIT,
        RouteName.ACCOUNTS,
        RouteName.CALLS,
        RouteName.REPORT_BY,
        RouteName.RECORDING,
        RouteName.RECORDING_PLAY,
        RouteName.RECORDING_DOWNLOAD,
    }
)


def is_audited(name: str, method: str) -> bool:
    """Whether the audit log gets a line: changing anything, and reading what is delicate."""
    if name in _NOT_SENSITIVE:
        return False
    return method != "GET" or name in _SENSITIVE_READS
