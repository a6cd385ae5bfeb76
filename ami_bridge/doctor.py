"""What is wrong with this Asterisk for Callfloor's purposes, and how to mend it."""

import ipaddress
from dataclasses import dataclass

from ami_bridge.actions import AmiAction
from ami_bridge.errors import AmiError, AsteriskUnreachable, LoginRefused, SwitchError
from ami_bridge.framing import Frame
from ami_bridge.parameters import AmiAddress, AmiTimeouts, Login
from ami_bridge.session import AmiSession

_READER_NEEDS = ("CoreShowChannels", "CoreStatus", "QueueStatus")
_ACTOR_NEEDS = ("Originate", "Hangup", "QueueAdd", "QueueRemove", "QueuePause")
_TOO_MUCH = ("Command", "UpdateConfig", "GetConfig", "ModuleLoad", "Reload")
_OLDEST_FIXED = {18: (24, 2), 20: (9, 2), 21: (4, 2)}  # CVE-2024-42365; 22 and later have the fix


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. remedy: what to do about a problem, else empty."""

    is_ok: bool
    subject: str
    detail: str
    remedy: str = ""


async def examine(address: AmiAddress, timeouts: AmiTimeouts | None = None) -> list[Finding]:
    """Look at both logins and at Asterisk itself; never raises for what it finds."""
    limits = timeouts or AmiTimeouts()
    findings = [examine_transport(address)]
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
            findings.append(_version(await session.ask(AmiAction("CoreSettings"))))
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


def _version(settings: Frame) -> Finding:
    version = settings.get("AsteriskVersion")
    numbers = [
        int(part) for part in version.split("-")[0].split("~")[0].split(".") if part.isdigit()
    ]
    major, rest = (numbers[0] if numbers else 0), tuple(numbers[1:])
    fixed_from = _OLDEST_FIXED.get(major)
    if major >= 22 or (fixed_from is not None and rest >= fixed_from):
        return Finding(True, "version", f"Asterisk {version}")
    remedy = "Use Asterisk 22 (LTS), or keep AMI on loopback and its secrets to yourself."
    detail = f"Asterisk {version or 'of unknown version'}: an AMI user can take it over"
    return Finding(False, "version", f"{detail} (CVE-2024-42365)", remedy)
