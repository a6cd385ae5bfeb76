"""AMI events -> facts. Pure; Asterisk's words end here.

A header that is missing or garbled is a TranslationError, never a guess. Local channels are no
party to a call: of them is told only which bridges they join. Asterisk's other inner channels
(announcers, recorders) yield no fact.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from ami_bridge.errors import TranslationError
from ami_bridge.framing import Frame, Headers
from calls.channel_names import is_inner, is_local
from calls.facts import (
    AgentCompleted,
    AgentConnected,
    AgentMissed,
    AgentOffered,
    AgentPaused,
    AgentPhoneChanged,
    AgentSignedIn,
    AgentSignedOut,
    BridgeEntered,
    BridgeLeft,
    CallMarked,
    CallQueued,
    ChannelAnswered,
    ChannelEnded,
    ChannelHeld,
    ChannelRang,
    ChannelResumed,
    ChannelStarted,
    Fact,
    LinkLost,
    OriginateResolved,
    RelayEntered,
    RelayLeft,
)
from calls.ids import AgentId, AttemptId, BridgeId, CallId, ChannelId, QueueName, RelayHalf

HOLDING_BRIDGE = "holding_bridge"
"""Parks one caller: nobody talks in it."""
UNKNOWN_NUMBER = "<unknown>"
RINGING = "5"
UP = "6"
_from_timestamp = datetime.fromtimestamp
_UNREACHABLE = frozenset({"4", "5"})  # AST_DEVICE_INVALID, AST_DEVICE_UNAVAILABLE
_BUSY = frozenset({"2", "3", "6", "7", "8"})  # in use, busy, ringing, both, on hold
# The dialplan's word (asterisk-sample/etc/extensions.conf), ours, and the header with the value.
_MARKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "CallfloorAmd": ("amd", "Status"),
        "CallfloorAbandoned": ("abandoned", "Status"),
        "CallfloorForwarded": ("forwarded", "To"),
    }
)


def translate(frame: Frame, now: datetime) -> Fact | None:
    """Return the fact that the event states, or None if it states none.

    now: taken as the fact's time if the event has no Timestamp (timestampevents=no).
    """
    translator = _TRANSLATORS.get(frame.name)
    if translator is not None:
        return translator(frame, _time(frame, now))
    if not frame.name:
        raise TranslationError("a message", "Event or Response")
    return None


def endpoint_of(channel_name: str) -> str:
    """Return the name between technology and serial: `PJSIP/agent-1-0000002a` -> `agent-1`."""
    rest = channel_name.partition("/")[2]
    return rest.rpartition("-")[0] or rest


def agent_of(interface: str) -> AgentId:
    """Return the agent of a queue member's interface: `PJSIP/agent-1001` -> `agent-1001`."""
    return AgentId(interface.partition("/")[2] or interface)


def is_reachable(device_status: str) -> bool:
    """Tell whether a queue member's Status lets its phone ring."""
    return device_status not in _UNREACHABLE


def is_busy(device_status: str) -> bool:
    """Tell whether a queue member's Status says that its phone rings or is in use."""
    return device_status in _BUSY


def need_int(frame: Frame, header: str) -> int:
    """Return a header that must be a whole number."""
    return _whole(frame, header, frame.need(header))


def number_of(frame: Frame) -> str:
    """Return the caller's number, empty where Asterisk knows none."""
    number = frame.get("CallerIDNum")
    return "" if number == UNKNOWN_NUMBER else number


