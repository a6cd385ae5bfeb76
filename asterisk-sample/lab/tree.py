"""A folder with a whole Debian in it that carries the Asterisk we want, built by debootstrap."""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

SUITES: Final = {"22": "sid", "16": "bullseye"}
_PACKAGES: Final = "asterisk,asterisk-core-sounds-en-gsm"
_OTHER_WAYS: Final = (
    "or install Docker or podman and use asterisk-sample/compose.yaml; "
    "or name your own Asterisk in CALLFLOOR_AMI_URL"
)
_JAIL: Final = Path(__file__).with_name("jail.py")
_ASTERISK: Final = "usr/sbin/asterisk"


class TreeError(Exception):
    """No Asterisk of this version can be had here; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Tree:
    """An installed Debian with Asterisk in it."""

    version: str
    root: Path
    uid: int
    gid: int
    module_dir: str

    @property
    def shelf(self) -> Path:
        """Where the folders of labs go."""
        return self.root / "srv"

    def inside(self, path: Path) -> str:
        """The name that a path on the host has inside the tree."""
        return "/" + str(path.relative_to(self.root))

    def own(self, folder: Path) -> None:
        """Give a folder to the tree's asterisk user."""
        give(folder, self.uid, self.gid)

    def run_command(self, folder: Path, *arguments: str) -> list[str]:
        """Asterisk inside the tree as the tree's user, by way of jail.py."""
        jail = [sys.executable, "-I", "-S", str(_JAIL)]
        identity = [str(self.root), str(self.uid), str(self.gid), str(os.getpid())]
        return [*jail, *identity, "/usr/sbin/asterisk", *arguments]

    def console_command(self, folder: Path, command: str) -> list[str]:
        """Asterisk's console, the same way."""
        config = f"{self.inside(folder)}/etc/asterisk.conf"
        return self.run_command(folder, "-C", config, "-r", "-x", command)

    def bury(self, folder: Path) -> None:
        """Nothing to do: the process is Asterisk itself, and leaves nothing behind."""


def give(folder: Path, uid: int, gid: int) -> None:
    """Make a folder and all that is in it a user's own."""
    for path in (folder, *folder.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)


def cache_dir() -> Path:
    """CALLFLOOR_CACHE, else /var/cache/callfloor for root, else the user's cache."""
    if named := os.environ.get("CALLFLOOR_CACHE"):
        return Path(named)
    if os.geteuid() == 0:
        return Path("/var/cache/callfloor")
    return Path.home() / ".cache" / "callfloor"


def is_built(version: str) -> bool:
    """Whether a tree of this version is here and may be used."""
    root = cache_dir() / SUITES.get(version, "")
    return os.geteuid() == 0 and (root / _ASTERISK).exists()


def is_possible() -> bool:
    """Whether this user may make and use a tree here."""
    return sys.platform.startswith("linux") and os.geteuid() == 0


def obtain(version: str = "22") -> Tree:
    """The tree of this version, built if need be; 16 when sid's Asterisk cannot be installed."""
    if version not in SUITES:
        raise TreeError(f"no such version: {version} (known: {', '.join(SUITES)})")
    _require_root()
    try:
        return _obtain(version)
    except TreeError as error:
        if version == "16":
            raise
        say(f"Asterisk {version} cannot be installed ({error}); going on with 16")
        return _obtain("16")


def _obtain(version: str) -> Tree:
    suite = SUITES[version]
    root = cache_dir() / suite
    if not (root / _ASTERISK).exists():
        _build(suite, root)
    _write_hosts(root)
    return _describe(version, root)


def _describe(version: str, root: Path) -> Tree:
    uid, gid = _asterisk_ids(root)
    for module in (root / "usr/lib").glob("**/asterisk/modules/app_queue.so"):
        return Tree(version, root, uid, gid, "/" + str(module.parent.relative_to(root)))
    raise TreeError(f"{root} holds no Asterisk modules; remove it and try again")


def _asterisk_ids(root: Path) -> tuple[int, int]:
    for line in (root / "etc/passwd").read_text(encoding="utf-8").splitlines():
        name, _, uid, gid, *_ = line.split(":")
        if name == "asterisk":
            return int(uid), int(gid)
    raise TreeError(f"{root} has no user asterisk; remove it and try again")


def _write_hosts(root: Path) -> None:
    """Name the host and no name server, else every call waits five seconds for DNS."""
    _replace(root / "etc/hosts", f"127.0.0.1 localhost {socket.gethostname()}\n")
    _replace(root / "etc/resolv.conf", "")


def _replace(path: Path, text: str) -> None:
    if path.is_symlink() or not path.exists() or path.read_text(encoding="utf-8") != text:
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.write_text(text, encoding="utf-8")
        fresh.rename(path)


def _build(suite: str, root: Path) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    with _one_builder(root):
        if (root / _ASTERISK).exists():
            return
        _require_debootstrap()
        fresh = root.with_name(f".{root.name}.new")
        shutil.rmtree(fresh, ignore_errors=True)
        say(f"installing Debian {suite} with Asterisk into {root} (about a minute, 500 MB)")
        try:
            _debootstrap(suite, fresh)
            shutil.rmtree(root, ignore_errors=True)
            fresh.rename(root)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)


def _debootstrap(suite: str, target: Path) -> None:
    command = ["debootstrap", "--variant=minbase", f"--include={_PACKAGES}", suite, str(target)]
    log = target.with_suffix(".log")
    with log.open("wb") as output:
        done = subprocess.run(command, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0 or not (target / _ASTERISK).exists():
        tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-5:])
        raise TreeError(f"debootstrap {suite} failed, see {log}:\n{tail}")
    log.unlink()
    shutil.rmtree(target / "var/cache/apt/archives", ignore_errors=True)


@contextmanager
def _one_builder(root: Path) -> Iterator[None]:
    with root.with_name(f".{root.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _require_root() -> None:
    if not sys.platform.startswith("linux"):
        raise TreeError(f"an Asterisk tree needs Linux; {_OTHER_WAYS}")
    if os.geteuid() != 0:
        raise TreeError(f"an Asterisk tree needs root, for chroot: use sudo; {_OTHER_WAYS}")


def _require_debootstrap() -> None:
    wanted = []
    if shutil.which("debootstrap") is None:
        wanted.append("debootstrap")
    if not Path("/usr/share/keyrings/debian-archive-keyring.gpg").exists():
        wanted.append("debian-archive-keyring")
    if not wanted:
        return
    if shutil.which("apt-get") is None:
        raise TreeError(f"please install {' and '.join(wanted)}, then try again")
    say(f"installing {' and '.join(wanted)}")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-qq", "-y", *wanted]):
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = done.stderr.strip()[-400:]
        raise TreeError(f"apt-get could not install {' and '.join(wanted)}: {why}")


def say(text: str) -> None:
    """Tell the user what takes so long."""
    print(f"lab: {text}", file=sys.stderr, flush=True)
