"""What is wrong with this Asterisk for Callfloor's purposes, and how to mend it."""

import ipaddress
import time
from pathlib import Path

from ami_bridge.actions import AmiAction
from ami_bridge.advisories import Needs, holes_of
from ami_bridge.doctor_files import examine_files, has_advanced_filters
from ami_bridge.errors import AmiError, AsteriskUnreachable, LoginRefused, SwitchError
from ami_bridge.finding import Finding
from ami_bridge.framing import Frame
from ami_bridge.parameters import AmiAddress, AmiTimeouts, Login
from ami_bridge.session import AmiSession
from config.timeouts import CLOCK_DIFFERENCE_SECONDS

__all__ = ["Finding", "examine", "examine_transport", "examine_version"]

_READER_NEEDS = ("BridgeList", "CoreShowChannels", "CoreStatus", "QueueStatus")
_ACTOR_NEEDS = ("Originate", "Hangup", "QueueAdd", "QueueRemove", "QueuePause")
_TOO_MUCH = ("Command", "UpdateConfig", "GetConfig", "ModuleLoad", "Reload")


async def examine(
    address: AmiAddress, timeouts: AmiTimeouts | None = None, *, config_folder: Path | None = None
) -> list[Finding]:
    """Look at both logins, at Asterisk itself and at its files; never raises for what it finds.

    config_folder: where its files are on this machine; None: they are elsewhere.
    """
    limits = timeouts or AmiTimeouts()
    files = await _examine_folder(config_folder, address, limits)
    findings = [examine_transport(address), *files]
    reader = await _examine_login(address, address.reader, _READER_NEEDS, limits)
    findings += reader
    if any(finding.subject == "connection" for finding in reader):
        return findings  # the second login would find the same
    return findings + await _examine_login(address, address.actor, _ACTOR_NEEDS, limits)


async def _examine_login(
    address: AmiAddress, login: Login, needs: tuple[str, ...], limits: AmiTimeouts
) -> list[Finding]:
    session = AmiSession(address, login, timeouts=limits)
    try:
        await session.open()
        commands = await session.ask(AmiAction("ListCommands"))
        findings = [
            Finding(True, f"login {login.user}", f"accepted, {session.banner}"),
            *_permissions(login, needs, commands),
        ]
        if login == address.reader:
            findings += await _examine_asterisk(session, address, commands)
            findings.append(await _second_session(address, limits))
        return findings
    except AsteriskUnreachable as error:
        remedy = "Start Asterisk; check enabled, bindaddr and port in manager.conf, and firewalls."
        return [Finding(False, "connection", str(error), remedy)]
    except LoginRefused as error:
        remedy = (
            f"Compare the secret of [{login.user}] in manager.conf and its deny, permit or acl; "
            "then `asterisk -rx 'manager reload'`."
        )
        return [Finding(False, f"login {login.user}", str(error), remedy)]
    except (AmiError, SwitchError) as error:
        remedy = "Look at Asterisk's log; try again when it is less busy."
        return [Finding(False, f"login {login.user}", str(error), remedy)]
    finally:
        await session.close()


def examine_transport(address: AmiAddress) -> Finding:
    """Look at who could read along; connects to nothing."""
    subject = "transport"
    if address.tls and address.tls_verify:
        return Finding(True, subject, "TLS, certificate verified")
    if address.tls:
        remedy = "Name the certificate authority's file in the settings and verify again."
        return Finding(False, subject, "TLS without verification: anyone can pose as it", remedy)
    if _is_loopback(address.host):
        return Finding(True, subject, "plain text, on this machine only")
    remedy = "Set tlsenable=yes in manager.conf and TLS in our settings, or use a VPN."
    return Finding(False, subject, f"secrets cross the network to {address.host} as text", remedy)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _permissions(login: Login, needs: tuple[str, ...], commands: Frame) -> list[Finding]:
    allowed = {name for name, _ in commands.headers()}
    findings = []
    missing = [need for need in needs if need not in allowed]
    if missing:
        remedy = (
            "Load app_queue for Queue actions; else give the user write=reporting (reader) or "
            "write=originate,call,agent,reporting (actor) in manager.conf."
        )
        detail = f"may not use {', '.join(missing)}"
        findings.append(Finding(False, f"rights of {login.user}", detail, remedy))
    else:
        findings.append(Finding(True, f"rights of {login.user}", f"has {', '.join(needs)}"))
    excess = [name for name in _TOO_MUCH if name in allowed]
    if excess:
        remedy = "Take command, config, system and all out of this user's write= in manager.conf."
        detail = f"may use {', '.join(excess)}: whoever has the secret owns the machine"
        findings.append(Finding(False, f"rights of {login.user}", detail, remedy))
    return findings


