"""AMI events to facts: each event once, and strictness on what is missing."""

from datetime import UTC, datetime

import pytest

from ami_bridge.errors import TranslationError
from ami_bridge.framing import Frame
from ami_bridge.snapshot import Lists, build_snapshot
from ami_bridge.translate import FACT_EVENTS, endpoint_of, translate
from calls import facts as f
from calls.ids import AgentId, AttemptId, BridgeId, CallId, ChannelId, QueueName, RelayHalf

NOW = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
AT = datetime(2026, 11, 22, 8, 1, 2, 345678, tzinfo=UTC)
STAMP = f"{int(AT.timestamp())}.345678"
CHANNEL, AGENT, QUEUE = ChannelId("u-1"), AgentId("agent-1001"), QueueName("sales")

CUSTOMER = """\
Channel: PJSIP/carrier-0000002a
ChannelState: {state}
CallerIDNum: +8613800138000
CallerIDName: <unknown>
Uniqueid: u-1
Linkedid: l-1
"""
HALF = RelayHalf("Local/1002@floor-0000002a;1")
RELAY = CUSTOMER.format(state=6).replace("PJSIP/carrier-0000002a", HALF)
MEMBER = """\
Queue: sales
MemberName: Li Lei
Interface: PJSIP/agent-1001
Status: {status}
Paused: {paused}
PausedReason: lunch
"""
OFFER = CUSTOMER.format(state=6) + "DestUniqueid: u-2\nQueue: sales\nInterface: PJSIP/agent-1001\n"


def an_event(name: str, body: str = "", stamp: str = STAMP) -> Frame:
    text = f"Event: {name}\nPrivilege: call,all\n"
    text += f"Timestamp: {stamp}\n" if stamp else ""
    return Frame((text + body).strip("\n").replace("\n", "\r\n").encode(), name)


CASES: list[tuple[str, str, f.Fact | None]] = [
    (
        "Newchannel",
        CUSTOMER.format(state=0),
        f.ChannelStarted(AT, CHANNEL, CallId("l-1"), "carrier", "+8613800138000"),
    ),
    ("Newstate", CUSTOMER.format(state=4), None),
    ("Newstate", CUSTOMER.format(state=5), f.ChannelRang(AT, CHANNEL)),
    ("Newstate", CUSTOMER.format(state=6), f.ChannelAnswered(AT, CHANNEL)),
    ("Hangup", CUSTOMER.format(state=6) + "Cause: 17\n", f.ChannelEnded(AT, CHANNEL, 17)),
    (
        "BridgeEnter",
        "BridgeUniqueid: b-1\nBridgeTechnology: simple_bridge\n" + CUSTOMER.format(state=6),
        f.BridgeEntered(AT, CHANNEL, BridgeId("b-1")),
    ),
    (
        "BridgeEnter",
        "BridgeUniqueid: b-1\nBridgeTechnology: holding_bridge\n" + CUSTOMER.format(state=6),
        None,
    ),
    (
        "BridgeLeave",
        "BridgeUniqueid: b-1\nBridgeTechnology: simple_bridge\n" + CUSTOMER.format(state=6),
        f.BridgeLeft(AT, CHANNEL, BridgeId("b-1")),
    ),
    (
        "BridgeEnter",
        "BridgeUniqueid: b-1\nBridgeTechnology: simple_bridge\n" + RELAY,
        f.RelayEntered(AT, HALF, BridgeId("b-1")),
    ),
    (
        "BridgeLeave",
        "BridgeUniqueid: b-1\nBridgeTechnology: simple_bridge\n" + RELAY,
        f.RelayLeft(AT, HALF, BridgeId("b-1")),
    ),
    (
        "BridgeEnter",
        "BridgeUniqueid: b-1\nBridgeTechnology: holding_bridge\n" + RELAY,
        None,
    ),
    ("Hold", CUSTOMER.format(state=6), f.ChannelHeld(AT, CHANNEL)),
    ("Unhold", CUSTOMER.format(state=6), f.ChannelResumed(AT, CHANNEL)),
    (
        "OriginateResponse",
        "ActionID: att-1\nResponse: Failure\nReason: 5\nUniqueid: att-1\n",
        f.OriginateResolved(AT, AttemptId("att-1"), succeeded=False, reason=5),
    ),
    (
        "OriginateResponse",
        "ActionID: att-1\nResponse: Success\nReason: 4\nUniqueid: att-1\n",
        f.OriginateResolved(AT, AttemptId("att-1"), succeeded=True, reason=4),
    ),
    ("OriginateResponse", "Response: Failure\nReason: 5\nUniqueid: x\n", None),
    (
        "UserEvent",
        CUSTOMER.format(state=6) + "UserEvent: CallfloorAmd\nStatus: MACHINE\nCause: X\n",
        f.CallMarked(AT, CHANNEL, "amd", "machine"),
    ),
    (
        "UserEvent",
        CUSTOMER.format(state=6) + "UserEvent: CallfloorAbandoned\nStatus: TIMEOUT\n",
        f.CallMarked(AT, CHANNEL, "abandoned", "timeout"),
    ),
    (
        "UserEvent",
        CUSTOMER.format(state=6) + "UserEvent: CallfloorForwarded\nTo: +861\n",
        f.CallMarked(AT, CHANNEL, "forwarded", "+861"),
    ),
    ("UserEvent", "UserEvent: SomebodyElses\n", None),
    ("AgentCalled", OFFER, f.AgentOffered(AT, AGENT, CHANNEL, QUEUE)),
    ("AgentRingNoAnswer", OFFER, f.AgentMissed(AT, AGENT, CHANNEL, QUEUE)),
    ("AgentConnect", OFFER, f.AgentConnected(AT, AGENT, CHANNEL, QUEUE)),
    ("AgentComplete", OFFER, f.AgentCompleted(AT, AGENT, CHANNEL, QUEUE)),
    (
        "QueueMemberAdded",
        MEMBER.format(status=1, paused=1),
        f.AgentSignedIn(AT, AGENT, QUEUE, "Li Lei", paused=True, reason="lunch"),
    ),
    (
        "QueueMemberRemoved",
        MEMBER.format(status=1, paused=0),
        f.AgentSignedOut(AT, AGENT, QUEUE),
    ),
    (
        "QueueMemberPause",
        MEMBER.format(status=1, paused=1),
        f.AgentPaused(AT, AGENT, QUEUE, paused=True, reason="lunch"),
    ),
    (
        "QueueMemberStatus",
        MEMBER.format(status=5, paused=0),
        f.AgentPhoneChanged(AT, AGENT, QUEUE, reachable=False),
    ),
    (
        "QueueMemberStatus",
        MEMBER.format(status=2, paused=0),
        f.AgentPhoneChanged(AT, AGENT, QUEUE, reachable=True, busy=True),
    ),
    (
        "QueueCallerJoin",
        CUSTOMER.format(state=4) + "Queue: sales\nPosition: 1\nCount: 1\n",
        f.CallQueued(AT, CHANNEL, QUEUE),
    ),
    ("Shutdown", "Shutdown: Cleanly\n", f.LinkLost(AT, "Asterisk is shutting down")),
    ("VarSet", "Variable: x\n", None),
]


