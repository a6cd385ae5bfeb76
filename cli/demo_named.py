"""The Asterisk that the user names: does it fit the demo, before anything is dialled?

It must be on this machine and run asterisk-sample's configuration, with a trunk that leads to
loopback: there the demo puts its carrier, so that no sample number ever reaches a real network.
"""

import asyncio
import os
import re
import socket
import time
import uuid
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from ami_bridge.actions import AmiAction
from ami_bridge.doctor import Finding, examine
from ami_bridge.errors import AmiError, SwitchError
from ami_bridge.parameters import AmiAddress
from ami_bridge.pending import LIST_EVENTS
from ami_bridge.session import AmiSession
from cli.service import ami_address
from config.settings import Settings, SettingsError, load_settings
from config.timeouts import DEMO_LEDGER_SECONDS, DEMO_SERVICE_POLL_SECONDS
from lab.lab import NamedAsterisk

URL_VARIABLE = "CALLFLOOR_AMI_URL"
SIP_PORT_VARIABLE = "CALLFLOOR_DEMO_SIP_PORT"
AGENT_SECRET_VARIABLE = "CALLFLOOR_DEMO_AGENT_SECRET"  # noqa: S105 - a name, no secret
LEDGER_VARIABLE = "CALLFLOOR_ASTERISK_CEL_LEDGER"
DEFAULT_SIP_PORT = 5060
TRUNK = "carrier"
REFUSING_CONTEXT = "from-agent"
"""It refuses every extension that is neither a colleague nor the echo test."""
_TAIL_BYTES = 65_536
_LOOPBACK = ("127.0.0.1", "localhost")
_SAMPLE = "take it from asterisk-sample/etc"
_CONTACT = re.compile(r"PJSIP/[^/]+/sip:(?:[^@]*@)?(?P<host>[^:;>]+)(?::(?P<port>\d+))?")


class NamedAsteriskUnfit(RuntimeError):
    """The named Asterisk cannot carry the demo; one line for each thing, with its remedy."""


@dataclass(frozen=True, slots=True)
class NamedDemo:
    """What the demo needs to know of a named Asterisk. version: major, as text."""

    settings: Settings
    ledger: Path
    lab: NamedAsterisk
    version: str

    async def leave(self, members: Sequence[str], queues: Sequence[str]) -> None:
        """Take the robot agents out of the queues; what fails is left to the user."""
        address = ami_address(self.settings)
        session = AmiSession(address, address.actor)
        with suppress(AmiError, SwitchError):
            await session.open()
        for queue, member in product(queues, members):
            headers = (("Queue", queue), ("Interface", member))
            with suppress(AmiError, SwitchError):  # a member of one queue is none of the other
                await session.ask(AmiAction("QueueRemove", headers))
        await session.close()


@dataclass(frozen=True, slots=True)
class _Seen:
    """What the named Asterisk said of itself; empty where it said nothing."""

    version: str
    answered_context: str
    trunk: str
    queues: frozenset[str]
    agents_missing: tuple[str, ...]


async def find_named(agents: int, queues: Sequence[str]) -> NamedDemo | None:
    """Look at the Asterisk of CALLFLOOR_AMI_URL; None if none is named.

    Raises NamedAsteriskUnfit with everything that is in the way, before anything is dialled.
    """
    if not os.environ.get(URL_VARIABLE):
        return None
    try:
        settings = load_settings()
    except SettingsError as error:
        raise NamedAsteriskUnfit(str(error)) from error
    _refuse(_given_problems(settings))
    address = ami_address(settings)
    findings = await examine(address)
    # An old version is the user's to judge; the demo needs only what it will use.
    _refuse([f for f in findings if not f.is_ok and f.subject not in ("version", "transport")])
    try:
        seen = await _look(address, agents)
    except (AmiError, SwitchError) as error:
        raise NamedAsteriskUnfit(f"the named Asterisk: {error}") from error
    host, port = trunk_target(seen.trunk)
    _refuse([*_unfit(seen, queues), *_trunk_problems(seen.trunk, host, port)])
    ledger = Path(settings.asterisk_cel_ledger)
    _refuse(await _prove_ledger(address, ledger))
    return NamedDemo(
        settings=settings,
        ledger=ledger,
        lab=NamedAsterisk(_sip_port(), port, os.environ[AGENT_SECRET_VARIABLE]),
        version=seen.version.partition(".")[0],
    )


def _refuse(problems: Sequence[Finding]) -> None:
    if problems:
        lines = [f"  {p.subject}: {p.detail}. {p.remedy}" for p in problems]
        text = "the Asterisk of CALLFLOOR_AMI_URL does not fit the demo:\n"
        raise NamedAsteriskUnfit(text + "\n".join(lines))


def _given_problems(settings: Settings) -> list[Finding]:
    """What the environment lacks, so that Asterisk need not be asked."""
    problems = []
    if ami_address(settings).host not in _LOOPBACK:
        detail = "is not on this machine, but the demo's carrier and phones are on 127.0.0.1"
        remedy = "Run the demo beside that Asterisk."
        problems.append(Finding(False, URL_VARIABLE, detail, remedy))
    if not os.environ.get(AGENT_SECRET_VARIABLE):
        remedy = "Set it to the SITE_AGENT_SECRET of that Asterisk."
        problems.append(Finding(False, AGENT_SECRET_VARIABLE, "is not set", remedy))
    port = os.environ.get(SIP_PORT_VARIABLE, "")
    if port and not (port.isdecimal() and 0 < int(port) < 65_536):
        remedy = "Set it to the SITE_SIP_PORT of that Asterisk, a number from 1 to 65535."
        problems.append(Finding(False, SIP_PORT_VARIABLE, f"is {port!r}", remedy))
    return problems + _ledger_problems(settings.asterisk_cel_ledger)


