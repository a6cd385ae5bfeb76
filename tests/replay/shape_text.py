"""The facts of a recorded play and what the floor made of each, as text for people."""

from datetime import datetime

from calls import facts as f
from calls.ids import BridgeId, CallId, ChannelId
from calls.live import AgentChanged, CallChanged, Change, FloorLost, FloorRestored, LiveCall
from tests.replay.shape_takes import Seen

HEAD = "seconds  fact                                              | the floor"


class Names:
    """Short names for ids in order of appearance: `carrier`, `agent-1001`, `call 1`."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def channel(self, channel: ChannelId, endpoint: str = "") -> str:
        return self._name(f"channel {channel}", endpoint or "someone", always_count=False)

    def call(self, call: CallId) -> str:
        return self._name(f"call {call}", "call")

    def bridge(self, bridge: BridgeId) -> str:
        return self._name(f"bridge {bridge}", "bridge")

    def _name(self, key: str, kind: str, *, always_count: bool = True) -> str:
        if key not in self._names:
            count = self._counts[kind] = self._counts.get(kind, 0) + 1
            self._names[key] = f"{kind} {count}" if always_count or count > 1 else kind
        return self._names[key]


def timeline(facts: tuple[f.Fact, ...], seen: Seen, began: datetime) -> str:
    """Each fact with the seconds since the first channel, and what it changed on the floor."""
    names = Names()
    lines = [HEAD]
    for fact in facts:
        changed = [_change(change, names) for cause, change in seen.changes if cause is fact]
        told = f"{(fact.at - began).total_seconds():7.3f}  {_fact(fact, names)}"
        first, *more = [text for text in changed if text] or [""]
        lines.append(f"{told:<58} | {first}".rstrip(" |"))
        lines += [f"{'':<58} | {text}" for text in more]
    return "\n".join(lines)


def verdict(seen: Seen) -> str:
    """The calls as they left the floor, and the floor at the end."""
    lines = [_ended(call, number) for number, call in enumerate(seen.ended, start=1)]
    seats = ", ".join(f"{a.agent} {a.state.value}" for a in seen.floor.agents) or "none"
    lines.append(f"at the end: {len(seen.floor.calls)} calls; seats: {seats}")
    return "\n".join(lines)


def _ended(call: LiveCall, number: int) -> str:
    parts = [
        f"ended {number}: {'answered' if call.answered_at else 'not answered'}",
        f"talk {call.talk.total_seconds():.3f}",
        f"hold {call.hold.total_seconds():.3f}",
        f"phone_hold {call.phone_hold.total_seconds():.3f}",
        f"agent {call.agent or 'nobody'}",
        f"cause {'unknown' if call.cause is None else call.cause}",
    ]
    parts += [f"amd {call.amd}"] if call.amd else []
    for flag in ("abandoned", "forwarded", "has_vanished", "has_gap"):
        parts += [flag] if getattr(call, flag) else []
    return ", ".join(parts)


def _change(change: Change, names: Names) -> str:
    match change:
        case CallChanged(call):
            with_whom = f" {call.agent}" if call.agent else ""
            on_hold = " on hold" if call.is_on_hold else ""
            return f"{names.call(call.call)} {call.state.value}{with_whom}{on_hold}"
        case AgentChanged(seat):
            of = f" {names.call(seat.call)}" if seat.call else ""
            return f"seat {seat.agent} {seat.state.value}{of}"
        case FloorLost():
            return "floor not known"
        case FloorRestored():
            return "floor known"


def _fact(fact: f.Fact, names: Names) -> str:
    match fact:
        case f.ChannelStarted():
            name = names.channel(fact.channel, fact.endpoint)
            return f"{name} begins, {names.call(fact.call)}"
        case f.ChannelEnded():
            return f"{names.channel(fact.channel)} ends, cause {fact.cause}"
        case f.CallMarked():
            return f"{names.channel(fact.channel)}: {fact.mark} {fact.value}".rstrip()
        case f.OriginateResolved():
            return f"originate {'succeeded' if fact.succeeded else 'failed'}, reason {fact.reason}"
        case f.SnapshotTaken():
            return f"snapshot: {len(fact.channels)} channels, {len(fact.agents)} seats"
        case f.LinkLost():
            return "link lost"
        case f.BridgeEntered() | f.BridgeLeft() | f.RelayEntered() | f.RelayLeft():
            return _move(fact, names)
        case _:
            return _of_agents(fact, names)


def _move(fact: f.BridgeEntered | f.BridgeLeft | f.RelayEntered | f.RelayLeft, names: Names) -> str:
    if isinstance(fact, f.RelayEntered | f.RelayLeft):
        who = f"relay {_half(fact.half)}"
    else:
        who = names.channel(fact.channel)
    verb = "enters" if isinstance(fact, f.BridgeEntered | f.RelayEntered) else "leaves"
    return f"{who} {verb} {names.bridge(fact.bridge)}"


_WORDS: dict[type[f.Fact], str] = {
    f.ChannelRang: "rings",
    f.ChannelAnswered: "answers",
    f.ChannelHeld: "presses hold",
    f.ChannelResumed: "ends the hold",
    f.AgentOffered: "is rung for",
    f.AgentMissed: "missed",
    f.AgentConnected: "gets",
    f.AgentCompleted: "is done with",
}


def _of_agents(fact: f.Fact, names: Names) -> str:
    match fact:
        case f.ChannelRang() | f.ChannelAnswered() | f.ChannelHeld() | f.ChannelResumed():
            return f"{names.channel(fact.channel)} {_WORDS[type(fact)]}"
        case f.CallQueued():
            return f"{names.channel(fact.channel)} waits in {fact.queue}"
        case f.AgentOffered() | f.AgentMissed() | f.AgentConnected() | f.AgentCompleted():
            return f"queue: {fact.agent} {_WORDS[type(fact)]} {names.channel(fact.channel)}"
        case f.AgentSignedIn():
            return f"{fact.agent} signs in"
        case f.AgentSignedOut():
            return f"{fact.agent} signs out"
        case f.AgentPhoneChanged():
            use = ", in use" if fact.busy else ""
            return f"{fact.agent} phone {'reachable' if fact.reachable else 'unreachable'}{use}"
        case _:
            return type(fact).__name__


def _half(half: str) -> str:
    """`Local/1002@from-agent-00000000;1` -> `1002;1`: serials differ from run to run."""
    return f"{half.partition('/')[2].partition('@')[0]};{half[-1]}"
