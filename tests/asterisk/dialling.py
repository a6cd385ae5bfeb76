"""How the tests dial through the sample configuration, and what they read of its ledger."""

import csv
import json
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from lab.ami import AmiSession, Message
from lab.lab import Lab

QUEUE, QUEUE_WITHOUT_AGENTS = "callfloor", "callfloor-empty"
RING_MILLISECONDS = 4000
TALK_TOLERANCE_SECONDS = 0.2


@dataclass(slots=True)
class Call:
    """One dialled number and what became of it."""

    number: str
    attempt: str = field(default_factory=lambda: str(uuid.uuid4()))
    response: Message = field(default_factory=dict)
    hangup: Message = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CelRow:
    """What these tests read of a line of the ledger."""

    kind: str
    at: float
    channel: str
    uniqueid: str
    linkedid: str
    user_event: str
    extra: dict[str, str | int]


class Floor:
    """A reader and an actor login, and the calls made through them."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self.reader = AmiSession(lab.pbx, "callfloor-reader")
        self.actor = AmiSession(lab.pbx, "callfloor-actor")

    def close(self) -> None:
        self.reader.close()
        self.actor.close()

    def add_agents(self, queue: str = QUEUE) -> None:
        for number, interface in enumerate(self.lab.agent_interfaces()):
            answer = self.actor.action(
                "QueueAdd",
                Queue=queue,
                Interface=interface,
                MemberName=f"Robot {number}",
                StateInterface=interface,
            )
            assert answer["Response"] == "Success", answer

    def dial(
        self, number: str, amd: str = "off", queue: str = QUEUE, timeout: int = RING_MILLISECONDS
    ) -> Call:
        call = Call(number)
        self.originate(
            call,
            {
                "CALLFLOOR_ATTEMPT": call.attempt,
                "CALLFLOOR_CAMPAIGN": "spring",
                "CALLFLOOR_QUEUE": queue,
                "CALLFLOOR_AMD": amd,
            },
            timeout,
        )
        return call

    def originate(self, call: Call, variables: dict[str, str], timeout: int) -> None:
        answer = self.actor.action(
            "Originate",
            variables,
            ActionID=call.attempt,
            Channel=f"PJSIP/{call.number}@carrier",
            ChannelId=call.attempt,
            Context="callfloor-answered",
            Exten="s",
            Priority="1",
            Timeout=str(timeout),
            CallerID='"Callfloor" <+861055550000>',
            Account="spring",
            Async="true",
        )
        assert answer["Response"] == "Success", answer

    def finish(self, calls: Sequence[Call], seconds: float = 30) -> None:
        """Wait for the end of each call."""
        for call in calls:
            call.response = self.actor.wait(
                has(Event="OriginateResponse", ActionID=call.attempt), seconds
            )
            call.hangup = self.reader.wait(has(Event="Hangup", Uniqueid=call.attempt), seconds)

    def cel(self, call: Call, seconds: float = 5) -> list[CelRow]:
        """The call's rows in the ledger, complete to its LINKEDID_END."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            rows = [row for row in self._ledger() if row.linkedid == call.attempt]
            if any(row.kind == "LINKEDID_END" for row in rows):
                return sorted(rows, key=lambda row: row.at)
            time.sleep(0.05)
        raise AssertionError(f"no LINKEDID_END for {call.number}")

    def _ledger(self) -> Iterator[CelRow]:
        if not self.lab.pbx.cel_ledger.exists():
            return  # emptied after the last test, and nothing was written since
        with self.lab.pbx.cel_ledger.open(encoding="utf-8", newline="") as lines:
            for row in csv.reader(lines):
                assert len(row) == 20, row
                extra = json.loads(row[19]) if row[19] else {}
                yield CelRow(row[0], float(row[1]), row[9], row[14], row[15], row[18], extra)


def has(**headers: str) -> Callable[[Message], bool]:
    """Whether an event carries these headers."""
    return lambda event: all(event.get(name) == value for name, value in headers.items())


def one(rows: Sequence[CelRow], kind: str, uniqueid: str) -> CelRow:
    (found,) = [row for row in rows if row.kind == kind and row.uniqueid == uniqueid]
    return found


def user_events(rows: Sequence[CelRow]) -> dict[str, str]:
    return {row.user_event: str(row.extra["extra"]) for row in rows if row.kind == "USER_DEFINED"}


def bridged(rows: Sequence[CelRow]) -> tuple[float, float]:
    """When both parties were in the bridge: from the second entry to the first exit."""
    entries = [row.at for row in rows if row.kind == "BRIDGE_ENTER"]
    exits = [row.at for row in rows if row.kind == "BRIDGE_EXIT"]
    assert len(entries) == len(exits) == 2, rows
    return max(entries), min(exits)
