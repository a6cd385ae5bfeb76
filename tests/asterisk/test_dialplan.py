"""The sample configuration on a real Asterisk: causes, the two-second rule, talk times, rights."""

import csv
import json
import statistics
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lab.ami import AmiSession, Message
from lab.instance import InstanceError
from lab.lab import Lab
from lab.numbering_plan import FORWARDED_TO, SCENARIOS, Scenario, expected, number_for

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(90)]

QUEUE, QUEUE_WITHOUT_AGENTS = "callfloor", "callfloor-empty"
RING_MILLISECONDS = 4000
SAFE_HARBOUR_SECONDS = 3.1
TALK_TOLERANCE_SECONDS = 0.2
ASTDB_SECONDS = 1.5
"""Asterisk writes queue members to disk once a second: a crash forgets the last second's."""


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


@pytest.fixture
def floor(lab: Lab) -> Iterator[Floor]:
    floor = Floor(lab)
    yield floor
    floor.close()


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


def time_for(scenario: Scenario) -> int:
    return {"seconds": 2, "tenths": 11}[scenario.unit] if scenario.is_answered else 2


def test_every_scenario_ends_as_the_plan_says(floor: Floor) -> None:
    floor.add_agents()
    scenarios = [scenario for scenario in SCENARIOS if scenario.amd_result is None]
    calls = [
        floor.dial(number_for(scenario, time_for(scenario), serial=1),
                   timeout=8000 if scenario.name.startswith("early") else RING_MILLISECONDS)
        for scenario in scenarios
    ]  # fmt: skip
    floor.finish(calls)
    for scenario, call in zip(scenarios, calls, strict=True):
        wanted = expected(call.number, floor.lab.tree.version)
        rows = floor.cel(call)
        found = one(rows, "HANGUP", call.attempt).extra["hangupcause"]
        assert found == wanted.q850_cause, f"CEL of {scenario.name}"
        assert int(call.hangup["Cause"]) == wanted.q850_cause, f"Hangup of {scenario.name}"
        assert int(call.response["Reason"]) == scenario.originate_reason, scenario.name
        answers = [row for row in rows if row.kind == "ANSWER" and row.uniqueid == call.attempt]
        assert bool(answers) == wanted.answered, scenario.name
        if wanted.hangup_by == "network":
            assert user_events(rows)["CALLFLOOR_RESULT"] == str(wanted.sip_code), scenario.name
        if wanted.talk_seconds is not None:
            begin, end = bridged(rows)
            tolerance = pytest.approx(wanted.talk_seconds, abs=TALK_TOLERANCE_SECONDS)
            assert end - begin == tolerance, scenario.name
        assert ("CALLFLOOR_FORWARDED" in user_events(rows)) == (scenario.intended == "forwarded")
        if scenario.intended == "forwarded":
            assert user_events(rows)["CALLFLOOR_FORWARDED"] == FORWARDED_TO


def test_the_carrier_counts_every_call_itself(floor: Floor) -> None:
    number = number_for("busy", 1, serial=777)
    floor.finish([floor.dial(number), floor.dial(number)])
    deadline = time.monotonic() + 3
    while time.monotonic() < deadline:
        seen = [call for call in floor.lab.carrier_calls() if call.number == number]
        if len(seen) == 2:
            break
        time.sleep(0.05)
    assert [call.answered_at for call in seen] == [None, None]


def test_who_hung_up_is_in_cel(floor: Floor) -> None:
    floor.add_agents()
    by_customer = floor.dial(number_for("answered_customer_ends", 5))
    by_agent = floor.dial(number_for("answered_agent_ends", 8))
    floor.finish([by_customer, by_agent])
    for call, who in ((by_customer, "PJSIP/carrier-"), (by_agent, "PJSIP/agent-10")):
        source = one(floor.cel(call), "HANGUP", call.attempt).extra["hangupsource"]
        assert str(source).startswith(who)


def test_without_an_agent_the_customer_hears_the_message_after_two_seconds(floor: Floor) -> None:
    number = number_for("answered_customer_ends_long", 60)
    calls = [floor.dial(number, queue=name) for name in (QUEUE_WITHOUT_AGENTS, "no-such-queue")]
    floor.finish(calls)
    waited, refused = (floor.cel(call) for call in calls)
    answered = one(waited, "ANSWER", calls[0].attempt)
    abandoned = one(waited, "USER_DEFINED", calls[0].attempt)
    end = one(waited, "HANGUP", calls[0].attempt)
    assert 2.0 <= abandoned.at - answered.at <= 2.6
    assert user_events(waited) == {"CALLFLOOR_ABANDONED": "TIMEOUT"}
    assert end.at - abandoned.at == pytest.approx(SAFE_HARBOUR_SECONDS, abs=0.6)
    assert end.extra["hangupsource"] != f"{answered.channel}"
    assert "CALLFLOOR_ABANDONED" in user_events(refused)
    event = floor.reader.wait(has(UserEvent="CallfloorAbandoned"), 1)
    assert event["Attempt"] in {call.attempt for call in calls}


