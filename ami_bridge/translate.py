"""AMI events -> facts. Pure; Asterisk's words end here.

A header that is missing or garbled is a TranslationError, never a guess. Local channels are no
party to a call: of them is told only which bridges they join. Asterisk's other inner channels
(announcers, recorders) yield no fact.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from ami_bridge.errors import TranslationError
from ami_bridge.framing import Frame
from calls.channel_names import INNER_TECHNOLOGIES, is_inner, is_local
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
RINGING = "5"
UP = "6"
_INNER_RAW = frozenset(name.encode() for name in INNER_TECHNOLOGIES)
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
    value = frame.need(header)
    try:
        return int(value)
    except ValueError:
        raise TranslationError(frame.name, header, f"is no number: {value[:20]!r}") from None


def number_of(frame: Frame) -> str:
    """Return the caller's number, empty where Asterisk knows none."""
    number = frame.get("CallerIDNum")
    return "" if number == "<unknown>" else number


def _time(frame: Frame, now: datetime) -> datetime:
    stamp = frame.raw("Timestamp")
    if not stamp:
        return now
    try:
        # A float holds today's time to a quarter of a microsecond: nothing is lost.
        return datetime.fromtimestamp(float(stamp), UTC)
    except (ValueError, OverflowError, OSError):
        shown = frame.get("Timestamp")[:30]
        raise TranslationError(frame.name, "Timestamp", f"is no time: {shown!r}") from None


def _channel(frame: Frame) -> ChannelId | None:
    """Return the channel's id, or None for one of Asterisk's own."""
    name = frame.raw("Channel")
    if not name:
        raise TranslationError(frame.name, "Channel")
    return None if name.partition(b"/")[0] in _INNER_RAW else ChannelId(frame.need("Uniqueid"))


def _new_channel(frame: Frame, at: datetime) -> Fact | None:
    name = frame.need("Channel")
    if is_inner(name):
        return None
    return ChannelStarted(
        at=at,
        channel=ChannelId(frame.need("Uniqueid")),
        call=CallId(frame.need("Linkedid")),
        endpoint=endpoint_of(name),
        number=number_of(frame),
    )


def _new_state(frame: Frame, at: datetime) -> Fact | None:
    channel = _channel(frame)
    state = frame.need("ChannelState")
    if channel is None:
        return None
    if state == RINGING:
        return ChannelRang(at=at, channel=channel)
    return ChannelAnswered(at=at, channel=channel) if state == UP else None


def _hangup(frame: Frame, at: datetime) -> Fact | None:
    channel = _channel(frame)
    if channel is None:
        return None
    return ChannelEnded(at=at, channel=channel, cause=need_int(frame, "Cause"))


def _is_holding(frame: Frame) -> bool:
    """A holding bridge parks one caller: nobody talks in it."""
    return frame.get("BridgeTechnology") == HOLDING_BRIDGE


def _bridge_enter(frame: Frame, at: datetime) -> Fact | None:
    name = frame.need("Channel")
    bridge = BridgeId(frame.need("BridgeUniqueid"))
    if _is_holding(frame):
        return None
    if is_local(name):
        return RelayEntered(at=at, half=RelayHalf(name), bridge=bridge)
    channel = _channel(frame)
    return BridgeEntered(at=at, channel=channel, bridge=bridge) if channel else None


def _bridge_leave(frame: Frame, at: datetime) -> Fact | None:
    name = frame.need("Channel")
    bridge = BridgeId(frame.need("BridgeUniqueid"))
    if _is_holding(frame):
        return None
    if is_local(name):
        return RelayLeft(at=at, half=RelayHalf(name), bridge=bridge)
    channel = _channel(frame)
    return BridgeLeft(at=at, channel=channel, bridge=bridge) if channel else None


def _hold(frame: Frame, at: datetime) -> Fact | None:
    channel = _channel(frame)
    return ChannelHeld(at=at, channel=channel) if channel else None


def _unhold(frame: Frame, at: datetime) -> Fact | None:
    channel = _channel(frame)
    return ChannelResumed(at=at, channel=channel) if channel else None


def _originate_response(frame: Frame, at: datetime) -> Fact | None:
    attempt = frame.get("ActionID")
    if not attempt:
        return None  # somebody else's Originate: ours always carry their attempt
    return OriginateResolved(
        at=at,
        attempt=AttemptId(attempt),
        succeeded=frame.need("Response") == "Success",
        reason=need_int(frame, "Reason"),
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
    needs_caller = fact not in _ABOUT_THE_AGENT

    def translate_agent_call(frame: Frame, at: datetime) -> Fact:
        caller = frame.need("Uniqueid") if needs_caller else frame.get("Uniqueid")
        return fact(
            at=at,
            agent=agent_of(frame.need("Interface")),
            channel=ChannelId(caller),
            queue=QueueName(frame.need("Queue")),
        )

    return translate_agent_call


def _caller_join(frame: Frame, at: datetime) -> Fact | None:
    channel = _channel(frame)
    if channel is None:
        return None
    return CallQueued(at=at, channel=channel, queue=QueueName(frame.need("Queue")))


def _member(frame: Frame) -> tuple[AgentId, QueueName]:
    return agent_of(frame.need("Interface")), QueueName(frame.need("Queue"))


def _member_added(frame: Frame, at: datetime) -> Fact:
    agent, queue = _member(frame)
    return AgentSignedIn(
        at=at,
        agent=agent,
        queue=queue,
        name=frame.get("MemberName"),
        paused=frame.need("Paused") == "1",
        reason=frame.get("PausedReason"),
    )


def _member_removed(frame: Frame, at: datetime) -> Fact:
    agent, queue = _member(frame)
    return AgentSignedOut(at=at, agent=agent, queue=queue)


def _member_pause(frame: Frame, at: datetime) -> Fact:
    agent, queue = _member(frame)
    return AgentPaused(
        at=at,
        agent=agent,
        queue=queue,
        paused=frame.need("Paused") == "1",
        reason=frame.get("PausedReason"),
    )


def _member_status(frame: Frame, at: datetime) -> Fact:
    agent, queue = _member(frame)
    status = frame.need("Status")
    return AgentPhoneChanged(
        at=at, agent=agent, queue=queue, reachable=is_reachable(status), busy=is_busy(status)
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
