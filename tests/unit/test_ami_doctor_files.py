"""What is wrong in Asterisk's own files is named with the line that mends it."""

import shutil
from pathlib import Path

import pytest

from ami_bridge.asterisk_conf import parse_conf, read_conf
from ami_bridge.doctor_files import examine_files
from ami_bridge.event_filters import knows_advanced
from ami_bridge.feed import WANTED_EVENTS
from ami_bridge.finding import Finding
from ami_bridge.parameters import AmiAddress

SAMPLE = Path(__file__).parents[2] / "asterisk-sample" / "etc"
ADDRESS = AmiAddress("127.0.0.1", 5038, "callfloor-reader", "s", "callfloor-actor", "s")


@pytest.fixture
def etc(tmp_path: Path) -> Path:
    """The sample's files, with the one placeholder that matters filled in."""
    for name in ("manager.conf", "manager_pages.conf", "cel.conf", "cdr.conf"):
        shutil.copy(SAMPLE / name, tmp_path / name)
    change(tmp_path, "manager.conf", "@AMI_BIND@", "127.0.0.1")
    return tmp_path


def change(etc: Path, name: str, old: str, new: str) -> None:
    path = etc / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


ALL_WANTED = sorted(WANTED_EVENTS)


def problems(etc: Path) -> list[Finding]:
    return [finding for finding in examine_files(etc, ADDRESS) if not finding.is_ok]


def test_the_sample_is_sound(etc: Path) -> None:
    assert problems(etc) == []
    assert len(examine_files(etc, ADDRESS)) == 3


@pytest.mark.parametrize(
    ("file", "old", "new", "detail", "line"),
    [
        ("manager.conf", "enabled = yes", "enabled = no", "AMI is off", "enabled = yes"),
        (
            *("manager.conf", "allowmultiplelogin = yes", "allowmultiplelogin = no"),
            *("a half-open session of our own would lock us out", "allowmultiplelogin = yes"),
        ),
        (
            *("manager.conf", "timestampevents = yes", ""),
            *("events carry no time, so the floor has that of their arrival",),
            "timestampevents = yes",
        ),
        (
            *("manager.conf", "bindaddr = 127.0.0.1", "bindaddr = 0.0.0.0"),
            "AMI as plain text is open beyond this machine",
            "bindaddr = 127.0.0.1, and tlsenable = yes with tlsbindaddr and tlscertfile",
        ),
        (
            *("manager.conf", "displayconnects = no", "tlsenable = yes"),
            "TLS is on without a certificate",
            "tlscertfile = /etc/asterisk/keys/asterisk.pem",
        ),
        (
            *("manager.conf", "displayconnects = no", "disabledevents = Hangup,VarSet"),
            *("disabledevents keeps hangup from us", "take them out of disabledevents"),
        ),
        (
            *("manager.conf", "read = system,call,agent,user", "read = system,call,agent"),
            *("does not hear user", "read = agent,call,system,user"),
        ),
        (
            *("manager.conf", "read = system,call,agent,user", "read = all"),
            *("hears all, which only cost time", "read = agent,call,system,user"),
        ),
        (
            *("manager.conf", "writetimeout = 5000", ""),
            "writetimeout is 100 ms: a short pause of ours ends the session",
            "writetimeout = 5000",
        ),
        (
            *("manager.conf", "write = reporting", "write ="),
            *("may take no snapshots", "write = reporting"),
        ),
        (
            *("manager.conf", "write = reporting", "write = reporting\neventfilter = !Hangup"),
            "its filters keep Hangup from us",
            "remove or change: eventfilter = !Hangup",
        ),
        (
            *("manager.conf", "write = originate,call,agent,reporting", "write = originate,call"),
            "write lacks agent, reporting",
            "write = agent,call,originate,reporting",
        ),
        (
            *("manager.conf", "read = system,call\n", "read = system\n"),
            *("read lacks call", "read = call,system"),
        ),
        ("cel.conf", "enable = yes", "enable = no", "CEL is off: there will be no records", ""),
        ("cel.conf", ",LINKEDID_END", "", "lacks LINKEDID_END", ""),
        ("cel.conf", "dial,park,queue,amd", "dial", "does not record queue", "apps = dial,queue"),
        (
            *("cdr.conf", "unanswered = yes", ""),
            *("a failed Originate leaves no record", "unanswered = yes"),
        ),
        ("cdr.conf", "batch = no", "batch = yes", "a crash loses records that wait", "batch = no"),
        (
            *("cdr.conf", "endbeforehexten = no", ""),
            *("hangup handlers cannot add to the record", "endbeforehexten = no"),
        ),
    ],
)
def test_each_fault_is_named_with_its_line(
    etc: Path, file: str, old: str, new: str, detail: str, line: str
) -> None:
    change(etc, file, old, new)

    (found,) = problems(etc)
    assert found.subject.startswith(f"{file} [")
    assert found.detail == detail
    assert found.remedy.startswith(f"{file}, [")
    assert found.remedy.endswith(line)


