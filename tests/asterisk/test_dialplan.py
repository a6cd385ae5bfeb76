"""The sample configuration on a real Asterisk: causes, talk times, machines, agents, crashes."""

import statistics
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from calls.campaign import DialOrder
from lab.ami import AmiSession
from lab.lab import Lab
from lab.numbering_plan import FORWARDED_TO, SCENARIOS, Scenario, expected, number_for
from tests.asterisk.dialling import (
    QUEUE,
    RING_MILLISECONDS,
    TALK_TOLERANCE_SECONDS,
    Floor,
    bridged,
    has,
    one,
    user_events,
)
from tests.asterisk.test_dialplan_asked import ask

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
    call_in(floor)
    connected = floor.reader.wait(has(Event="AgentConnect"), 3)
    assert connected["CallerIDNum"] == "+8613800138000"


def test_a_desk_phone_is_told_to_answer_what_we_dialled_and_nothing_else(floor: Floor) -> None:
    headers = {
        "1001": "<sip:callfloor>;answer-after=0",
        "1002": "<http://callfloor>;info=alert-autoanswer;delay=0",
        "1003": "",
    }
    with auto_answer(floor, {"1001": "call-info", "1002": "alert-info"}):
        for serial, (agent, header) in enumerate(headers.items()):
            interface = f"PJSIP/agent-{agent}"
            floor.actor.action("QueueAdd", Queue=QUEUE, Interface=interface)
            call = floor.dial(number_for("answered_customer_ends", 2, serial=640 + 10 * serial))
            floor.finish([call])
            assert bridged(floor.cel(call))
            assert told(floor, agent) == header
            floor.actor.action("QueueRemove", Queue=QUEUE, Interface=interface)
        asked = ask(
            floor,
            number_for("answered_customer_ends", 2, 690),
            DialOrder.CUSTOMER_FIRST,
            "agent-1002",
        )
        floor.finish([asked])
        assert told(floor, "1002") == headers["1002"]
        # The same phone: somebody calls us, and it rings.
        floor.actor.action("QueueAdd", Queue=QUEUE, Interface="PJSIP/agent-1001")
        call_in(floor)
        assert told(floor, "1001") == ""


@contextmanager
def auto_answer(floor: Floor, phones: dict[str, str]) -> Iterator[None]:
    """Let these phones be told by that header, as a site writes it into pjsip_agents.conf."""
    path = floor.lab.pbx.etc_dir / "pjsip_agents.conf"
    before = path.read_text(encoding="utf-8")
    changed = before
    for agent, header in phones.items():
        head = f"[agent-{agent}](agent)\n"
        assert head in changed
        changed = changed.replace(head, f"{head}set_var = CALLFLOOR_AUTO_ANSWER={header}\n")
    agent, header = next(iter(phones.items()))
    reload_phones(floor, path, changed, agent, has_it=True)
    try:
        yield
    finally:
        reload_phones(floor, path, before, agent, has_it=False)


def reload_phones(floor: Floor, path: Path, text: str, agent: str, *, has_it: bool) -> None:
    """Write the phones and wait until Asterisk has read them."""
    path.write_text(text, encoding="utf-8")
    floor.lab.pbx.console("module reload res_pjsip.so")
    deadline = time.monotonic() + 10
    while True:
        shown = floor.lab.pbx.console(f"pjsip show endpoint agent-{agent}")
        if ("CALLFLOOR_AUTO_ANSWER" in shown) is has_it:
            return
        assert time.monotonic() < deadline, shown
        time.sleep(0.05)


def told(floor: Floor, agent: str) -> str:
    """By which header the phone's last call asked to be answered at once."""
    shown = floor.lab.phones.console("dialplan show globals")
    (line,) = [line for line in shown.splitlines() if line.strip().startswith(f"TOLD_{agent}=")]
    return line.partition("=")[2]


def call_in(floor: Floor) -> None:
    """Let somebody call us, and wait until an agent has taken it."""
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
