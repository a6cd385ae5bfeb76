"""Become Asterisk inside a tree: chroot, drop root, die with the parent, exec.

Run by its path as a child of the lab, never imported there: code between fork and exec in a process
with threads can deadlock, a fresh interpreter cannot.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

_PR_SET_PDEATHSIG = 1
_OPEN_FILES = 20_000
_ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "HOME": "/"}


def _raise_open_files() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _OPEN_FILES if hard == resource.RLIM_INFINITY else min(hard, _OPEN_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def main(arguments: list[str]) -> None:
    """ROOT UID GID PARENT_PID PROGRAM [ARGUMENT...]"""
    root, uid, gid, parent = arguments[0], *map(int, arguments[1:4])
    libc = ctypes.CDLL(None, use_errno=True)
    _raise_open_files()
    os.chroot(root)
    os.chdir("/")
    os.umask(0o027)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    # After setuid, which clears it.
    if libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        sys.exit("the lab ended before Asterisk began")
    program = arguments[4:]
    os.execve(program[0], program, _ENVIRONMENT)  # noqa: S606 - no shell is what we want


if __name__ == "__main__":
    main(sys.argv[1:])
