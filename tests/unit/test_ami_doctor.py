"""The doctor names what is wrong and how to mend it."""

import asyncio
import ssl
import time
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from ami_bridge.advisories import holes_of
from ami_bridge.doctor import Finding, examine, examine_transport, examine_version
from ami_bridge.errors import AsteriskUnreachable
from ami_bridge.framing import Frame
from ami_bridge.parameters import AmiAddress, AmiTimeouts
from ami_bridge.session import AmiSession
from tests.fakes.scripted_asterisk import (
    Connection,
    Received,
    ScriptedAsterisk,
    answer,
    scripted_asterisk,
)

QUICK = AmiTimeouts(connect=1.0, login=1.0, action=1.0, sweep=0.01)
SECRET = "s3cret"
READER = {"BridgeList", "CoreShowChannels", "CoreStatus", "QueueStatus"}
ACTOR = {"Originate", "Hangup", "QueueAdd", "QueueRemove", "QueuePause"}


def an_asterisk(
    version: str = "22.10.0~dfsg-1",
    reader: set[str] = READER,
    actor: set[str] = ACTOR,
    ahead: float = 0.0,
) -> ScriptedAsterisk:
    def list_commands(connection: Connection, received: Received) -> None:
        names = reader if connection.user == "reader" else actor
        connection.send(answer(received, **dict.fromkeys(sorted(names), "Does it. (Priv: x)")))

    def settings(connection: Connection, received: Received) -> None:
        connection.send(answer(received, AMIversion="11.0.0", AsteriskVersion=version))

    def pong(connection: Connection, received: Received) -> None:
        connection.send(answer(received, Ping="Pong", Timestamp=f"{time.time() + ahead:.6f}"))

    return ScriptedAsterisk(
        handlers={"ListCommands": list_commands, "CoreSettings": settings, "Ping": pong}
    )


def address_of(asterisk: ScriptedAsterisk, secret: str = SECRET) -> AmiAddress:
    return AmiAddress("127.0.0.1", asterisk.port, "reader", secret, "actor", secret)


async def problems(script: ScriptedAsterisk, secret: str = SECRET) -> list[Finding]:
    async with scripted_asterisk(script) as server:
        findings = await examine(address_of(server, secret), QUICK)
    assert all(finding.remedy for finding in findings if not finding.is_ok)
    return [finding for finding in findings if not finding.is_ok]


async def test_a_sound_asterisk_has_no_problem() -> None:
    async with scripted_asterisk(an_asterisk()) as server:
        findings = await examine(address_of(server), QUICK)

    assert all(finding.is_ok for finding in findings)
    assert [finding.subject for finding in findings] == [
        "transport",
        "files",
        "login reader",
        "rights of reader",
        "version",
        "clock",
        "second session",
        "login actor",
        "rights of actor",
    ]


async def test_a_refused_login_is_named_for_each_user() -> None:
    found = await problems(an_asterisk(), secret="wrong")

    assert [finding.subject for finding in found] == ["login reader", "login actor"]
    assert "wrong" not in repr(found)


async def test_nobody_there_is_one_problem() -> None:
    script = an_asterisk()
    await script.start()
    await script.stop()
    findings = await examine(address_of(script), QUICK)

    assert [finding.subject for finding in findings if not finding.is_ok] == ["connection"]


async def test_missing_and_excessive_rights_are_named() -> None:
    found = await problems(an_asterisk(reader=READER - {"QueueStatus"}, actor=ACTOR | {"Command"}))

    assert [finding.detail.partition(":")[0] for finding in found] == [
        "may not use QueueStatus",
        "may use Command",
    ]


@pytest.mark.parametrize(
    ("version", "is_ok"),
    [
        ("16.28.0~dfsg-0", False),
        ("18.24.1", False),
        ("18.24.2", True),
        ("20.9.2-1", True),
        ("22.0.0", True),
        ("certified/18.9-cert10", False),
        ("certified/20.7-cert2", True),
        ("", False),
    ],
)
async def test_versions_that_an_ami_user_can_take_over_are_named(version: str, is_ok: bool) -> None:
    found = await problems(an_asterisk(version))

    assert [finding.detail[-16:] for finding in found if "CVE-2024-42365" in finding.detail] == (
        [] if is_ok else ["(CVE-2024-42365)"]
    )
    assert {finding.subject for finding in found} <= {"version"}


