"""The container engine of this machine: docker or podman, and the options that it needs here."""

from __future__ import annotations

import json
import os
import resource
import shlex
import shutil
import socket
import subprocess
from dataclasses import dataclass
from typing import Final

ENGINES: Final = ("docker", "podman")
# The engine with its options, for machines where its bare name does not do.
ENGINE_VARIABLE: Final = "CALLFLOOR_CONTAINER_ENGINE"
# `info` takes 0.02 s (docker) to 0.2 s (podman); a cold podman first makes its storage.
ANSWER_SECONDS: Final = 20.0
_OPEN_FILES: Final = 20_000
_PROCESSES: Final = 10_000
_INFO_FORMAT: Final = "{{json .}}"
_ERROR_LINES: Final = 3


class EngineError(Exception):
    """The engine did not do what it was asked; the text holds the command and its last words."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A container engine that answers.

    is_rootless: its containers' root is an ordinary user of this machine.
    """

    command: tuple[str, ...]
    is_podman: bool = False
    is_rootless: bool = False

    def __str__(self) -> str:
        return shlex.join(self.command)

    def do(self, *arguments: str, seconds: float | None = ANSWER_SECONDS) -> str:
        """What the engine printed; raises EngineError when it failed or took too long."""
        command = [*self.command, *arguments]
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=seconds, check=False
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise EngineError(f"{shlex.join(command)}: {error}") from error
        if done.returncode != 0:
            said = (done.stdout + done.stderr).strip().splitlines()[-_ERROR_LINES:]
            raise EngineError(f"{shlex.join(command)} failed:\n  " + "\n  ".join(said))
        return done.stdout

    def succeeds(self, *arguments: str) -> bool:
        """Whether the engine does this without complaint."""
        try:
            self.do(*arguments)
        except EngineError:
            return False
        return True

    def identity(self, uid: int, gid: int) -> tuple[str, ...]:
        """Options for a container whose user is uid:gid of this machine."""
        if not self.is_rootless:
            return ("--user", f"{uid}:{gid}")
        if self.is_podman:
            return ("--userns", "keep-id", "--user", f"{uid}:{gid}")
        return ("--user", "0:0")  # rootless docker knows us as its root


def limits() -> tuple[str, ...]:
    """Options for open files and processes, never above what this machine allows.

    Without them podman asks for 1048576 open files, which fails where the hard limit is lower.
    """
    files = _below(resource.RLIMIT_NOFILE, _OPEN_FILES)
    processes = _below(resource.RLIMIT_NPROC, _PROCESSES)
    return ("--ulimit", f"nofile={files}:{files}", "--ulimit", f"nproc={processes}:{processes}")


def host_network() -> tuple[str, ...]:
    """Options for the host's own addresses, and its name: a call waits 5 s for DNS without it."""
    return ("--network", "host", "--add-host", f"{socket.gethostname()}:127.0.0.1")


def find() -> Engine | None:
    """The engine that is named, else docker, else podman; None when none answers."""
    named = os.environ.get(ENGINE_VARIABLE)
    candidates = [tuple(shlex.split(named))] if named else [(name,) for name in ENGINES]
    found = (_ask(command) for command in candidates if command and shutil.which(command[0]))
    return next((engine for engine in found if engine is not None), None)


def _ask(command: tuple[str, ...]) -> Engine | None:
    """The engine behind a command, if it answers (docker without its daemon does not)."""
    try:
        info = json.loads(Engine(command).do("info", "--format", _INFO_FORMAT))
    except (EngineError, ValueError):
        return None
    if not isinstance(info, dict):
        return None
    host = info.get("host")
    if isinstance(host, dict):
        security = host.get("security")
        rootless = isinstance(security, dict) and security.get("rootless") is True
        return Engine(command, is_podman=True, is_rootless=rootless)
    # A docker client without its daemon prints its own half and may exit with 0.
    if info.get("ServerErrors") or not info.get("ServerVersion"):
        return None
    return Engine(command, is_rootless="name=rootless" in (info.get("SecurityOptions") or ()))


def _below(kind: int, wanted: int) -> int:
    hard = resource.getrlimit(kind)[1]
    return wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
