"""Commands -> AMI actions -> bytes. Pure.

Whatever could end a header early, hide another action in a value or reach a dialplan function is
refused here with the field's name; nothing is repaired silently.
"""

import re
from dataclasses import dataclass
from typing import assert_never

from ami_bridge.errors import UnsafeField
from calls.campaign import DialOrder
from calls.commands import (
    Command,
    EndCall,
    JoinCall,
    PauseAgent,
    PlaceAskedCall,
    PlaceCall,
    SignInAgent,
    SignOutAgent,
)
from config.timeouts import ASKED_AGENT_RING_SECONDS, JOIN_RING_SECONDS

MAX_LINE_BYTES = 1022
"""Asterisk reads lines into 1024 bytes, line end included."""
MAX_HEADERS = 128
ANSWERED_CONTEXT = "callfloor-answered"

PAGES_CONTEXT = "callfloor-pages"
ASKED_CONTEXTS = {
    DialOrder.AGENT_FIRST: "callfloor-agent-first",
    DialOrder.CUSTOMER_FIRST: "callfloor-customer-first",
}

_HOW = re.compile(r"listen|whisper|barge")
_LINE_BREAKERS = re.compile(r"[\r\n\0]")
_HEADER_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]*")
_VARIABLE_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,79}")
_NUMBER = re.compile(r"\+?[0-9*#]{1,32}")
_ENDPOINT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,78}")
_CALLER_ID = re.compile(r"(\+?[0-9]{1,32})?")
_QUEUE = re.compile(r"[A-Za-z0-9_.-]{1,79}")
_AMD = re.compile("off|label|hangup")
_UNIQUEID = re.compile(r"[A-Za-z0-9._:;-]{1,149}")
_SPLITS_VARIABLES = re.compile(r'([\\,"()\[\]])')
_OUR_VARIABLES = (
    "CALLFLOOR_ATTEMPT",
    "CALLFLOOR_CAMPAIGN",
    "CALLFLOOR_QUEUE",
    "CALLFLOOR_AMD",
)


@dataclass(frozen=True, slots=True)
class AmiAction:
    """One action as ordered headers, without `Action` and `ActionID`.

    action_id: set where the answer's events must be found again; else the link makes one.
    done_already: parts of refusals which say that what we want is so already.
    """

    name: str
    headers: tuple[tuple[str, str], ...] = ()
    action_id: str | None = None
    done_already: tuple[str, ...] = ()


def action_for(command: Command) -> AmiAction:
    """Return the action that carries out the command; raise UnsafeField."""
    match command:
        case PlaceCall():
            return _originate(command)
        case PlaceAskedCall():
            return _originate_asked(command)
        case EndCall():
            return _hangup(command)
        case SignInAgent():
            return _queue_add(command)
        case SignOutAgent():
            return AmiAction(
                "QueueRemove",
                (
                    ("Queue", _queue("QueueRemove", command.queue)),
                    ("Interface", _interface("QueueRemove", command.agent)),
                ),
                done_already=("Not there",),
            )
        case PauseAgent():
            return _queue_pause(command)
        case JoinCall():
            return _join(command)
        case _:
            assert_never(command)


def encode(action: AmiAction, action_id: str) -> bytes:
    """Return the action's bytes; raise UnsafeField for what must not be sent."""
    lines = [("Action", action.name), ("ActionID", action_id), *action.headers]
    if len(lines) > MAX_HEADERS:
        raise UnsafeField(action.name, lines[MAX_HEADERS][0], f"is header {MAX_HEADERS + 1}")
    return b"".join(_line(action.name, name, value) for name, value in lines) + b"\r\n"


def variable(action: str, name: str, value: str) -> tuple[str, str]:
    """Return one `Variable` header; only plain names, and the value stays one value.

    Asterisk splits the header at commas into further assignments, functions included: without
    the escapes a value `x,FILE(...)=y` would write a file.
    """
    if not _VARIABLE_NAME.fullmatch(name):
        raise UnsafeField(action, f"Variable {name[:40]!r}", "is no plain variable name")
    escaped = _SPLITS_VARIABLES.sub(r"\\\1", value)
    return "Variable", f"{name}={escaped}"


def _line(action: str, name: str, value: str) -> bytes:
    if not _HEADER_NAME.fullmatch(name):
        raise UnsafeField(action, repr(name[:40]), "is no header name")
    # Of a repeated header the refusal must say which: `Variable: LEAD_NAME=…`.
    field = f"Variable {value.partition('=')[0]}" if name == "Variable" else name
    if _LINE_BREAKERS.search(value):
        raise UnsafeField(action, field, "holds a line break or NUL")
    try:
        line = f"{name}: {value}".encode()
    except UnicodeEncodeError:
        raise UnsafeField(action, field, "is no valid text") from None
    if len(line) > MAX_LINE_BYTES:
        raise UnsafeField(action, field, f"is longer than {MAX_LINE_BYTES} bytes")
    return line + b"\r\n"


def _checked(action: str, field: str, value: str, allowed: re.Pattern[str]) -> str:
    if not allowed.fullmatch(value):
        raise UnsafeField(action, field, f"is not of the form {allowed.pattern}")
    return value