@pytest.mark.parametrize(
    ("version", "open_to"),
    [
        ("16.28.0", ["CVE-2024-42365", "CVE-2023-49294", "GHSA-33x6", "GHSA-3rhj"]),
        ("18.20.1", ["CVE-2024-42365", "GHSA-33x6", "GHSA-3rhj"]),
        ("18.26.1", ["GHSA-3rhj"]),
        ("20.20.1", []),
        ("22.10.0~dfsg+~cs6", ["GHSA-3rhj"]),
        ("22.10.1", []),
        ("23.4.0", ["GHSA-3rhj"]),
        ("24.0.0", []),
        ("certified/20.7-cert2", ["GHSA-33x6", "GHSA-3rhj"]),
        ("GIT-master-1a2b3c", ["CVE-2024-42365", "CVE-2023-49294", "GHSA-33x6", "GHSA-3rhj"]),
    ],
)
def test_holes_are_known_by_version(version: str, open_to: list[str]) -> None:
    names = [hole.name for hole in holes_of(version)]

    assert len(names) == len(open_to)
    assert all(name.startswith(start) for name, start in zip(names, open_to, strict=True))


def test_a_hole_that_nobody_can_use_here_is_a_note_and_no_problem() -> None:
    here = AmiAddress("127.0.0.1", 5038, "r", "s", "a", "s")
    (note,) = examine_version("22.10.0", here, Frame(b"Response: Success"))
    (problem,) = examine_version(
        "22.10.0", replace(here, host="192.0.2.1"), Frame(b"Response: Success")
    )
    (read,) = examine_version("21.5.0", here, Frame(b"Response: Success\r\nGetConfig: x"))

    assert note.is_ok
    assert "GHSA-3rhj-hhw7-m6fw cannot be used" in note.detail
    assert not problem.is_ok
    assert "a failed login can crash Asterisk" in problem.detail
    assert "GHSA-33x6-fj46-6rfh" in read.detail


@pytest.mark.parametrize(("ahead", "says"), [(30.0, "30.0 s ahead"), (-30.0, "30.0 s behind")])
async def test_clocks_that_differ_are_named(ahead: float, says: str) -> None:
    (found,) = await problems(an_asterisk(ahead=ahead))

    assert (found.subject, found.detail) == ("clock", f"Asterisk is {says}")


async def test_one_session_only_would_lock_us_out() -> None:
    script = an_asterisk()
    sessions: list[str] = []

    def login(connection: Connection, received: Received) -> None:
        sessions.append(received.get("Username"))
        if sessions.count(received.get("Username")) > 1:
            connection.send(answer(received, "Error", "Login Already In Use"))
            return
        script._on_login(connection, received)

    script.handlers["Login"] = login
    found, *more = await problems(script)

    assert more == []
    assert (found.subject, "Login Already In Use" in found.detail) == ("second session", True)
    assert found.remedy == "manager.conf, [general]: allowmultiplelogin = yes"


@pytest.mark.parametrize(
    ("host", "tls", "verify", "is_ok"),
    [
        ("127.0.0.1", False, True, True),
        ("localhost", False, True, True),
        ("::1", False, True, True),
        ("pbx.example.org", False, True, False),
        ("pbx.example.org", True, True, True),
        ("pbx.example.org", True, False, False),
    ],
)
def test_who_could_read_along_is_named(host: str, tls: bool, verify: bool, is_ok: bool) -> None:
    address = AmiAddress(host, 5038, "r", "s", "a", "s", tls=tls, tls_verify=verify)

    assert examine_transport(address).is_ok is is_ok


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for 127.0.0.1 with its key and its authority in the same file."""
    path = tmp_path / "asterisk.pem"
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(path)
    authority.cert_pem.write_to_path(path, append=True)
    return path


async def test_tls_is_verified_unless_told_otherwise(certificate: Path) -> None:
    script = an_asterisk()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(script._accept, "127.0.0.1", 0, ssl=context)
    script.port = server.sockets[0].getsockname()[1]
    strict = replace(address_of(script), tls=True)

    with pytest.raises(AsteriskUnreachable, match="certificate verify failed"):
        await AmiSession(strict, strict.reader, timeouts=QUICK).open()
    for address in (
        replace(strict, tls_ca_file=str(certificate)),
        replace(strict, tls_verify=False),
    ):
        session = AmiSession(address, address.reader, timeouts=QUICK)
        await session.open()
        assert session.is_up
        await session.close()

    server.close()
    await script.stop()
