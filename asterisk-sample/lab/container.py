"""Asterisk in a container of asterisk-sample/Containerfile, by docker or podman."""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lab import engine as engines
from lab.engine import Engine, EngineError
from lab.tree import SUITES, TreeError, cache_dir, give, say

_SAMPLE_DIR: Final = Path(__file__).resolve().parent.parent
_RUN_SECONDS: Final = 60.0
_GONE_SECONDS: Final = 20.0
_POLL_SECONDS: Final = 0.05
# Asterisk in the lab needs no right of root: its ports are above 1024. SELinux hides folders.
_CONFINED: Final = (
    *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
    *("--security-opt", "label=disable"),
)
# Which user the image has for Asterisk, and where its modules are.
_LOOK: Final = "id -u asterisk; id -g asterisk; dirname $(find /usr/lib -name app_queue.so)"
# The container ends when its standard input does: so it dies with the lab, whatever kills that.
_GUARD: Final = """
umask 027
exec 3<&0
/usr/sbin/asterisk "$@" </dev/null & asterisk=$!
trap 'kill -TERM $asterisk' TERM INT
(cat <&3 >/dev/null; kill -KILL $asterisk) &
wait $asterisk; wait $asterisk
"""


@dataclass(frozen=True, slots=True)
class Container:
    """An image with Asterisk in it, and the engine that runs it as user uid:gid."""

    version: str
    engine: Engine
    image: str
    module_dir: str
    uid: int
    gid: int

    @property
    def shelf(self) -> Path:
        """Where the folders of labs go; containers see them under the same names."""
        return cache_dir() / "containers"

    def inside(self, path: Path) -> str:
        """The name that a path on the host has inside: the same."""
        return str(path)

    def own(self, folder: Path) -> None:
        """Give a folder to the user that the container runs as; only root can and need."""
        if os.geteuid() == 0:
            give(folder, self.uid, self.gid)

    def run_command(self, folder: Path, *arguments: str) -> list[str]:
        """Run one container that ends with its standard input."""
        options = ["--rm", "--interactive", "--name", _name(folder), *engines.host_network()]
        options += [*self.engine.identity(self.uid, self.gid), *engines.limits(), *_CONFINED]
        options += ["--volume", f"{folder}:{folder}", "--entrypoint", "/bin/sh"]
        guarded = ["-c", _GUARD, "asterisk", *arguments]
        return [*self.engine.command, "run", *options, self.image, *guarded]

    def console_command(self, folder: Path, command: str) -> list[str]:
        """Run the console inside the running container."""
        console = ["/usr/sbin/asterisk", "-C", f"{folder}/etc/asterisk.conf", "-r", "-x", command]
        return [*self.engine.command, "exec", _name(folder), *console]

    def bury(self, folder: Path) -> None:
        """Return when the container of that folder is gone, so that its name is free again."""
        deadline = time.monotonic() + _GONE_SECONDS
        while self.engine.succeeds("container", "inspect", "--format", "{{.Id}}", _name(folder)):
            if time.monotonic() > deadline:
                raise TreeError(f"container {_name(folder)} does not end; {self.engine} rm -f it")
            # May fail while the engine removes it by itself, as --rm says.
            self.engine.succeeds("rm", "--force", _name(folder))
            time.sleep(_POLL_SECONDS)


def obtain(version: str, engine: Engine | None = None) -> Container:
    """The image of this version, built if need be; raises TreeError with what is wrong."""
    if version not in SUITES:
        raise TreeError(f"no such version: {version} (known: {', '.join(SUITES)})")
    if (engine := engine or engines.find()) is None:
        raise TreeError("neither docker nor podman answers; install one, or start its service")
    image = image_name(version)
    try:
        if not has_image(engine, image):
            say(f"building the image {image} with {engine} (some minutes, 500 MB)")
            engine.do(*build_arguments(version), seconds=None)
        return _describe(version, engine, image)
    except EngineError as error:
        raise TreeError(str(error)) from error


def image_name(version: str) -> str:
    """What the lab calls its image."""
    return f"callfloor-asterisk:{version}"


def has_image(engine: Engine, image: str) -> bool:
    """Whether the engine holds this image."""
    return engine.succeeds("image", "inspect", "--format", "{{.Id}}", image)


def build_arguments(version: str) -> list[str]:
    """Build the Containerfile; on the host's network, as an engine may have no other."""
    options = ["--network", "host", "--tag", image_name(version)]
    options += ["--build-arg", f"SUITE={SUITES[version]}"]
    return ["build", *options, "--file", str(_SAMPLE_DIR / "Containerfile"), str(_SAMPLE_DIR)]


def _describe(version: str, engine: Engine, image: str) -> Container:
    options = ("--rm", *engines.host_network(), *engines.limits(), *_CONFINED)
    shell = ("run", *options, "--entrypoint", "/bin/sh", image, "-c", _LOOK)
    found = engine.do(*shell, seconds=_RUN_SECONDS).split()
    if len(found) != 3:
        raise TreeError(f"{image} holds no Asterisk; remove the image and try again")
    uid, gid, module_dir = int(found[0]), int(found[1]), found[2]
    if os.geteuid() != 0:
        uid, gid = os.geteuid(), os.getegid()
    return Container(version, engine, image, module_dir, uid, gid)


def readiness(versions: list[str]) -> tuple[bool, str]:
    """Whether labs can run in containers here without a download, and a line that says why."""
    if (engine := engines.find()) is None:
        return False, "neither docker nor podman answers"
    for version in versions:
        base = f"debian:{SUITES[version]}"
        if not has_image(engine, image_name(version)) and not has_image(engine, base):
            return False, f"{engine} has neither {image_name(version)} nor {base} to build it on"
    return True, f"{engine}, Asterisk {' and '.join(versions)}"


def main(versions: list[str]) -> int:
    """`python -m lab.container 22 16`: print the readiness; exit 1 when there is none."""
    is_ready, why = readiness(versions or list(SUITES))
    print(why)
    return 0 if is_ready else 1


def _name(folder: Path) -> str:
    """callfloor-lab-<id>-pbx, from .../lab-<id>/pbx."""
    return f"callfloor-{folder.parent.name}-{folder.name}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
