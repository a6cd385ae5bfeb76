"""What `eventfilter` lines keep back on a real Asterisk is what doctor says of them."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from ami_bridge.actions import AmiAction, action_for
from ami_bridge.asterisk_conf import read_conf
from ami_bridge.doctor import examine
from ami_bridge.event_filters import filters_of, hidden_events
from ami_bridge.framing import Frame
from ami_bridge.parameters import Login
from ami_bridge.session import AmiSession
from lab.lab import Lab
from lab.manager import manager_changed
from tests.asterisk.test_ami_bridge import BUSY, a_call, address_of
from tests.fakes.started_switch import eventually

pytestmark = pytest.mark.asterisk

SECRET = "only-for-this-test"
LOOKED_AT = ("Hangup", "Newchannel")
FILTERS = {
    "none": "",
    "old-out": "eventfilter = !Event: Hangup",
    "old-in": "eventfilter = Event: Newchannel",
    "new-out": "eventfilter(action(exclude),name(Hangup)) =",
    "new-in": "eventfilter(action(include),name(Newchannel)) =",
    "new-part": "eventfilter(action(exclude),name(Hangup),header(Channel),method(starts_with))"
    " = PJSIP/carrier",
}
SECTIONS = "\n".join(
    f"[{user}]\nsecret = {SECRET}\nread = system,call\nwrite = originate,call,reporting\n"
    f"writetimeout = 5000\n{line}\n"
    for user, line in FILTERS.items()
)


async def test_both_forms_keep_back_what_doctor_says(lab: Lab) -> None:
    heard: dict[str, list[str]] = defaultdict(list)

    def hear(user: str) -> Callable[[Frame], None]:
        return lambda frame: heard[user].append(frame.name)

    with manager_changed(lab, more=SECTIONS):
        path = lab.pbx.etc_dir / "manager.conf"
        async with AsyncExitStack() as stack:
            sessions = {
                user: AmiSession(
                    address_of(lab),
                    Login(user, SECRET, "on"),
                    wanted=LOOKED_AT,
                    on_event=hear(user),
                )
                for user in FILTERS
            }
            for session in sessions.values():
                await session.open()
                stack.push_async_callback(session.close)
            settings = await sessions["none"].ask(AmiAction("CoreSettings"))
            version = settings.get("AsteriskVersion")
            await sessions["none"].ask(action_for(a_call(BUSY)))
            await eventually(lambda: "Hangup" in heard["none"])
            # Each session's events lie before the answer to what it is asked afterwards.
            await asyncio.gather(*(one.ask(AmiAction("Ping")) for one in sessions.values()))

        told = _told_by_doctor(path, version)
        reader = replace(address_of(lab), reader_user="new-out", reader_secret=SECRET)
        findings = await examine(reader, config_folder=lab.pbx.etc_dir)

    hidden = {user: [n for n in LOOKED_AT if n not in heard[user]] for user in FILTERS}
    assert hidden == told
    knows_new_form = lab.tree.version == "22"
    assert hidden["old-out"] == hidden["old-in"] == ["Hangup"]
    for user in ("new-out", "new-in", "new-part"):
        assert hidden[user] == (["Hangup"] if knows_new_form else [])
    said = "its filters keep Hangup from us" if knows_new_form else "does not know eventfilter("
    assert [said in finding.detail for finding in findings].count(True) == 1


def _told_by_doctor(path: Path, version: str) -> dict[str, list[str]]:
    conf = read_conf(path)
    return {
        user: hidden_events(filters_of(conf.section(user), version), LOOKED_AT) for user in FILTERS
    }