async def _examine_folder(
    folder: Path | None, address: AmiAddress, limits: AmiTimeouts
) -> list[Finding]:
    if folder is not None:
        needs_version = has_advanced_filters(folder, address.reader_user)
        version = await _ask_version(address, limits) if needs_version else ""
        return examine_files(folder, address, version)
    detail = "not looked at: manager.conf, cel.conf and cdr.conf are on another machine"
    return [Finding(True, "files", detail)]


async def _ask_version(address: AmiAddress, limits: AmiTimeouts) -> str:
    """Return Asterisk's version, empty where it does not tell: the logins are judged later."""
    session = AmiSession(address, address.reader, timeouts=limits)
    try:
        await session.open()
        return (await session.ask(AmiAction("CoreSettings"))).get("AsteriskVersion")
    except (AmiError, SwitchError):
        return ""
    finally:
        await session.close()


async def _examine_asterisk(
    session: AmiSession, address: AmiAddress, commands: Frame
) -> list[Finding]:
    settings = await session.ask(AmiAction("CoreSettings"))
    findings = examine_version(settings.get("AsteriskVersion"), address, commands)
    if settings.get("CoreCDRenabled") == "No":
        detail, remedy = "CDR is off", "cdr.conf, [general]: enable = yes"
        findings.append(Finding(False, "records", detail, remedy))
    return [*findings, await _clock(session)]


def examine_version(version: str, address: AmiAddress, commands: Frame) -> list[Finding]:
    """Name the holes that this version has and that somebody could use here."""
    allowed = {name for name, _ in commands.headers()}
    open_to = {
        Needs.ORIGINATE: True,
        Needs.CONFIG: bool(allowed & {"GetConfig", "ListCategories"}),
        Needs.REACH: not _is_loopback(address.host),
    }
    shown = f"Asterisk {version or 'of unknown version'}"
    holes = holes_of(version)
    problems = [
        Finding(
            False,
            "version",
            f"{shown}: {hole.what} ({hole.name})",
            "Use the newest release of a supported branch; until then keep AMI on loopback "
            "and its secrets to yourself.",
        )
        for hole in holes
        if open_to[hole.needs]
    ]
    closed = ", ".join(hole.name for hole in holes if not open_to[hole.needs])
    note = f"; {closed} cannot be used the way it is set up" if closed else ""
    return problems or [Finding(True, "version", shown + note)]


async def _clock(session: AmiSession) -> Finding:
    """Compare the clocks: Asterisk's in the answer to a Ping, ours in the middle of the wait."""
    before = time.time()
    pong = await session.ask(AmiAction("Ping"))
    ours = (before + time.time()) / 2
    try:
        apart = float(pong.get("Timestamp")) - ours
    except ValueError:
        return Finding(True, "clock", "Asterisk does not tell its time")
    if abs(apart) <= CLOCK_DIFFERENCE_SECONDS:
        return Finding(True, "clock", f"{abs(apart):.3f} s apart")
    remedy = "Run chrony or systemd-timesyncd on both machines."
    detail = f"Asterisk is {abs(apart):.1f} s {'ahead' if apart > 0 else 'behind'}"
    return Finding(False, "clock", detail, remedy)


async def _second_session(address: AmiAddress, limits: AmiTimeouts) -> Finding:
    """Log in again beside the first session, as after a connection that only we know is dead."""
    subject = "second session"
    session = AmiSession(address, address.reader, timeouts=limits)
    try:
        await session.open()
        return Finding(True, subject, "accepted beside the first")
    except (AmiError, SwitchError) as error:
        remedy = "manager.conf, [general]: allowmultiplelogin = yes"
        return Finding(False, subject, str(error), remedy)
    finally:
        await session.close()