@pytest.mark.parametrize(("name", "body", "fact"), CASES)
def test_each_event_states_its_fact(name: str, body: str, fact: f.Fact | None) -> None:
    assert translate(an_event(name, body), NOW) == fact


def test_every_translated_event_has_a_case() -> None:
    assert {name for name, _, _ in CASES} - {"VarSet"} == FACT_EVENTS


def test_without_a_timestamp_the_given_time_is_taken() -> None:
    fact = translate(an_event("Newstate", CUSTOMER.format(state=6), stamp=""), NOW)

    assert fact == f.ChannelAnswered(NOW, CHANNEL)


@pytest.mark.parametrize("name", ["Newchannel", "Newstate", "Hangup", "Hold", "Unhold"])
def test_local_channels_are_no_party(name: str) -> None:
    assert translate(an_event(name, RELAY + "Cause: 16\n"), NOW) is None


@pytest.mark.parametrize("name", ["Newchannel", "Newstate", "Hangup", "BridgeEnter", "BridgeLeave"])
@pytest.mark.parametrize("technology", ["CBAnn", "Announcer", "Recorder", "Surrogate", "Snoop"])
def test_asterisks_own_channels_are_nobody(name: str, technology: str) -> None:
    body = CUSTOMER.format(state=6).replace("PJSIP/", f"{technology}/")
    assert translate(an_event(name, body + "BridgeUniqueid: b\nCause: 16\n"), NOW) is None


_CHANNEL_EVENTS = ("Newchannel", "Newstate", "Hangup", "BridgeEnter", "BridgeLeave")
NEEDS = {
    **{name: {"Channel", "Uniqueid"} for name in _CHANNEL_EVENTS},
    "OriginateResponse": {"Response", "Reason"},
    "UserEvent": {"UserEvent", "Uniqueid"},
}
NEEDS["Newchannel"] |= {"Linkedid"}
NEEDS["Newstate"] |= {"ChannelState"}
NEEDS["QueueCallerJoin"] = {"Channel", "Uniqueid", "Queue"}
NEEDS["Hangup"] |= {"Cause"}
NEEDS["QueueMemberStatus"] = {"Queue", "Interface", "Status"}
NEEDS["AgentComplete"] = NEEDS["AgentRingNoAnswer"] = {"Queue", "Interface"}
REQUIRED = [
    (name, body, line)
    for name, body, fact in CASES
    if fact is not None and not isinstance(fact, f.RelayEntered | f.RelayLeft)  # told by its name
    for line in body.splitlines()
    if line.partition(":")[0] in NEEDS.get(name, {"Uniqueid", "Queue", "Interface"})
]


@pytest.mark.parametrize(("name", "body", "line"), REQUIRED)
def test_a_missing_header_names_event_and_header(name: str, body: str, line: str) -> None:
    header = line.partition(":")[0]
    without = "\n".join(kept for kept in body.splitlines() if kept != line)

    with pytest.raises(TranslationError) as caught:
        translate(an_event(name, without), NOW)
    assert (caught.value.event, caught.value.header) == (name, header)