def test_busy_agents_leave_the_customer_to_the_message(floor: Floor) -> None:
    """Every agent talks: the next customer waits two seconds, is told, and is no agent's call."""
    floor.actor.action(
        "QueueAdd", Queue=QUEUE, Interface="PJSIP/agent-1001", StateInterface="PJSIP/agent-1001"
    )
    talking = floor.dial(number_for("answered_customer_ends_long", 4))
    floor.reader.wait(lambda e: e["Event"] == "BridgeEnter" and e["Uniqueid"] == talking.attempt, 3)
    late = floor.dial(number_for("answered_customer_ends_long", 20))
    floor.finish([talking, late])
    rows = floor.cel(late)
    assert user_events(rows) == {"CALLFLOOR_ABANDONED": "TIMEOUT"}
    assert not [row for row in rows if row.kind == "BRIDGE_ENTER"]


def test_a_call_without_its_variables_hears_the_message_and_is_logged(floor: Floor) -> None:
    call = Call(number_for("answered_customer_ends_long", 20))
    floor.originate(call, {}, RING_MILLISECONDS)
    floor.finish([call])
    rows = floor.cel(call)
    assert user_events(rows) == {"CALLFLOOR_ABANDONED": "STRAY"}
    assert "without CALLFLOOR_ATTEMPT" in floor.lab.pbx.log_path.read_text(encoding="utf-8")


def test_machine_detection_labels_or_hangs_up(floor: Floor) -> None:
    floor.add_agents()
    human, machine = number_for("human", 6), number_for("machine", 6)
    calls = [
        floor.dial(human, "label"),
        floor.dial(machine, "label"),
        floor.dial(machine, "hangup"),
        floor.dial(machine, "off"),
    ]
    floor.finish(calls)
    labels = [user_events(floor.cel(call)).get("CALLFLOOR_AMD", "") for call in calls]
    assert [label.partition("|")[0] for label in labels] == ["HUMAN", "MACHINE", "MACHINE", ""]
    talks = [any(row.kind == "BRIDGE_ENTER" for row in floor.cel(call)) for call in calls]
    assert talks == [True, True, False, True]
    event = floor.reader.wait(has(UserEvent="CallfloorAmd"), 1)
    assert event["Status"] in ("HUMAN", "MACHINE")


def test_an_answered_customer_is_with_the_agent_in_no_time(floor: Floor) -> None:
    floor.add_agents()
    delays = []
    for serial in range(10):
        call = floor.dial(number_for("answered_customer_ends", 2, serial * 10))
        floor.finish([call])
        rows = floor.cel(call)
        delays.append(bridged(rows)[0] - one(rows, "ANSWER", call.attempt).at)
    milliseconds = [round(delay * 1000, 1) for delay in sorted(delays)]
    print(f"answer to bridge on {floor.lab.tree.version}: {milliseconds} ms")
    assert statistics.median(delays) < 0.06


def test_the_agent_sees_the_customer(floor: Floor) -> None:
    floor.add_agents()
    call = floor.dial(number_for("answered_customer_ends", 5))
    called = floor.reader.wait(has(Event="AgentCalled"), 3)
    floor.finish([call])
    assert called["CallerIDNum"] == call.number
    ledger = floor.lab.phones.folder / "log/cdr-custom/phones.csv"
    assert is_written(ledger, call.number)


