"""The embedded Postgres: binaries from PyPI, started by our own small launcher.

A keeper process holds the server for as long as any process uses it, and stops it when the last
one has gone, killed ones included (see `store.postgres_keeper`), so it cannot leak.
As root it runs as `postgres` if that user exists, else as `nobody`. It listens on 127.0.0.1
with a random scram password kept beside the data directory, mode 0600.
"""

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from config.timeouts import (
    LOCAL_PROBE_SECONDS,
    POSTGRES_POLL_SECONDS,
    POSTGRES_START_SECONDS,
    POSTGRES_STOP_SECONDS,
)
from store.errors import ServerGone, ServerNotStarted
from store.postgres_binaries import find_binaries, service_user
from store.server_users import ServerUsers

SUPERUSER = "callfloor"
DATABASE = "callfloor"
KEEPER = Path(__file__).with_name("postgres_keeper.py")
_PID_FILE_READY_LINE = 7


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_alive(pid: str) -> bool:
    """Whether there is a process of this number, be it another user's; a zombie is none."""
    try:
        state = Path(f"/proc/{int(pid)}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        return state.split()[0] != "Z"
    except FileNotFoundError:
        if Path("/proc/self").exists():
            return False
    except (OSError, ValueError):
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def launch_keeper(arguments: Sequence[str], log: Path) -> int:
    """Start the keeper with everything it says going to the log; return its process id.

    It is no Popen object: it may outlive us, since others may use its server.
    """
    said = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        return os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", str(KEEPER), *arguments],
            os.environ,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_DUP2, said, 1),
                (os.POSIX_SPAWN_DUP2, said, 2),
            ],
        )
    finally:
        os.close(said)