@pytest.mark.parametrize(
    ("body", "stamp", "header"),
    [("Cause: many\n", STAMP, "Cause"), ("Cause: 16\n", "yesterday", "Timestamp")],
)
def test_a_garbled_header_is_no_guess(body: str, stamp: str, header: str) -> None:
    with pytest.raises(TranslationError, match=header):
        translate(an_event("Hangup", CUSTOMER.format(state=6) + body, stamp), NOW)


@pytest.mark.parametrize(
    ("channel", "endpoint"),
    [
        ("PJSIP/agent-1001-0000002a", "agent-1001"),
        ("PJSIP/carrier-00000001", "carrier"),
        ("SIP/plain", "plain"),
    ],
)
def test_endpoint_lies_between_technology_and_serial(channel: str, endpoint: str) -> None:
    assert endpoint_of(channel) == endpoint


def test_a_snapshot_holds_channels_and_agents_without_locals() -> None:
    status = Frame(b"Response: Success\r\nCoreStartupDate: 2026-11-22\r\nCoreStartupTime: 07:00:00")
    customer = CUSTOMER.format(state=6) + "Duration: 01:02:03\nBridgeId: b-1\n"
    local = customer.replace("PJSIP/", "Local/")
    member = MEMBER.format(status=5, paused=1).replace("Interface", "Location")
    member = member.replace("MemberName", "Name") + "InCall: 1\n"

    taken = build_snapshot(
        NOW,
        Lists(
            status,
            (),
            (an_event("CoreShowChannel", customer), an_event("CoreShowChannel", local)),
            (
                an_event("QueueParams", "Queue: sales\n"),
                an_event("QueueMember", member),
                an_event("QueueEntry", customer + "Queue: sales\nPosition: 1\n"),
            ),
        ),
    )

    assert taken == f.SnapshotTaken(
        NOW,
        asterisk_started_at=datetime(2026, 11, 22, 7, 0, tzinfo=UTC),
        channels=(
            f.ChannelSeen(
                CHANNEL,
                CallId("l-1"),
                "carrier",
                "+8613800138000",
                6,
                BridgeId("b-1"),
                3723.0,
                QUEUE,
            ),
        ),
        agents=(
            f.AgentSeen(
                AGENT, QUEUE, "Li Lei", paused=True, reason="lunch", in_call=True, reachable=False
            ),
        ),
        relays=(f.RelaySeen(RelayHalf(local.split()[1]), BridgeId("b-1")),),
    )


def test_in_a_snapshot_too_nobody_talks_in_a_holding_bridge() -> None:
    status = Frame(b"Response: Success\r\nCoreStartupDate: 2026-11-22\r\nCoreStartupTime: 07:00:00")
    bridges = [
        an_event("BridgeListItem", f"BridgeUniqueid: {name}\nBridgeTechnology: {technology}\n")
        for name, technology in (("b-1", "holding_bridge"), ("b-2", "simple_bridge"))
    ]
    channels = [
        an_event(
            "CoreShowChannel",
            CUSTOMER.format(state=6) + f"Duration: 00:00:01\nBridgeId: {bridge}\n",
        )
        for bridge in ("b-1", "b-2", "b-younger-than-the-list", "")
    ]

    taken = build_snapshot(NOW, Lists(status, tuple(bridges), tuple(channels), ()))

    assert [seen.bridge for seen in taken.channels] == [
        None,
        "b-2",
        "b-younger-than-the-list",
        None,
    ]


@pytest.mark.parametrize(
    ("status", "rings"), [(1, False), (2, False), (6, True), (7, True), (5, False)]
)
def test_a_snapshot_tells_whose_phone_rings(status: int, rings: bool) -> None:
    core = Frame(b"Response: Success\r\nCoreStartupDate: 2026-11-22\r\nCoreStartupTime: 07:00:00")
    member = MEMBER.format(status=status, paused=0).replace("Interface", "Location")

    taken = build_snapshot(NOW, Lists(core, (), (), (an_event("QueueMember", member),)))

    assert [seen.rings for seen in taken.agents] == [rings]


@pytest.mark.parametrize(
    ("name", "kind"), [("AgentComplete", f.AgentCompleted), ("AgentRingNoAnswer", f.AgentMissed)]
)
def test_an_agents_end_is_told_even_when_both_legs_are_gone(
    name: str, kind: type[f.AgentCompleted] | type[f.AgentMissed]
) -> None:
    """Asterisk 22 under load sent this, word for word; skipped, the seat stayed in its talk."""
    told = an_event(
        name,
        "Privilege: agent,all\nQueue: sales\nInterface: PJSIP/agent-1001\nMemberName: Robot 23\n"
        "HoldTime: 0\nTalkTime: 2\nReason: caller\n",
    )

    assert translate(told, AT) == kind(AT, AGENT, ChannelId(""), QUEUE)