def is_written(path: Path, text: str, seconds: float = 10.0) -> bool:
    """Whether another process writes the text into the file within the time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if path.exists() and text in path.read_text(encoding="utf-8"):
            return True
        time.sleep(0.05)
    return False


def test_somebody_calls_in(floor: Floor) -> None:
    """An inbound call rings unanswered until an agent takes it."""
    floor.add_agents()
    with AmiSession(floor.lab.carrier, "lab") as carrier:
        carrier.action(
            "Originate",
            Channel="PJSIP/+861055550000@pbx",
            CallerID="<+8613800138000>",
            Application="Wait",
            Data="1",
            Async="true",
        )
        answer = carrier.wait(has(Event="OriginateResponse"), 5)
    assert answer["Response"] == "Success"
    connected = floor.reader.wait(has(Event="AgentConnect"), 3)
    assert connected["CallerIDNum"] == "+8613800138000"


@pytest.mark.parametrize("extension", ["+8613901010000", "13901010000", "nonsense"])
def test_an_agents_phone_cannot_dial_out_by_itself(floor: Floor, extension: str) -> None:
    with AmiSession(floor.lab.phones, "lab") as phones:
        phones.action(
            "Originate",
            Channel=f"PJSIP/agent-1001/sip:{extension}@127.0.0.1:{floor.lab.pbx.ports.sip}",
            Application="Wait",
            Data="1",
            Async="true",
        )
        answer = phones.wait(has(Event="OriginateResponse"), 5)
    assert answer["Response"] == "Failure"


READER_MAY = ("CoreShowChannels", "QueueStatus", "BridgeList", "DeviceStateList", "CoreStatus")


def test_the_reader_may_look_and_not_touch(floor: Floor) -> None:
    for name in (*READER_MAY, "Ping"):
        assert floor.reader.action(name)["Response"] == "Success", name
    refused = {
        "Originate": {"Channel": "PJSIP/+8613901010000@carrier", "Application": "Wait"},
        "Hangup": {"Channel": "PJSIP/nobody"},
        "QueueAdd": {"Queue": QUEUE, "Interface": "PJSIP/agent-1001"},
        "QueueRemove": {"Queue": QUEUE, "Interface": "PJSIP/agent-1001"},
        "QueuePause": {"Interface": "PJSIP/agent-1001", "Paused": "true"},
        "Redirect": {"Channel": "PJSIP/nobody", "Context": "x", "Exten": "s", "Priority": "1"},
        "Command": {"Command": "core show version"},
        "GetConfig": {"Filename": "manager.conf"},
        "ModuleLoad": {"LoadType": "reload"},
        "Filter": {"Operation": "Add", "Filter": "Event: Hangup"},
    }
    for name, headers in refused.items():
        answer = floor.reader.action(name, None, **headers)
        assert answer["Message"] == "Permission denied", f"{name}: {answer}"


def test_the_actor_may_do_its_work_and_no_more(floor: Floor) -> None:
    for name in (*READER_MAY, "Ping"):
        assert floor.actor.action(name)["Response"] == "Success", name
    allowed = {
        "QueueAdd": {"Queue": QUEUE, "Interface": "PJSIP/agent-1001"},
        "QueuePause": {"Queue": QUEUE, "Interface": "PJSIP/agent-1001", "Paused": "true"},
        "QueueRemove": {"Queue": QUEUE, "Interface": "PJSIP/agent-1001"},
    }
    for name, headers in allowed.items():
        assert floor.actor.action(name, None, **headers)["Response"] == "Success", name
    assert floor.actor.action("Hangup", Channel="x")["Message"] == "No such channel"
    refused = {
        "Command": {"Command": "core show version"},
        "GetConfig": {"Filename": "manager.conf"},
        "UpdateConfig": {"SrcFilename": "manager.conf", "DstFilename": "manager.conf"},
        "ModuleLoad": {"LoadType": "reload"},
        "UserEvent": {"UserEvent": "Forged"},
    }
    for name, headers in refused.items():
        answer = floor.actor.action(name, None, **headers)
        assert answer["Message"] == "Permission denied", f"{name}: {answer}"


def test_a_wrong_secret_is_refused(lab: Lab) -> None:
    with pytest.raises(InstanceError, match="refused"):
        AmiSession(lab.pbx, "callfloor-reader", secret="wrong")


def test_noisy_events_never_reach_the_reader(floor: Floor) -> None:
    floor.add_agents()
    floor.finish([floor.dial(number_for("answered_customer_ends", 5))])
    names = {event["Event"] for event in floor.reader.events}
    assert names.isdisjoint({"VarSet", "Newexten", "RTCPSent", "RTCPReceived"})
    assert {"Newchannel", "DialBegin", "BridgeEnter", "Hangup", "AgentConnect"} <= names
    untimed = {event["Event"] for event in floor.reader.events if "Timestamp" not in event}
    assert untimed <= {"FullyBooted"}


def test_calls_go_on_and_are_recorded_when_nobody_listens(lab: Lab) -> None:
    """Callfloor dies while the phone rings: the agent still talks, and is still recorded."""
    with closing(Floor(lab)) as floor:
        floor.add_agents()
        talk = floor.dial(number_for("answered_customer_ends", 10, serial=2))
        alone = floor.dial(
            number_for("answered_customer_ends_long", 20, serial=2), queue=QUEUE_WITHOUT_AGENTS
        )
    rows = floor.cel(talk, seconds=8)
    begin, end = bridged(rows)
    assert end - begin == pytest.approx(1.0, abs=TALK_TOLERANCE_SECONDS)
    assert user_events(floor.cel(alone, seconds=12)) == {"CALLFLOOR_ABANDONED": "TIMEOUT"}


def test_queue_members_survive_a_crash_of_asterisk(lab: Lab, floor: Floor) -> None:
    floor.add_agents()
    time.sleep(ASTDB_SECONDS)
    lab.pbx.kill()
    lab.pbx.start()
    with closing(Floor(lab)) as after:
        members = {item.get("Location") for item in after.actor.listing("QueueStatus")}
        assert set(lab.agent_interfaces()) <= members
        call = after.dial(number_for("answered_customer_ends", 5))
        after.finish([call])
        assert bridged(after.cel(call))
