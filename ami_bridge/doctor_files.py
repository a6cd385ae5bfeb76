"""What is wrong in Asterisk's own files for Callfloor's purposes, with the line that mends it.

An AMI login cannot read its own limits, so these are looked at on disk. Pure but for reading.
"""

import ipaddress
from collections.abc import Iterator
from pathlib import Path

from ami_bridge.asterisk_conf import ConfigFile, Section, read_conf
from ami_bridge.event_filters import (
    advanced_lines,
    filters_of,
    hidden_events,
    knows_advanced,
    to_change,
)
from ami_bridge.feed import WANTED_EVENTS
from ami_bridge.finding import Finding
from ami_bridge.parameters import AmiAddress
from config.timeouts import AMI_LEAST_WRITE_TIMEOUT_MS

_FILES = ("manager.conf", "cel.conf", "cdr.conf")
_READER_CLASSES = frozenset({"system", "call", "agent", "user"})
_COSTLY_CLASSES = frozenset({"all", "dialplan", "reporting", "verbose", "security", "dtmf", "cdr"})
_ACTOR_READS = frozenset({"call"})
_ACTOR_WRITES = frozenset({"originate", "call", "agent", "reporting"})
_CEL_EVENTS = frozenset(
    {
        *("chan_start", "chan_end", "answer", "hangup", "bridge_enter", "bridge_exit"),
        *("app_start", "blindtransfer", "attendedtransfer", "pickup", "forward"),
        *("linkedid_end", "user_defined", "local_optimize"),
    }
)
_CEL_APPS = frozenset({"dial", "queue"})
_CDR: tuple[tuple[str, bool, bool, str], ...] = (
    ("unanswered", True, False, "a failed Originate leaves no record"),
    ("congestion", True, False, "congestion is recorded as failed"),
    ("endbeforehexten", False, True, "hangup handlers cannot add to the record"),
    ("initiatedseconds", False, False, "seconds are rounded up"),
    ("batch", False, False, "a crash loses records that wait"),
)
"""Option, what it should be, Asterisk's default, and what is wrong otherwise."""


def examine_files(folder: Path, address: AmiAddress, version: str = "") -> list[Finding]:
    """Look at manager.conf, cel.conf and cdr.conf; never raises for what it finds.

    version: of the Asterisk that reads them, empty where it does not tell.
    """
    findings: list[Finding] = []
    for name in _FILES:
        path = folder / name
        try:
            conf = read_conf(path)
        except OSError as error:
            remedy = "Let this user read it, or run `callfloor doctor` on Asterisk's machine."
            findings.append(Finding(False, name, f"{path}: {error.strerror}", remedy))
            continue
        problems = list(_problems(name, conf, address, version))
        more = "; included files were not read" if conf.includes else ""
        findings += problems or [Finding(True, name, f"{path} fits{more}")]
    return findings


def has_advanced_filters(folder: Path, user: str) -> bool:
    """Tell whether it takes the version to judge this user's filters."""
    try:
        return bool(advanced_lines(read_conf(folder / "manager.conf").section(user)))
    except OSError:
        return False


def _problems(name: str, conf: ConfigFile, address: AmiAddress, version: str) -> Iterator[Finding]:
    if name == "manager.conf":
        yield from _manager_general(conf.section("general"))
        yield from _reader(address.reader_user, conf, version)
        yield from _actor(address.actor_user, conf)
    elif name == "cel.conf":
        yield from _cel(conf.section("general"))
    else:
        yield from _cdr(conf.section("general"))


def _bad(file: str, section: str, detail: str, line: str) -> Finding:
    return Finding(False, f"{file} [{section}]", detail, f"{file}, [{section}]: {line}")


def _manager_general(general: Section) -> Iterator[Finding]:
    where = ("manager.conf", "general")
    if not general.is_on("enabled", default=False):
        yield _bad(*where, "AMI is off", "enabled = yes")
    if not general.is_on("allowmultiplelogin", default=True):
        detail = "a half-open session of our own would lock us out"
        yield _bad(*where, detail, "allowmultiplelogin = yes")
    if not general.is_on("timestampevents", default=False):
        detail = "events carry no time, so the floor has that of their arrival"
        yield _bad(*where, detail, "timestampevents = yes")
    if not _is_local(general.get("bindaddr", "0.0.0.0")):  # noqa: S104 # Asterisk's own default
        detail = "AMI as plain text is open beyond this machine"
        lines = "bindaddr = 127.0.0.1, and tlsenable = yes with tlsbindaddr and tlscertfile"
        yield _bad(*where, detail, lines)
    if general.is_on("tlsenable", default=False) and not general.get("tlscertfile"):
        line = "tlscertfile = /etc/asterisk/keys/asterisk.pem"
        yield _bad(*where, "TLS is on without a certificate", line)
    disabled = general.words("disabledevents") & {name.lower() for name in WANTED_EVENTS}
    if disabled:
        detail = f"disabledevents keeps {', '.join(sorted(disabled))} from us"
        yield _bad(*where, detail, "take them out of disabledevents")


