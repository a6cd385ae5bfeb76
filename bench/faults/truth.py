"""What Asterisk itself says, against what the floor said: in mid-flight and at the end."""

import asyncio
import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bench.faults.traffic import Order
from calls.agent_state import AgentState
from calls.call_state import CallState
from calls.floor import Floor
from calls.ids import AgentId, AttemptId, CallId
from calls.live import CallChanged, Change, LiveAgent, LiveCall
from lab.ami import AmiSession, Message
from lab.lab import Lab

_OLD_SECONDS = 1
_SETTLE_SECONDS = 0.5
_UNIQUEID, _EVENT = 14, 0


@dataclass
class Ends:
    """How often each call ended on the floor."""

    count: Counter[CallId] = field(default_factory=Counter)
    vanished: set[CallId] = field(default_factory=set)

    def hear(self, change: Change) -> None:
        """Listen to the floor."""
        if isinstance(change, CallChanged) and change.call.state is CallState.ENDED:
            self.count[change.call.call] += 1
            if change.call.has_vanished:
                self.vanished.add(change.call.call)


@dataclass(frozen=True, slots=True)
class Picture:
    """The floor at one moment."""

    calls: dict[CallId, LiveCall]
    agents: dict[AgentId, LiveAgent]

    @classmethod
    def of(cls, floor: Floor) -> "Picture":
        """Take it."""
        return cls({c.call: c for c in floor.calls}, {a.agent: a for a in floor.agents})


async def compare(lab: Lab, floor: Floor) -> list[str] | None:
    """Return what is wrong on the floor; None if the link broke meanwhile.

    Asterisk is asked on a line of its own between two pictures of the floor: what differs from
    both, and did not just begin or change, is wrong.
    """
    before = Picture.of(floor)
    channels, members = await asyncio.to_thread(_ask, lab)
    await asyncio.sleep(_SETTLE_SECONDS)
    if not floor.is_known:
        return None
    after = Picture.of(floor)
    legs = {CallId(item["Uniqueid"]): item for item in channels if _is_customer(item)}
    wrong = [*_wrong_calls(before, after, legs), *_wrong_talks(before, after, legs)]
    return wrong + _wrong_agents(before, after, members)


def _ask(lab: Lab) -> tuple[list[Message], list[Message]]:
    with AmiSession(lab.pbx, "callfloor-actor", events=False) as session:
        return session.listing("CoreShowChannels"), session.listing("QueueStatus")


def _is_customer(item: Message) -> bool:
    return item.get("Channel", "").startswith("PJSIP/carrier-")


def _wrong_calls(before: Picture, after: Picture, legs: Mapping[CallId, Message]) -> list[str]:
    wrong = []
    for call, item in legs.items():
        hours, minutes, seconds = (int(part) for part in item["Duration"].split(":"))
        is_old = hours or minutes or seconds > _OLD_SECONDS
        if is_old and call not in before.calls and call not in after.calls:
            wrong.append(f"Asterisk has call {call}, the floor has not")
    for call in before.calls.keys() & after.calls.keys() - legs.keys():
        if before.calls[call].has_channel:
            wrong.append(f"the floor has call {call}, Asterisk has not")
    return wrong


def _wrong_talks(before: Picture, after: Picture, legs: Mapping[CallId, Message]) -> list[str]:
    wrong = []
    for call, item in legs.items():
        known = before.calls.get(call)
        if known is None or known != after.calls.get(call):
            continue
        if (known.state is CallState.TALKING) != bool(item.get("BridgeId")):
            wrong.append(f"call {call} is {known.state}, its bridge is {item.get('BridgeId')!r}")
    return wrong


def _wrong_agents(before: Picture, after: Picture, members: list[Message]) -> list[str]:
    wrong = []
    for item in members:
        if item.get("Event") != "QueueMember":
            continue
        agent = AgentId(item["Location"].partition("/")[2])
        seat, later = before.agents.get(agent), after.agents.get(agent)
        if seat is None or later is None:
            wrong.append(f"{agent} is signed in, the floor does not know")
        elif seat == later and (item["InCall"] == "1") != (seat.state is AgentState.TALKING):
            wrong.append(f"{agent} is {seat.state}, in Asterisk InCall is {item['InCall']}")
    return wrong


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the whole run came to; all but the first two must be 0."""

    placed: int
    carried_out: int
    settled_by_records: int
    lost: int
    doubled: int
    sent_without_leave: int
    left_on_floor: int

    @property
    def is_clean(self) -> bool:
        """Whether nothing was lost, doubled or left over."""
        return not (self.lost or self.doubled or self.sent_without_leave or self.left_on_floor)


def judge(ledger: Path, orders: Mapping[AttemptId, Order], ends: Ends, floor: Floor) -> Verdict:
    """Compare every order with Asterisk's own CEL.

    lost: ordered and acknowledged but not carried out, or ended in Asterisk and neither on the
    floor nor to be found by its id. doubled: carried out twice, or ended twice on the floor.
    """
    starts, finished = _read_ledger(ledger)
    lost = doubled = early = by_records = 0
    for attempt, order in orders.items():
        times, is_over = starts[attempt], ends.count[CallId(attempt)] > 0
        lost += order is Order.QUEUED and not times
        lost += bool(times) and not is_over and attempt not in finished
        by_records += bool(times) and (not is_over or CallId(attempt) in ends.vanished)
        doubled += times > 1 or ends.count[CallId(attempt)] > 1
        early += order is Order.NOT_SENT and times > 0
    live = sum(call.has_channel for call in floor.calls)
    carried_out = sum(attempt in starts for attempt in orders)
    return Verdict(len(orders), carried_out, by_records, lost, doubled, early, live)


def _read_ledger(ledger: Path) -> tuple[Counter[str], set[str]]:
    """Return how often each channel started, and which have ended."""
    starts: Counter[str] = Counter()
    finished = set()
    with ledger.open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            if row[_EVENT] == "CHAN_START":
                starts[row[_UNIQUEID]] += 1
            elif row[_EVENT] == "CHAN_END":
                finished.add(row[_UNIQUEID])
    return starts, finished
