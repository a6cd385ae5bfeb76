"""Three Asterisks on loopback: the sample PBX between a simulated carrier and robot agents."""

from __future__ import annotations

import asyncio
import csv
import fcntl
import os
import secrets
import shutil
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import IO, Final

from lab import render
from lab.ami import AmiSession
from lab.home import Home, obtain
from lab.instance import LOOPBACK, Instance, InstanceError, Login
from lab.ports import PortBlock

_HERE: Final = Path(__file__).resolve().parent
_ETC: Final = render.SAMPLE_DIR / "etc"
# Files that every Asterisk of the lab takes from the sample as they are.
_SHARED: Final = (
    *("acl", "asterisk", "ccss", "features", "indications"),
    *("logger", "pjproject", "rtp", "udptl"),
)
_PBX_LOGINS: Final = ("callfloor-reader", "callfloor-actor", "callfloor-keeper")
FIRST_AGENT: Final = 1001
_SAMPLE_AGENTS: Final = 20
_LOCK: Final = ".lock"
_REGISTER_SECONDS: Final = 15.0
_REGISTER_POLL_SECONDS: Final = 0.05


@dataclass(frozen=True, slots=True)
class PgTarget:
    """The Postgres into which cel_pgsql writes, reached by TCP."""

    port: int
    database: str
    user: str
    password: str = ""
    host: str = LOOPBACK


@dataclass(frozen=True, slots=True)
class CarrierCall:
    """A call as the carrier saw it. Times are epoch seconds; answered_at is None if unanswered."""

    number: str
    uniqueid: str
    disposition: str
    started_at: float
    answered_at: float | None
    ended_at: float


@dataclass(frozen=True, slots=True)
class NamedAsterisk:
    """An Asterisk on this machine that somebody else runs, with asterisk-sample's configuration.

    sip_port: where its phones register. trunk_port: where its trunk sends calls, on loopback.
    """

    sip_port: int
    trunk_port: int
    agent_secret: str