def _is_local(address: str) -> bool:
    try:
        return ipaddress.ip_address(address.strip("[]")).is_loopback
    except ValueError:
        return address == "localhost"


def _user(user: str, conf: ConfigFile) -> Iterator[Finding]:
    where, section = ("manager.conf", user), conf.section(user)
    if user not in conf.sections:
        detail = "included files were not read" if conf.includes else "no such user"
        yield _bad(*where, detail, "add the section (asterisk-sample/etc/manager.conf has it)")
        return
    limit = section.get("writetimeout", "100")
    if not limit.isdigit() or int(limit) < AMI_LEAST_WRITE_TIMEOUT_MS:
        detail = f"writetimeout is {limit} ms: a short pause of ours ends the session"
        yield _bad(*where, detail, "writetimeout = 5000")
    if not (section.get("permit") or section.get("acl") or section.get("deny")):
        lines = "deny = 0.0.0.0/0.0.0.0, and permit = 127.0.0.1/255.255.255.255 (our address)"
        yield _bad(*where, "may log in from anywhere", lines)


def _reader(user: str, conf: ConfigFile, version: str) -> Iterator[Finding]:
    yield from _user(user, conf)
    if user not in conf.sections:
        return
    section = conf.section(user)
    reads, where = section.words("read"), ("manager.conf", user)
    line = f"read = {','.join(sorted(_READER_CLASSES))}"
    missing = _READER_CLASSES - reads if "all" not in reads else frozenset()
    if missing:
        yield _bad(*where, f"does not hear {', '.join(sorted(missing))}", line)
    costly = reads & _COSTLY_CLASSES
    filters = filters_of(section, version)
    if costly and not filters:
        detail = f"hears {', '.join(sorted(costly))}, which only cost time"
        yield _bad(*where, detail, line)
    if not (section.words("write") & {"reporting", "all"}):
        yield _bad(*where, "may take no snapshots", "write = reporting")
    if not knows_advanced(version) and (unknown := advanced_lines(section)):
        detail = f"Asterisk {version} does not know {unknown[0][0]}: it keeps nothing back"
        yield _bad(*where, detail, "write it as eventfilter = !Event: NAME")
    if hidden := hidden_events(filters, WANTED_EVENTS):
        detail = f"its filters keep {', '.join(hidden)} from us"
        lines = "; ".join(to_change(filters, hidden))
        yield _bad(*where, detail, f"remove or change: {lines}")


def _actor(user: str, conf: ConfigFile) -> Iterator[Finding]:
    yield from _user(user, conf)
    if user not in conf.sections:
        return
    section, where = conf.section(user), ("manager.conf", user)
    for key, needs in (("read", _ACTOR_READS), ("write", _ACTOR_WRITES)):
        has = section.words(key)
        if "all" not in has and (missing := needs - has):
            line = f"{key} = {','.join(sorted(needs | has))}"
            yield _bad(*where, f"{key} lacks {', '.join(sorted(missing))}", line)


def _cel(general: Section) -> Iterator[Finding]:
    where = ("cel.conf", "general")
    if not general.is_on("enable", default=False):
        yield _bad(*where, "CEL is off: there will be no records", "enable = yes")
    events = general.words("events")
    missing = _CEL_EVENTS - events if "all" not in events else frozenset()
    if missing:
        wanted = ",".join(sorted(name.upper() for name in _CEL_EVENTS))
        yield _bad(*where, f"lacks {', '.join(sorted(missing)).upper()}", f"events = {wanted}")
    apps = general.words("apps")
    if "all" not in apps and (lacking := _CEL_APPS - apps):
        line = f"apps = {','.join(sorted(apps | _CEL_APPS))}"
        yield _bad(*where, f"does not record {', '.join(sorted(lacking))}", line)


def _cdr(general: Section) -> Iterator[Finding]:
    where = ("cdr.conf", "general")
    if not general.is_on("enable", default=True):
        yield _bad(*where, "CDR is off", "enable = yes")
    for option, wanted, default, problem in _CDR:
        if general.is_on(option, default=default) is not wanted:
            yield _bad(*where, problem, f"{option} = {'yes' if wanted else 'no'}")