def _ledger_problems(named: str) -> list[Finding]:
    """The file comes with the first call; its folder must be there."""
    remedy = (
        "Name Asterisk's callfloor-cel.csv as seen from here; compose.yaml puts it into "
        "LEDGER_FOLDER (asterisk-sample/ledger)."
    )
    if not named:
        return [Finding(False, LEDGER_VARIABLE, "is not set", remedy)]
    path = Path(named)
    readable = path if path.exists() else path.parent
    if not os.access(readable, os.R_OK):
        return [Finding(False, LEDGER_VARIABLE, f"{readable} cannot be read", remedy)]
    return []


def _sip_port() -> int:
    return int(os.environ.get(SIP_PORT_VARIABLE) or DEFAULT_SIP_PORT)


async def _look(address: AmiAddress, agents: int) -> _Seen:
    session = AmiSession(address, address.reader, wanted=LIST_EVENTS)
    try:
        await session.open()
        core = await session.ask(AmiAction("CoreSettings"))
        queues = await session.ask_list(AmiAction("QueueStatus"))
        phones = [f"agent-{1001 + number}" for number in range(agents)]
        states = {p: await _value(session, f"DEVICE_STATE(PJSIP/{p})") for p in phones}
        return _Seen(
            version=core.get("AsteriskVersion"),
            answered_context=await _value(session, "DIALPLAN_EXISTS(callfloor-answered,s,1)"),
            trunk=await _value(session, f"PJSIP_DIAL_CONTACTS({TRUNK})"),
            queues=frozenset(q.get("Queue") for q in queues if q.get("Event") == "QueueParams"),
            agents_missing=tuple(p for p, state in states.items() if state in ("", "INVALID")),
        )
    finally:
        await session.close()


async def _value(session: AmiSession, name: str) -> str:
    answer = await session.ask(AmiAction("Getvar", (("Variable", name),)))
    return answer.get("Value")


async def _prove_ledger(address: AmiAddress, ledger: Path) -> list[Finding]:
    """Let Asterisk refuse a call within itself, and look for it in the ledger."""
    probe = f"callfloor-probe-{uuid.uuid4().hex}"
    session = AmiSession(address, address.actor)
    headers = (
        *(("Channel", f"Local/probe@{REFUSING_CONTEXT}"), ("ChannelId", probe)),
        *(("OtherChannelId", f"{probe}-2"), ("Application", "Wait"), ("Data", "1")),
        ("Async", "true"),
    )
    try:
        await session.open()
        await session.ask(AmiAction("Originate", headers))
    except (AmiError, SwitchError) as error:
        remedy = "Look at the rights of the actor's login in manager.conf."
        return [Finding(False, "a call within Asterisk", str(error), remedy)]
    finally:
        await session.close()
    deadline = time.monotonic() + DEMO_LEDGER_SECONDS
    while not _is_complete(ledger, probe):
        if time.monotonic() > deadline:
            detail = f"{ledger} does not hold the call that was just made within Asterisk"
            remedy = (
                "Name the file that this Asterisk writes; enable=yes and the events are in "
                f"cel.conf, the columns in cel_custom.conf: {_SAMPLE}."
            )
            return [Finding(False, "ledger", detail, remedy)]
        await asyncio.sleep(DEMO_SERVICE_POLL_SECONDS)
    return []


def _is_complete(ledger: Path, linkedid: str) -> bool:
    """Whether the ledger holds the end of that call, among its last lines."""
    if not ledger.exists():
        return False
    with ledger.open("rb") as file:
        file.seek(max(0, file.seek(0, os.SEEK_END) - _TAIL_BYTES))
        lines = file.read().splitlines()
    return any(b"LINKEDID_END" in line and linkedid.encode() in line for line in lines)


def _unfit(seen: _Seen, queues: Sequence[str]) -> list[Finding]:
    problems = []
    if seen.answered_context != "1":
        detail = "has no context callfloor-answered"
        remedy = f"It is in extensions.conf: {_SAMPLE}, then `asterisk -rx 'dialplan reload'`."
        problems.append(Finding(False, "dialplan", detail, remedy))
    if missing := [queue for queue in queues if queue not in seen.queues]:
        detail = f"has no queue {', '.join(missing)}"
        remedy = f"They are in queues.conf: {_SAMPLE}, then `asterisk -rx 'queue reload all'`."
        problems.append(Finding(False, "queues", detail, remedy))
    if seen.agents_missing:
        detail = f"has no endpoint {', '.join(seen.agents_missing)}"
        remedy = f"They are in pjsip_agents.conf: {_SAMPLE}; or ask for fewer --agents."
        problems.append(Finding(False, "phones", detail, remedy))
    return problems


def trunk_target(contacts: str) -> tuple[str, int]:
    """Return host and port of the trunk's contact; an empty host if there is none."""
    found = _CONTACT.match(contacts)
    return (found["host"], int(found["port"] or DEFAULT_SIP_PORT)) if found else ("", 0)


def _trunk_problems(contacts: str, host: str, port: int) -> list[Finding]:
    subject = f"trunk {TRUNK}"
    remedy = "Start that Asterisk with SITE_TRUNK_HOST=127.0.0.1 and a free SITE_TRUNK_PORT."
    if not host:
        return [Finding(False, subject, f"has no contact ({contacts or 'no endpoint'})", remedy)]
    if host not in _LOOPBACK:
        detail = f"leads to {host}: the demo dials made-up numbers, and only to its own carrier"
        return [Finding(False, subject, detail, remedy)]
    if not _is_free(port):
        detail = f"leads to 127.0.0.1:{port}, where something listens already"
        return [Finding(False, subject, detail, remedy)]
    return []


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