def test_a_user_that_is_not_there_and_one_from_anywhere(etc: Path) -> None:
    change(etc, "manager.conf", "[callfloor-actor]", "[somebody]")
    change(etc, "manager.conf", "deny = 0.0.0.0/0.0.0.0\npermit = @AMI_PERMIT@", "")

    assert {finding.detail for finding in problems(etc)} == {
        "may log in from anywhere",
        "no such user",
    }


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    found = problems(tmp_path)

    assert [finding.subject for finding in found] == ["manager.conf", "cel.conf", "cdr.conf"]
    assert all("No such file" in finding.detail for finding in found)


def test_a_file_is_read_as_asterisk_reads_it() -> None:
    conf = parse_conf(
        ";-- a\n[general]\nenabled = no\n--;\n"
        "[base](!)\nread = call ; more\nsecret => a\\;b\n"
        "[one](base)\nread = user\nread = agent\n[one](+)\nwrite=x\n#include other.conf\nnonsense\n"
    )

    one = conf.section("one")
    assert (one.get("read"), one.all_of("read")) == ("agent", ["call", "user", "agent"])
    assert (one.get("secret"), one.get("write")) == ("a;b", "x")
    assert one.words("read") == {"call", "user", "agent"}
    assert "general" not in conf.sections
    assert conf.includes


def test_included_files_are_read_and_others_are_said(tmp_path: Path) -> None:
    (tmp_path / "manager.conf").write_text(
        "[a]\nread = call\n#include other.conf\n#include manager.conf\n"
    )
    (tmp_path / "other.conf").write_text('[b]\n#tryinclude "third.conf"\n')
    (tmp_path / "third.conf").write_text("read = user\n")

    conf = read_conf(tmp_path / "manager.conf")

    assert (conf.section("b").get("read"), conf.includes) == ("user", True)
    (tmp_path / "manager.conf").write_text("[a]\n#include other.conf\n")
    assert not read_conf(tmp_path / "manager.conf").includes
    (tmp_path / "third.conf").unlink()
    assert read_conf(tmp_path / "manager.conf").includes


@pytest.mark.parametrize(
    ("lines", "hidden", "guilty"),
    [
        (["eventfilter = !Event: (RTCP|VarSet)"], [], ""),
        (
            ["eventfilter = !RTCP", "eventfilter(action(exclude),name(Hangup)) ="],
            ["Hangup"],
            "eventfilter(action(exclude),name(hangup)) =",
        ),
        (
            ["eventfilter(name(BridgeEnter),action(exclude),header(Channel),method(contains)) = x"],
            ["BridgeEnter"],
            "eventfilter(name(bridgeenter),action(exclude),header(channel),method(contains)) = x",
        ),
        (["eventfilter(action(exclude),name(VarSet)) ="], [], ""),
        (["eventfilter = ["], ALL_WANTED, "eventfilter = ["),
        (
            ["eventfilter(name(Hangup)) =", "eventfilter = Event: Newchannel"],
            [name for name in ALL_WANTED if name not in {"Hangup", "Newchannel"}],
            "eventfilter(name(hangup)) =; eventfilter = Event: Newchannel",
        ),
        (
            [f"eventfilter(name({name})) =" for name in ALL_WANTED if name != "Hangup"]
            + ["eventfilter(name(Hangup),header(Channel),method(exact)) = PJSIP/a"],
            ["Hangup"],
            "eventfilter(name(hangup),header(channel),method(exact)) = PJSIP/a",
        ),
    ],
)
def test_filters_that_hide_what_we_need_are_named_with_their_line(
    etc: Path, lines: list[str], hidden: list[str], guilty: str
) -> None:
    change(etc, "manager.conf", "write = reporting", "\n".join(["write = reporting", *lines]))
    found = [finding for finding in problems(etc) if "its filters" in finding.detail]
    assert [finding.detail for finding in found] == (
        [f"its filters keep {', '.join(hidden)} from us"] if hidden else []
    )
    assert all(finding.remedy.endswith(guilty) for finding in found)


@pytest.mark.parametrize(
    ("version", "knows"),
    [
        ("16.28.0~dfsg", False),
        ("18.25.0", False),
        ("18.26.0", True),
        ("19.8.1", False),
        ("20.7-cert2", False),
        ("20.11.0", True),
        ("22.0.0", False),
        ("22.10.0~dfsg", True),
        ("23.0.0", True),
        ("", True),
    ],
)
def test_the_form_with_criteria_is_known_from_some_releases_on(version: str, knows: bool) -> None:
    assert knows_advanced(version) is knows
