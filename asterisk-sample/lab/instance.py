"""One real Asterisk: a direct child inside a tree; it dies with its parent, leaves no mounts."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from lab.home import Home
from lab.ports import InstancePorts

LOOPBACK: Final = "127.0.0.1"
_FOLDERS: Final = (
    *("etc", "spool", "run", "state", "state/keys", "state/moh"),
    *("log", "log/cel-custom", "log/cdr-custom"),
)
_BOOT_SECONDS: Final = 90.0
_STOP_SECONDS: Final = 8.0
_CONSOLE_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.05
_TAIL_LINES: Final = 25


class InstanceError(Exception):
    """An Asterisk did not come up, or went down; the text ends with its log."""


@dataclass(frozen=True, slots=True)
class Login:
    """An AMI login."""

    user: str
    secret: str


class Instance:
    """One Asterisk with folders and ports of its own.

    It dies with the thread that called start() or spawn(): call them from the main thread.
    """

    def __init__(
        self, name: str, tree: Home, folder: Path, ports: InstancePorts, logins: dict[str, Login]
    ) -> None:
        self.name = name
        self.tree = tree
        self.folder = folder
        self.ports = ports
        self.logins = logins
        self._process: subprocess.Popen[bytes] | None = None
        self._output: IO[bytes] | None = None

    @property
    def ami_host(self) -> str:
        """Where AMI listens."""
        return LOOPBACK

    @property
    def ami_port(self) -> int:
        """Where AMI listens."""
        return self.ports.ami

    @property
    def etc_dir(self) -> Path:
        """Configuration, as seen from the host."""
        return self.folder / "etc"

    @property
    def log_path(self) -> Path:
        """Asterisk's own log."""
        return self.folder / "log" / "messages.log"

    @property
    def cel_ledger(self) -> Path:
        """CSV of cel_custom."""
        return self.folder / "log" / "cel-custom" / "callfloor-cel.csv"

    @property
    def cdr_ledger(self) -> Path:
        """CSV of cdr_custom."""
        return self.folder / "log" / "cdr-custom" / "callfloor-cdr.csv"

    @property
    def recording_dir(self) -> Path:
        """Where MixMonitor writes, as seen from the host."""
        return self.folder / "spool" / "monitor"

    @property
    def pid(self) -> int | None:
        """Process id while it runs."""
        if self._process is None or self._process.poll() is not None:
            return None
        return self._process.pid

    def folder_values(self) -> dict[str, str]:
        """Where things are inside the tree, by the names that templates use."""
        values = {
            f"{name.upper()}_DIR": self.tree.inside(self.folder / name)
            for name in ("etc", "log", "spool", "run", "state")
        }
        return values | {"MODULE_DIR": self.tree.module_dir, "DATA_DIR": "/usr/share/asterisk"}

    def start(self) -> None:
        """Start, and wait until every module is loaded."""
        self.spawn()
        self.wait_booted()

    def spawn(self) -> None:
        """Start without waiting for it to be up."""
        if self.pid is not None:
            raise InstanceError(f"{self.name} runs already")
        self._make_folders()
        self._output = (self.folder / "log" / "output.log").open("ab")
        config = f"{self.tree.inside(self.etc_dir)}/asterisk.conf"
        self._process = subprocess.Popen(
            self.tree.run_command(self.folder, "-f", "-C", config),
            stdin=subprocess.PIPE,  # open for as long as we live: a container watches it
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_booted(self, seconds: float = _BOOT_SECONDS) -> None:
        """Wait until AMI says FullyBooted."""
        deadline = time.monotonic() + seconds
        while not self._is_booted(deadline):
            self._check_alive()
            if time.monotonic() > deadline:
                raise InstanceError(f"{self.name} did not boot in {seconds:g} s\n{self.log_tail()}")
            time.sleep(_POLL_SECONDS)

    def stop(self) -> None:
        """End it politely; by force when it does not listen."""
        self._end(signal.SIGTERM)

    def kill(self) -> None:
        """SIGKILL, as in a crash."""
        self._end(signal.SIGKILL)

    def restart(self) -> None:
        """Stop and start with the same folders: queue members and registrations survive."""
        self.stop()
        self.start()

    def remove(self) -> None:
        """Delete its folders."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def console(self, command: str) -> str:
        """Run a command of Asterisk's own console and return what it printed."""
        done = subprocess.run(
            self.tree.console_command(self.folder, command),
            capture_output=True,
            text=True,
            timeout=_CONSOLE_SECONDS,
            check=False,
        )
        if done.returncode != 0:
            raise InstanceError(f"{self.name}: {command}: {done.stdout}{done.stderr}")
        return done.stdout

    def log_tail(self) -> str:
        """The last lines of what it said."""
        lines: list[str] = []
        for path in (self.folder / "log" / "output.log", self.log_path):
            if path.exists():
                text = path.read_text(encoding="utf-8", errors="replace")
                lines += text.splitlines()[-_TAIL_LINES:]
        return "\n".join(lines)

    def _make_folders(self) -> None:
        for name in _FOLDERS:
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.tree.own(self.folder)

    def _check_alive(self) -> None:
        if self._process is not None and (code := self._process.poll()) is not None:
            raise InstanceError(f"{self.name} ended with {code}\n{self.log_tail()}")

    def _is_booted(self, deadline: float) -> bool:
        """One login that waits for FullyBooted; False when AMI is not up yet."""
        login = next(iter(self.logins.values()))
        hello = f"Action: Login\r\nUsername: {login.user}\r\nSecret: {login.secret}\r\n\r\n"
        try:
            with socket.create_connection((self.ami_host, self.ami_port), timeout=1) as connection:
                connection.settimeout(max(0.1, deadline - time.monotonic()))
                connection.sendall(hello.encode())
                return _hears(connection, b"FullyBooted")
        except OSError:
            return False

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(how)
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process = None
        self.tree.bury(self.folder)
        if self._output is not None:
            self._output.close()


def _hears(connection: socket.socket, word: bytes) -> bool:
    heard = b""
    while chunk := connection.recv(4096):
        heard += chunk
        if word in heard:
            return True
    return False
