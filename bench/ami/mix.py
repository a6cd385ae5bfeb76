"""The stream of a busy floor: 69 events a queue call, two thirds of them for nobody.

A quarter is VarSet, more than a quarter RTCP, an eighth Newexten. Headers, their order and their
lengths are those of a real Asterisk 22 with four `channelvars`; names are not ASCII.
"""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

EVENTS_PER_CALL = 69
BANNER = b"Asterisk Call Manager/11.0.0\r\n"
WANTED = (
    *("Newchannel", "Newstate", "OriginateResponse", "AgentCalled", "AgentConnect"),
    *("AgentComplete", "BridgeEnter", "BridgeLeave", "Hangup", "QueueMemberStatus"),
)
"""The names of the mix that state a fact: ten, 15 events of each call."""
_STATES = {"0": "Down", "3": "Ring", "5": "Ringing", "6": "Up"}
_NAMES = ("李雷", "Иван Müller", "Zoë O\\'Brien", "Agent 1001", "王小明")
_VARIABLES = ("CALLFLOOR_ATTEMPT", "DIALSTATUS", "QUEUENAME", "MEMBERINTERFACE", "RTPAUDIOQOS")
_APPS = ("Set", "GotoIf", "Queue", "CELGenUserEvent")

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Leg:
    """One channel of one call."""

    name: str
    uniqueid: str
    linkedid: str
    number: str
    caller: str

    def headers(self, state: str = "6", prefix: str = "", variables: bool = True) -> Headers:
        """Return a channel snapshot as Asterisk writes it."""
        pairs = [
            ("Channel", self.name),
            ("ChannelState", state),
            ("ChannelStateDesc", _STATES[state]),
            ("CallerIDNum", self.number),
            ("CallerIDName", self.caller),
            ("ConnectedLineNum", "1001"),
            ("ConnectedLineName", "Агент 1001"),
            ("Language", "en"),
            ("AccountCode", "spring"),
            ("Context", "callfloor-answered"),
            ("Exten", "s"),
            ("Priority", "7"),
            ("Uniqueid", self.uniqueid),
            ("Linkedid", self.linkedid),
        ]
        out = [(prefix + name, value) for name, value in pairs]
        if variables:
            chan = f"{prefix}ChanVariable({self.name})" if prefix else "ChanVariable"
            out += [(chan, f"CALLFLOOR_ATTEMPT={self.linkedid}"), (chan, "CALLFLOOR_QUEUE=sales")]
            out += [(chan, "CALLFLOOR_CAMPAIGN=spring"), (chan, f"LEAD_NAME={self.caller}")]
        return out


def encode(name: str, number: int, headers: Headers, privilege: str = "call,all") -> bytes:
    """Return one event's bytes. number: makes the timestamps run."""
    stamp = f"{1_790_000_000 + number / 1000:.6f}"
    first = [("Event", name), ("Privilege", privilege), ("Timestamp", stamp)]
    lines = "".join(f"{key}: {value}\r\n" for key, value in first + headers)
    return lines.encode() + b"\r\n"


def call_events(call: int) -> Iterator[bytes]:
    """Yield one call's events, in Asterisk's order."""
    linkedid = f"5f0c0a4e-0000-4000-8000-{call:012d}"
    customer = Leg(
        f"PJSIP/carrier-{call:08x}", linkedid, linkedid, f"+86139{call:08d}", _NAMES[call % 5]
    )
    agent = Leg(
        f"PJSIP/agent-{1001 + call % 20}-{call:08x}",
        f"{1_790_000_000 + call}.{call}",
        linkedid,
        "1001",
        "Агент 1001",
    )
    numbers = itertools.count(call * EVENTS_PER_CALL)
    for name, headers, privilege in _script(customer, agent):
        yield encode(name, next(numbers), headers, privilege)


