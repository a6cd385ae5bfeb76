"""Keeps one Postgres for as long as anybody uses it: a process of its own, standard library only.

Every user of the server holds a shared lock on one file, and the kernel takes that lock from a
process that dies, however it dies. The keeper waits for the exclusive lock: when it gets it nobody
is left, and it stops the server. When the keeper itself dies, so does the server (PDEATHSIG).

Run as: postgres_keeper.py LOCK STOP_SECONDS UID GID POSTGRES ARGUMENT...
UID and GID: whose the server is to be, `-` for our own.
"""

import ctypes
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Ask Linux to end this process (before its exec) when the one that forked it ends."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def keep(lock_file: Path, stop_seconds: float, uid: str, gid: str, command: Sequence[str]) -> int:
    """Run the server until its last user is gone, or it ends by itself; return an exit code."""
    started: list[subprocess.Popen[bytes]] = []

    def on_child(number: int, frame: FrameType | None) -> None:
        if started and started[0].poll() is not None:
            raise SystemExit(1)

    signal.signal(signal.SIGCHLD, on_child)
    with lock_file.open("rb") as lock:
        started.append(
            subprocess.Popen(
                command,
                user=None if uid == "-" else int(uid),
                group=None if gid == "-" else int(gid),
                extra_groups=None if uid == "-" else [],
                preexec_fn=die_with_parent,
            )
        )
        on_child(signal.SIGCHLD, None)  # it may have ended before it was in the list
        fcntl.flock(lock, fcntl.LOCK_EX)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        # Under the lock: whoever comes now waits, and then starts a server of its own.
        _stop(started[0], stop_seconds)
    return 0


def _stop(server: "subprocess.Popen[bytes]", seconds: float) -> None:
    if server.poll() is None:
        server.send_signal(signal.SIGINT)
        try:
            server.wait(seconds)
        except subprocess.TimeoutExpired:
            server.send_signal(signal.SIGQUIT)
            server.wait()


def main(arguments: Sequence[str]) -> int:
    """Leave the caller's session and folder, and keep the server."""
    os.setsid()
    os.chdir("/")
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        # Told to all processes of a service at once; its users go first, and then the server.
        signal.signal(number, signal.SIG_IGN)
    lock, seconds, uid, gid, *command = arguments
    return keep(Path(lock), float(seconds), uid, gid, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