class Lab:
    """The whole lab, or carrier and phones around a named Asterisk.

    Use it as a context manager of either kind, or call start() and stop().
    """

    def __init__(
        self,
        version: str = "22",
        agents: int = 8,
        port_base: int = 0,
        postgres: PgTarget | None = None,
        keep: bool = False,
        home: Home | None = None,
        named: NamedAsterisk | None = None,
    ) -> None:
        self.version = version
        self.agents = agents
        self.postgres = postgres
        self.keep = keep
        self.tree = home or obtain(version)
        self._block = PortBlock.claim(port_base)
        self.folder, self._lock = _new_folder(self.tree.shelf, keep)
        self.named = named
        self.agent_secret = named.agent_secret if named else secrets.token_hex(16)
        self.pbx = self._instance("pbx", _PBX_LOGINS)
        self.carrier = self._instance("carrier", ("lab",))
        self.phones = self._instance("phones", ("lab",))

    @property
    def instances(self) -> tuple[Instance, ...]:
        """Those that the lab runs, in the order in which they start."""
        if self.named:
            return self.carrier, self.phones
        return self.carrier, self.pbx, self.phones

    @property
    def pbx_sip_port(self) -> int:
        """Where the PBX of this lab listens, whoever runs it."""
        return self.named.sip_port if self.named else self.pbx.ports.sip

    def agent_interfaces(self) -> list[str]:
        """What QueueAdd calls the robot agents."""
        return [f"PJSIP/agent-{FIRST_AGENT + n}" for n in range(self.agents)]

    def start(self) -> None:
        """Start all three. Call it from a thread that lives as long as the lab."""
        try:
            self._spawn()
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop all three and remove their folders, unless asked to keep them."""
        for instance in self.instances:
            instance.stop()
        self._block.close()
        self._lock.close()
        if not self.keep:
            shutil.rmtree(self.folder, ignore_errors=True)

    def reload_cel(self) -> None:
        """Let cel_pgsql look for its table again; it looks only when it is loaded."""
        self.pbx.console("module unload cel_pgsql.so")
        self.pbx.console("module load cel_pgsql.so")

    def carrier_calls(self) -> list[CarrierCall]:
        """Every finished call that reached the carrier: how often a number was really dialled."""
        path = self.carrier.folder / "log" / "cdr-custom" / "carrier.csv"
        if not path.exists():
            return []
        with path.open(encoding="utf-8", newline="") as lines:
            return [_carrier_call(row) for row in csv.reader(lines)]

    def __enter__(self) -> Lab:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    async def __aenter__(self) -> Lab:
        try:
            self._spawn()
            await asyncio.to_thread(self._wait)
        except BaseException:
            self.stop()
            raise
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await asyncio.to_thread(self.stop)

    def _spawn(self) -> None:
        if not self.named:
            self._write_pbx()
        self._write_robot(self.carrier)
        self._write_robot(self.phones, {"AGENT_SECRET": self.agent_secret})
        render.write_private(
            self.phones.etc_dir / "pjsip_registrations.conf",
            registrations(self.agents, self.pbx_sip_port),
        )
        for instance in self.instances:
            instance.spawn()

    def _wait(self) -> None:
        for instance in self.instances:
            instance.wait_booted()
        self.wait_registered()

    def wait_registered(self, seconds: float = _REGISTER_SECONDS) -> None:
        """Wait until every robot agent is registered."""
        deadline = time.monotonic() + seconds
        with AmiSession(self.phones, "lab") as session:
            while waiting := _unregistered(session):
                if time.monotonic() > deadline:
                    tail = self.pbx.log_tail()
                    raise InstanceError(f"{waiting} robot agents did not register\n{tail}")
                session.listen(_REGISTER_POLL_SECONDS)

    def _instance(self, role: str, users: tuple[str, ...]) -> Instance:
        logins = {user: Login(user, secrets.token_hex(16)) for user in users}
        ports = self._block.of(role)
        if role == "carrier" and self.named:
            ports = replace(ports, sip=self.named.trunk_port)
        return Instance(role, self.tree, self.folder / role, ports, logins)

    def _trunk(self) -> tuple[str, str]:
        """Where the PBX sends calls: our carrier, or the one that CALLFLOOR_LAB_CARRIER names."""
        named = os.environ.get("CALLFLOOR_LAB_CARRIER", "")
        host, _, port = named.rpartition(":") if ":" in named else (named, "", "5060")
        return (host, port) if host else (LOOPBACK, str(self.carrier.ports.sip))

    def _write_pbx(self) -> None:
        trunk_host, trunk_port = self._trunk()
        given = _port_values(self.pbx) | self.pbx.folder_values()
        given |= {
            "AMI_READER_SECRET": self.pbx.logins["callfloor-reader"].secret,
            "AMI_ACTOR_SECRET": self.pbx.logins["callfloor-actor"].secret,
            "AMI_KEEPER_SECRET": self.pbx.logins["callfloor-keeper"].secret,
            "HTTP_PORT": str(self.pbx.ports.http),
            "AGENT_SECRET": self.agent_secret,
            # Measurements should not depend on the disk: who wants recordings sets the global.
            "RECORDING": "off",
            "RECORDING_DIR": self.tree.inside(self.pbx.recording_dir),
            "TRUNK_HOST": trunk_host,
            "TRUNK_PORT": trunk_port,
        }
        given |= _postgres_values(self.postgres)
        values = render.complete(render.read_defaults(render.SAMPLE_DIR / "site.defaults"), given)
        render.render_files(sorted(_ETC.glob("*.conf")), self.pbx.etc_dir, values)
        if self.agents > _SAMPLE_AGENTS:
            render.write_private(
                self.pbx.etc_dir / "pjsip_agents.conf",
                agent_endpoints(self.agents, self.agent_secret),
            )

    def _write_robot(self, instance: Instance, more: dict[str, str] | None = None) -> None:
        values = _port_values(instance) | instance.folder_values() | (more or {})
        values["PBX_SIP_PORT"] = str(self.pbx_sip_port)
        values["AMI_SECRET"] = instance.logins["lab"].secret
        sources = [_ETC / f"{name}.conf" for name in _SHARED]
        for folder in ("common", instance.name):
            sources += sorted((_HERE / folder).glob("*.conf"))
        render.render_files(sources, instance.etc_dir, values)


def _new_folder(shelf: Path, keep: bool) -> tuple[Path, IO[bytes]]:
    """A lab's folder and the lock that says it lives.

    Clears away the folders whose lab is dead; a kept one has another name.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    for left in shelf.glob("lab-*"):
        with suppress(OSError), (left / _LOCK).open("wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(left, ignore_errors=True)
    folder = shelf / f"{'kept' if keep else 'lab'}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
    staging = folder.with_name(f".{folder.name}")
    staging.mkdir()
    lock = (staging / _LOCK).open("wb")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return staging.rename(folder), lock


def agent_endpoints(count: int, secret: str) -> str:
    """What pjsip_agents.conf holds, for any number of agents."""
    return "".join(
        f"[agent-{n}](agent)\naors = agent-{n}\nauth = agent-{n}\n"
        f'callerid = "Agent {n}" <{n}>\n'
        f"[agent-{n}](agent-auth)\nusername = agent-{n}\npassword = {secret}\n"
        f"[agent-{n}](agent-aor)\n\n"
        for n in range(FIRST_AGENT, FIRST_AGENT + count)
    )


def registrations(count: int, pbx_sip_port: int) -> str:
    """The robots' side: one registration for each agent."""
    return "".join(
        f"[agent-{n}](agent-auth)\nusername = agent-{n}\n"
        f"[agent-{n}](agent-registration)\noutbound_auth = agent-{n}\n"
        f"client_uri = sip:agent-{n}@{LOOPBACK}:{pbx_sip_port}\ncontact_user = agent-{n}\n\n"
        for n in range(FIRST_AGENT, FIRST_AGENT + count)
    )


def _unregistered(session: AmiSession) -> int:
    items = session.listing("PJSIPShowRegistrationsOutbound")
    details = (item for item in items if item.get("Event") == "OutboundRegistrationDetail")
    return sum(item.get("Status") != "Registered" for item in details)


def _port_values(instance: Instance) -> dict[str, str]:
    ports = instance.ports
    return {
        "AMI_PORT": str(ports.ami),
        "SIP_PORT": str(ports.sip),
        "RTP_START": str(ports.rtp_start),
        "RTP_END": str(ports.rtp_end),
    }


def _postgres_values(target: PgTarget | None) -> dict[str, str]:
    if target is None:
        return {"CEL_PGSQL": "noload", "PG_PASSWORD": ""}
    return {
        "CEL_PGSQL": "load",
        "PG_HOST": target.host,
        "PG_PORT": str(target.port),
        "PG_DATABASE": target.database,
        "PG_USER": target.user,
        "PG_PASSWORD": target.password,
    }


def _carrier_call(row: list[str]) -> CarrierCall:
    number, uniqueid, disposition, started, answered, ended = row
    answered_at = float(answered) if float(answered or 0) else None
    return CarrierCall(number, uniqueid, disposition, float(started), answered_at, float(ended))