def _script(customer: Leg, agent: Leg) -> Iterator[tuple[str, Headers, str]]:
    queue = [("Queue", "callfloor"), ("Interface", f"PJSIP/agent-{agent.name[12:16]}")]
    member = [*queue, ("MemberName", "Li Lei"), ("HoldTime", "1"), ("RingTime", "2")]
    bridge = [
        ("BridgeUniqueid", f"b-{customer.uniqueid}"),
        ("BridgeType", "basic"),
        ("BridgeTechnology", "simple_bridge"),
        ("BridgeCreator", "<unknown>"),
        ("BridgeName", "<unknown>"),
        ("BridgeNumChannels", "2"),
        ("BridgeVideoSourceMode", "none"),
    ]
    both = customer.headers() + agent.headers(prefix="Dest")
    cause = [("Cause", "16"), ("Cause-txt", "Normal Clearing")]
    yield "Newchannel", customer.headers("0"), "call,all"
    yield "NewCallerid", [*customer.headers("0"), ("CID-CallingPres", "0")], "call,all"
    yield from _varsets(customer, 6)
    yield "Newstate", customer.headers("6"), "call,all"
    answered = [("Response", "Success"), ("Channel", customer.name), ("Reason", "4")]
    more = [("Context", "callfloor-answered"), ("Exten", "s"), ("Uniqueid", customer.uniqueid)]
    resolved = [("ActionID", customer.uniqueid), *answered, *more]
    yield "OriginateResponse", resolved, "call,all"
    yield from _newextens(customer, 8)
    yield "QueueCallerJoin", [*customer.headers(), ("Queue", "callfloor")], "agent,all"
    yield "Newchannel", agent.headers("0"), "call,all"
    yield from _varsets(agent, 6)
    yield "AgentCalled", [*both, *member], "agent,all"
    yield "DialBegin", [*both, ("DialString", "agent-1001")], "call,all"
    yield "Newstate", agent.headers("6"), "call,all"
    yield "DialEnd", [*both, ("DialStatus", "ANSWER")], "call,all"
    yield "QueueCallerLeave", [*customer.headers(), ("Queue", "callfloor")], "agent,all"
    yield "AgentConnect", [*both, *member], "agent,all"
    yield "BridgeCreate", bridge, "call,all"
    yield "BridgeEnter", bridge + agent.headers(), "call,all"
    yield "BridgeEnter", bridge + customer.headers(), "call,all"
    status = [("Membership", "dynamic"), ("Status", "2"), ("Paused", "0"), ("InCall", "1")]
    yield "QueueMemberStatus", member[:3] + status, "agent,all"
    yield from _rtcp(customer, agent, 19)
    yield from _varsets(customer, 6)
    yield "NewConnectedLine", customer.headers(), "call,all"
    yield "HangupRequest", [*customer.headers(), ("Cause", "16")], "call,all"
    yield "BridgeLeave", bridge + customer.headers(), "call,all"
    yield "AgentComplete", [*both, *member, ("TalkTime", "20"), ("Reason", "caller")], "agent,all"
    yield "BridgeLeave", bridge + agent.headers(), "call,all"
    yield "BridgeDestroy", bridge, "call,all"
    yield "Hangup", agent.headers() + cause, "call,all"
    yield "Hangup", customer.headers() + cause, "call,all"


def _varsets(leg: Leg, count: int) -> Iterator[tuple[str, Headers, str]]:
    for number in range(count):
        pair = [("Variable", _VARIABLES[number % 5]), ("Value", f"value-{number}-{leg.caller}")]
        yield "VarSet", leg.headers() + pair, "dialplan,all"


def _newextens(leg: Leg, count: int) -> Iterator[tuple[str, Headers, str]]:
    for number in range(count):
        app = [("Application", _APPS[number % 4]), ("AppData", f"X={number}")]
        more = [("Extension", "s"), *app]
        yield "Newexten", leg.headers(variables=False) + more, "dialplan,all"


def _rtcp(customer: Leg, agent: Leg, count: int) -> Iterator[tuple[str, Headers, str]]:
    for number in range(count):
        leg = agent if number % 2 else customer
        report = [
            ("SSRC", "0x6b8b4567"),
            ("PT", "200(SR)"),
            ("ReportCount", "1"),
            ("SentNTP", f"1790000{number:03d}.5242880"),
            ("SentRTP", str(160 * number)),
            ("SentPackets", str(50 * number)),
            ("SentOctets", str(8000 * number)),
            ("Report0SourceSSRC", "0x327b23c6"),
            ("Report0FractionLost", "0"),
            ("Report0CumulativeLost", "0"),
            ("Report0HighestSequence", str(9000 + number)),
            ("Report0SequenceNumberCycles", "0"),
            ("Report0IAJitter", "3"),
            ("Report0LSR", "1234567"),
            ("Report0DLSR", "2.1100"),
        ]
        name = "RTCPSent" if number % 3 else "RTCPReceived"
        where = [("To", "127.0.0.1:12001"), ("From", "127.0.0.1:12003"), ("RTT", "0.0005")]
        yield name, leg.headers(variables=False) + where + report, "reporting,all"


def stream(events: int, only: frozenset[str] | None = None) -> bytes:
    """Return that many events. only: leave out every other name."""
    made: Iterator[bytes] = itertools.chain.from_iterable(
        call_events(call) for call in itertools.count()
    )
    if only is not None:
        made = (event for event in made if event[7 : event.find(b"\r")].decode() in only)
    return b"".join(itertools.islice(made, events))
