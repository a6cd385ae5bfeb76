"""The sample configuration on a real Asterisk: causes, talk times, machines, agents, crashes."""

import statistics
import time
from contextlib import closing
from pathlib import Path

import pytest

from lab.ami import AmiSession
from lab.lab import Lab
from lab.numbering_plan import FORWARDED_TO, SCENARIOS, Scenario, expected, number_for
from tests.asterisk.dialling import (
    RING_MILLISECONDS,
    TALK_TOLERANCE_SECONDS,
    Floor,
    bridged,
    has,
    one,
    user_events,
)

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(90)]

ASTDB_SECONDS = 1.5
"""Asterisk writes queue members to disk once a second: a crash forgets the last second's."""


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