def _time(frame: Frame, now: datetime) -> datetime:
    stamp = frame.raw("Timestamp")
    if not stamp:
        return now
    try:
        # A float holds today's time to a quarter of a microsecond: nothing is lost.
        return _from_timestamp(float(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        shown = frame.get("Timestamp")[:30]
        raise TranslationError(frame.name, "Timestamp", f"is no time: {shown!r}") from None


def _whole(frame: Frame, header: str, value: str) -> int:
    try:
        return int(value)
    except ValueError:
        raise TranslationError(frame.name, header, f"is no number: {value[:20]!r}") from None


_NEW_CHANNEL = Headers("Channel", "CallerIDNum", "Uniqueid", "Linkedid", optional={"CallerIDNum"})


def _new_channel(frame: Frame, at: datetime) -> Fact | None:
    name, number, channel, call = frame.read(_NEW_CHANNEL)
    if is_inner(name):
        return None
    number = "" if number == UNKNOWN_NUMBER else number
    return ChannelStarted(at, ChannelId(channel), CallId(call), endpoint_of(name), number)


_NEW_STATE = Headers("Channel", "ChannelState", "Uniqueid")


def _new_state(frame: Frame, at: datetime) -> Fact | None:
    name, state, channel = frame.read(_NEW_STATE)
    if is_inner(name):
        return None
    if state == RINGING:
        return ChannelRang(at, ChannelId(channel))
    return ChannelAnswered(at, ChannelId(channel)) if state == UP else None


_HANGUP = Headers("Channel", "Uniqueid", "Cause")


def _hangup(frame: Frame, at: datetime) -> Fact | None:
    name, channel, cause = frame.read(_HANGUP)
    if is_inner(name):
        return None
    return ChannelEnded(at, ChannelId(channel), _whole(frame, "Cause", cause))


_BRIDGED = Headers(
    *("BridgeUniqueid", "BridgeTechnology", "Channel", "Uniqueid"), optional={"BridgeTechnology"}
)


def _bridge_enter(frame: Frame, at: datetime) -> Fact | None:
    bridge, technology, name, channel = frame.read(_BRIDGED)
    if technology == HOLDING_BRIDGE:
        return None
    if is_inner(name):
        return RelayEntered(at, RelayHalf(name), BridgeId(bridge)) if is_local(name) else None
    return BridgeEntered(at, ChannelId(channel), BridgeId(bridge))


def _bridge_leave(frame: Frame, at: datetime) -> Fact | None:
    bridge, technology, name, channel = frame.read(_BRIDGED)
    if technology == HOLDING_BRIDGE:
        return None
    if is_inner(name):
        return RelayLeft(at, RelayHalf(name), BridgeId(bridge)) if is_local(name) else None
    return BridgeLeft(at, ChannelId(channel), BridgeId(bridge))


_PARTY = Headers("Channel", "Uniqueid")


def _hold(frame: Frame, at: datetime) -> Fact | None:
    name, channel = frame.read(_PARTY)
    return None if is_inner(name) else ChannelHeld(at, ChannelId(channel))


def _unhold(frame: Frame, at: datetime) -> Fact | None:
    name, channel = frame.read(_PARTY)
    return None if is_inner(name) else ChannelResumed(at, ChannelId(channel))


_RESOLVED = Headers("ActionID", "Response", "Reason")


def _originate_response(frame: Frame, at: datetime) -> Fact | None:
    if not frame.raw("ActionID"):
        return None  # somebody else's Originate: ours always carry their attempt
    attempt, response, reason = frame.read(_RESOLVED)
    return OriginateResolved(
        at, AttemptId(attempt), response == "Success", _whole(frame, "Reason", reason)
    )


def _user_event(frame: Frame, at: datetime) -> Fact | None:
    mark = _MARKS.get(frame.need("UserEvent"))
    if mark is None:
        return None
    name, header = mark
    value = frame.need(header) if name == "amd" else frame.get(header)
    return CallMarked(
        at=at, channel=ChannelId(frame.need("Uniqueid")), mark=name, value=value.lower()
    )


_AgentFact = type[AgentOffered] | type[AgentMissed] | type[AgentConnected] | type[AgentCompleted]
_ABOUT_THE_AGENT = (AgentMissed, AgentCompleted)


def _agent_call(fact: _AgentFact) -> "_Translator":
    # When both legs are gone Asterisk tells of the agent's end without a word on the channels.
    optional = {"Uniqueid"} if fact in _ABOUT_THE_AGENT else ()
    headers = Headers("Uniqueid", "Queue", "Interface", optional=optional)

    def translate_agent_call(frame: Frame, at: datetime) -> Fact:
        caller, queue, interface = frame.read(headers)
        return fact(at, agent_of(interface), ChannelId(caller), QueueName(queue))

    return translate_agent_call


_CALLER = Headers("Channel", "Uniqueid", "Queue")


def _caller_join(frame: Frame, at: datetime) -> Fact | None:
    name, channel, queue = frame.read(_CALLER)
    return None if is_inner(name) else CallQueued(at, ChannelId(channel), QueueName(queue))


_SIGNED_IN = Headers(
    *("Queue", "MemberName", "Interface", "Paused", "PausedReason"),
    optional={"MemberName", "PausedReason"},
)


def _member_added(frame: Frame, at: datetime) -> Fact:
    queue, name, interface, paused, reason = frame.read(_SIGNED_IN)
    return AgentSignedIn(at, agent_of(interface), QueueName(queue), name, paused == "1", reason)


_MEMBER = Headers("Queue", "Interface")


def _member_removed(frame: Frame, at: datetime) -> Fact:
    queue, interface = frame.read(_MEMBER)
    return AgentSignedOut(at, agent_of(interface), QueueName(queue))


_PAUSED = Headers("Queue", "Interface", "Paused", "PausedReason", optional={"PausedReason"})


def _member_pause(frame: Frame, at: datetime) -> Fact:
    queue, interface, paused, reason = frame.read(_PAUSED)
    return AgentPaused(at, agent_of(interface), QueueName(queue), paused == "1", reason)


_STATUS = Headers("Queue", "Interface", "Status")


def _member_status(frame: Frame, at: datetime) -> Fact:
    queue, interface, status = frame.read(_STATUS)
    return AgentPhoneChanged(
        at, agent_of(interface), QueueName(queue), is_reachable(status), is_busy(status)
    )


def _shutdown(frame: Frame, at: datetime) -> Fact:
    return LinkLost(at=at, reason="Asterisk is shutting down")


_Translator = Callable[[Frame, datetime], Fact | None]
_TRANSLATORS: Mapping[str, _Translator] = MappingProxyType(
    {
        "Newchannel": _new_channel,
        "Newstate": _new_state,
        "Hangup": _hangup,
        "BridgeEnter": _bridge_enter,
        "BridgeLeave": _bridge_leave,
        "Hold": _hold,
        "Unhold": _unhold,
        "OriginateResponse": _originate_response,
        "UserEvent": _user_event,
        "QueueCallerJoin": _caller_join,
        "AgentCalled": _agent_call(AgentOffered),
        "AgentRingNoAnswer": _agent_call(AgentMissed),
        "AgentConnect": _agent_call(AgentConnected),
        "AgentComplete": _agent_call(AgentCompleted),
        "QueueMemberAdded": _member_added,
        "QueueMemberRemoved": _member_removed,
        "QueueMemberPause": _member_pause,
        "QueueMemberStatus": _member_status,
        "Shutdown": _shutdown,
    }
)
FACT_EVENTS = frozenset(_TRANSLATORS)
"""The events that state a fact; `FullyBooted` states none, but the link listens for it."""
