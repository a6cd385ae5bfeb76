"""Both AMI logins of the sample may do their work, and nothing that owns the machine."""

import pytest

from lab.ami import AmiSession
from lab.instance import InstanceError
from lab.lab import Lab
from lab.numbering_plan import number_for
from tests.asterisk.dialling import QUEUE, Floor

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(90)]

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