class EmbeddedPostgres:
    """One data directory and its server.

    folder: holds `data/`, `secret`, `log`; made when it is not there.
    port: 0 takes a free one at the first start and keeps it over restarts of this object.
    """

    def __init__(self, folder: Path, *, port: int = 0, cache: Path | None = None) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        self.port = port
        self._cache = cache or folder.parent / "binaries"
        self._secret = folder / "secret"
        self._users = ServerUsers(folder)
        self._keeper: int | None = None

    @property
    def password(self) -> str:
        """The superuser's password."""
        return self._secret.read_text(encoding="ascii").strip()

    @property
    def url(self) -> str:
        """Where to connect; holds the password, so never log it."""
        return self.url_for(DATABASE)

    def url_for(self, database: str) -> str:
        """Like `url`, for another database of the same server."""
        return f"postgresql://{SUPERUSER}:{quote(self.password)}@127.0.0.1:{self.port}/{database}"

    @property
    def pid(self) -> int | None:
        """Process id of the server, None if it does not run."""
        lines = self._pid_file()
        return int(lines[0]) if lines and self._serves(lines[0]) else None

    def start(self) -> None:
        """Start the server, or attach to one that already serves this directory.

        From then on this object is one of its users, until `stop`. Also restarts one that died.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        was_inside = self._users.is_inside
        self._users.enter()
        try:
            with self._users.starting():
                if not self._attach():
                    self._start_new()
        except BaseException:
            if not was_inside:
                self.stop()
            raise

    def revive(self) -> None:
        """Start the server again if it died; raises ServerGone rather than make new, empty data."""
        if not (self.data / "PG_VERSION").exists():
            raise ServerGone(f"the data directory {self.data} is gone")
        self.start()

    def stop(self) -> None:
        """Use the server no more; it is stopped unless somebody else uses it."""
        with self._users.leaving() as is_last:
            if is_last:
                self._end(signal.SIGINT)
        self._reap_keeper()

    def kill(self) -> None:
        """Kill the server as a crash would (for fault tests): no checkpoint, no goodbye."""
        self._end(signal.SIGQUIT)

    def _start_new(self) -> None:
        self._await_stopped()
        binaries = find_binaries(self._cache)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(binaries)
        self._check_version(binaries)
        self.port = self.port or free_port()
        self._spawn(binaries)
        self._await_ready()

    def _end(self, number: signal.Signals) -> None:
        pid = self.pid
        for one in (number, signal.SIGQUIT):
            deadline = time.monotonic() + POSTGRES_STOP_SECONDS
            if pid is not None and self._serves(str(pid)):
                os.kill(pid, one)
            while pid is not None and self._serves(str(pid)) and time.monotonic() < deadline:
                time.sleep(POSTGRES_POLL_SECONDS)

    def _serves(self, pid: str) -> bool:
        """Whether the process of this number is this directory's server, not one that followed."""
        if not _is_alive(pid):
            return False
        try:
            return str(self.data).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()
        except OSError:
            return not Path("/proc/self").exists()

    def _reap_keeper(self) -> bool:
        """Whether the keeper that we started has ended."""
        if self._keeper is not None:
            with suppress(ChildProcessError):
                if os.waitpid(self._keeper, os.WNOHANG)[0] == 0:
                    return False
            self._keeper = None
        return True

    def _attach(self) -> bool:
        lines = self._pid_file()
        if len(lines) <= _PID_FILE_READY_LINE or lines[_PID_FILE_READY_LINE].strip() != "ready":
            return False
        if not self._serves(lines[0]):
            return False
        self.port = int(lines[3])
        return self.answers()

    def _await_stopped(self) -> None:
        """Wait for a server that is just going down, e.g. since its keeper was killed."""
        deadline = time.monotonic() + POSTGRES_STOP_SECONDS
        while time.monotonic() < deadline:
            lines = self._pid_file()
            if not lines or not self._serves(lines[0]):
                return
            if self._attach():
                return
            time.sleep(POSTGRES_POLL_SECONDS)

    def answers(self) -> bool:
        """Whether the server takes connections."""
        try:
            socket.create_connection(("127.0.0.1", self.port), LOCAL_PROBE_SECONDS).close()
        except OSError:
            return False
        return True

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except OSError:
            return []

    def _initialise(self, binaries: Path) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_secret()
        # Under another name first: an initdb that is cut off leaves nothing that looks finished.
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        self._own(self.folder)
        self._run(
            binaries / "initdb", "-D", str(fresh), "-U", SUPERUSER, "--locale=C", "-E", "UTF8",
            "-A", "scram-sha-256", "--pwfile", str(self._secret), "--no-instructions",
        )  # fmt: skip
        fresh.rename(self.data)

    def _write_secret(self) -> None:
        descriptor = os.open(self._secret, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(24))
        self._own(self._secret)

    def _own(self, path: Path) -> None:
        if user := service_user():
            os.chown(path, user.uid, user.gid)

    def _run(self, *command: str | Path) -> None:
        user = service_user()
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            cwd="/",
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
        )
        if done.returncode != 0:
            reason = (done.stderr or done.stdout).strip().splitlines()
            raise ServerNotStarted(
                f"initdb failed in {self.folder}: {reason[-1] if reason else done.returncode}"
            )

    def _check_version(self, binaries: Path) -> None:
        there = (self.data / "PG_VERSION").read_text(encoding="ascii").strip()
        said = subprocess.run(
            [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout.split()
        ours = said[2].partition(".")[0] if len(said) > 2 else "?"
        if there != ours:
            raise ServerNotStarted(
                f"{self.data} was made by Postgres {there}, the embedded one is {ours}; "
                "use pg_upgrade, or name a server by CALLFLOOR_DATABASE_URL"
            )

    def _spawn(self, binaries: Path) -> None:
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "max_connections": "60",
            "shared_buffers": "64MB",
            "jit": "off",
        }
        user = service_user()
        whom = [str(user.uid), str(user.gid)] if user else ["-", "-"]
        command = [str(binaries / "postgres"), "-D", str(self.data)]
        command += [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        self._reap_keeper()
        self._keeper = launch_keeper(
            [str(self._users.file), str(POSTGRES_STOP_SECONDS), *whom, *command], self.log
        )

    def _await_ready(self) -> None:
        deadline = time.monotonic() + POSTGRES_START_SECONDS
        while time.monotonic() < deadline:
            if self._reap_keeper():
                raise ServerNotStarted(f"Postgres ended at once: {self._last_log_line()}")
            lines = self._pid_file()
            if (
                len(lines) > _PID_FILE_READY_LINE
                and "ready" in lines[_PID_FILE_READY_LINE]
                and self._serves(lines[0])
            ):
                return
            time.sleep(POSTGRES_POLL_SECONDS)
        self._end(signal.SIGINT)
        raise ServerNotStarted(
            f"Postgres was not ready after {POSTGRES_START_SECONDS:.0f} s; its log: {self.log}"
        )

    def _last_log_line(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'no word'} ({self.log})"