def _originate(command: PlaceCall) -> AmiAction:
    name = "Originate"
    attempt = _checked(name, "attempt", command.attempt, _UNIQUEID)
    number = _checked(name, "number", command.number, _NUMBER)
    trunk = _checked(name, "trunk", command.trunk, _ENDPOINT)
    if command.ring_seconds <= 0:
        raise UnsafeField(name, "ring_seconds", "is not positive")
    taken = next((key for key in command.variables if key in _OUR_VARIABLES), None)
    if taken is not None:
        raise UnsafeField(name, f"Variable {taken}", "is Callfloor's own")
    caller_id = _checked(name, "caller_id", command.caller_id, _CALLER_ID)
    amd = _checked(name, "amd", command.amd, _AMD)
    ours = (command.attempt, command.campaign, _queue(name, command.queue), amd)
    variables = (*zip(_OUR_VARIABLES, ours, strict=True), *command.variables.items())
    return AmiAction(
        name,
        (
            ("ChannelId", attempt),
            ("Channel", f"PJSIP/{number}@{trunk}"),
            ("Context", ANSWERED_CONTEXT),
            ("Exten", "s"),
            ("Priority", "1"),
            ("Timeout", str(command.ring_seconds * 1000)),
            ("CallerID", caller_id),
            ("Account", command.campaign),
            # A synchronous Originate would stop this login's session thread until the answer.
            ("Async", "true"),
            *(variable(name, key, value) for key, value in variables),
        ),
        action_id=attempt,
    )


def _originate_asked(command: PlaceAskedCall) -> AmiAction:
    """The first leg carries the attempt's id; the dialplan dials the other one."""
    name = "Originate"
    attempt = _checked(name, "attempt", command.attempt, _UNIQUEID)
    agent = _checked(name, "agent", command.agent, _ENDPOINT)
    number = _checked(name, "number", command.number, _NUMBER)
    trunk = _checked(name, "trunk", command.trunk, _ENDPOINT)
    caller_id = _checked(name, "caller_id", command.caller_id, _CALLER_ID)
    if command.ring_seconds <= 0:
        raise UnsafeField(name, "ring_seconds", "is not positive")
    is_agent_first = command.order is DialOrder.AGENT_FIRST
    rings = ASKED_AGENT_RING_SECONDS if is_agent_first else command.ring_seconds
    variables = {
        "CALLFLOOR_ATTEMPT": attempt,
        "CALLFLOOR_CAMPAIGN": command.campaign,
        "CALLFLOOR_QUEUE": _queue(name, command.queue),
        "CALLFLOOR_AGENT": agent,
        "CALLFLOOR_DIAL": f"PJSIP/{number}@{trunk}",
        "CALLFLOOR_CALLER_ID": caller_id,
        "CALLFLOOR_RING_SECONDS": str(command.ring_seconds),
    }
    return AmiAction(
        name,
        (
            ("ChannelId", attempt),
            ("Channel", f"PJSIP/{agent}" if is_agent_first else variables["CALLFLOOR_DIAL"]),
            ("Context", ASKED_CONTEXTS[command.order]),
            ("Exten", "s"),
            ("Priority", "1"),
            ("Timeout", str(int(rings * 1000))),
            ("CallerID", caller_id),
            ("Account", command.campaign),
            ("Async", "true"),
            *(variable(name, key, value) for key, value in variables.items()),
        ),
        action_id=attempt,
    )


def _hangup(command: EndCall) -> AmiAction:
    # Hangup takes a uniqueid as Channel, too; one that starts with "/" would be a pattern.
    channel = _checked("Hangup", "channel", command.channel, _UNIQUEID)
    if not 0 <= command.cause <= 127:
        raise UnsafeField("Hangup", "cause", "is not within 0..127")
    return AmiAction(
        "Hangup",
        (("Channel", channel), ("Cause", str(command.cause))),
        done_already=("No such channel",),
    )


def _join(command: JoinCall) -> AmiAction:
    name = "Originate"
    phone = _checked(name, "phone", command.phone, _ENDPOINT)
    agent = _checked(name, "agent", command.agent, _ENDPOINT)
    return AmiAction(
        name,
        (
            ("ChannelId", _checked(name, "channel", command.channel, _UNIQUEID)),
            ("Channel", f"PJSIP/{phone}"),
            ("Context", PAGES_CONTEXT),
            ("Exten", _checked(name, "how", command.how, _HOW)),
            ("Priority", "1"),
            ("Timeout", str(int(JOIN_RING_SECONDS * 1000))),
            ("Async", "true"),
            variable(name, "CALLFLOOR_AGENT", agent),
        ),
    )


def _interface(action: str, agent: str) -> str:
    return f"PJSIP/{_checked(action, 'agent', agent, _ENDPOINT)}"


def _queue(action: str, queue: str) -> str:
    return _checked(action, "queue", queue, _QUEUE)


def _queue_add(command: SignInAgent) -> AmiAction:
    return AmiAction(
        "QueueAdd",
        (
            ("Queue", _queue("QueueAdd", command.queue)),
            ("Interface", _interface("QueueAdd", command.agent)),
            ("MemberName", command.name),
            ("Paused", "true" if command.paused else "false"),
        ),
        done_already=("Already there",),
    )


def _queue_pause(command: PauseAgent) -> AmiAction:
    return AmiAction(
        "QueuePause",
        (
            ("Queue", _queue("QueuePause", command.queue)),
            ("Interface", _interface("QueuePause", command.agent)),
            ("Paused", "true" if command.paused else "false"),
            ("Reason", command.reason),
        ),
    )
