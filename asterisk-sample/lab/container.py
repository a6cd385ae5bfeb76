"""Asterisk in a container of asterisk-sample/Containerfile, by docker or podman."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from lab.tree import SUITES, TreeError, cache_dir, say

_SAMPLE_DIR: Final = Path(__file__).resolve().parent.parent
_ENGINES: Final = ("docker", "podman")
# The engine with its options, for machines where its bare name does not do.
_ENGINE_VARIABLE: Final = "CALLFLOOR_CONTAINER_ENGINE"
_ANSWER_SECONDS: Final = 10.0
_RUN_SECONDS: Final = 60.0
_LIMITS: Final = ("--ulimit", "nofile=20000:20000", "--ulimit", "nproc=10000:10000")
# The container ends when its standard input does: so it dies with the lab, whatever kills that.
_GUARD: Final = """
exec 3<&0
/usr/sbin/asterisk "$@" </dev/null & asterisk=$!
trap 'kill -TERM $asterisk' TERM INT
(cat <&3 >/dev/null; kill -KILL $asterisk) &
wait $asterisk; wait $asterisk
"""


@dataclass(frozen=True, slots=True)
class Container:
    """An image with Asterisk in it, and the engine that runs it."""

    version: str
    engine: tuple[str, ...]
    image: str
    module_dir: str

    @property
    def shelf(self) -> Path:
        """Where the folders of labs go; containers see them under the same names."""
        return cache_dir() / "containers"

    def inside(self, path: Path) -> str:
        """The name that a path on the host has inside: the same."""
        return str(path)

    def own(self, folder: Path) -> None:
        """Nothing to do: the container runs as the user who owns the folder."""

    def run_command(self, folder: Path, *arguments: str) -> list[str]:
        """Run one container that ends with its standard input."""
        options = ["--rm", "--interactive", "--name", _name(folder), "--network", "host"]
        options += ["--user", f"{os.geteuid()}:{os.getegid()}", *_LIMITS]
        options += ["--volume", f"{folder}:{folder}", "--entrypoint", "/bin/sh"]
        return [*self.engine, "run", *options, self.image, "-c", _GUARD, "asterisk", *arguments]

    def console_command(self, folder: Path, command: str) -> list[str]:
        """Run the console inside the running container."""
        console = ["/usr/sbin/asterisk", "-C", f"{folder}/etc/asterisk.conf", "-r", "-x", command]
        return [*self.engine, "exec", _name(folder), *console]


def answers() -> bool:
    """Whether an engine is installed and does its work."""
    return _find_engine() is not None


def obtain(version: str) -> Container:
    """The image of this version, built if need be."""
    if version not in SUITES:
        raise TreeError(f"no such version: {version} (known: {', '.join(SUITES)})")
    if (engine := _find_engine()) is None:
        raise TreeError("neither docker nor podman answers; install one, or start its service")
    image = f"callfloor-asterisk:{version}"
    if _run(engine, "image", "inspect", image) is None:
        say(f"building the image {image} (some minutes)")
        suite = f"SUITE={SUITES[version]}"
        file = str(_SAMPLE_DIR / "Containerfile")
        build = ("build", "--tag", image, "--build-arg", suite, "--file", file, str(_SAMPLE_DIR))
        if _run(engine, *build, seconds=None) is None:
            raise TreeError(f"{shlex.join([*engine, *build])} failed: run it by hand to see why")
    look = "dirname $(find /usr/lib -name app_queue.so)"
    shell = ("run", "--rm", "--network", "host", *_LIMITS, "--entrypoint", "/bin/sh")
    found = _run(engine, *shell, image, "-c", look, seconds=_RUN_SECONDS)
    if not found:
        raise TreeError(f"{image} does not run, or holds no Asterisk")
    return Container(version, engine, image, found.strip())


def _find_engine() -> tuple[str, ...] | None:
    if named := os.environ.get(_ENGINE_VARIABLE):
        candidates = [tuple(shlex.split(named))]
    else:
        candidates = [(name,) for name in _ENGINES if shutil.which(name)]
    return next((engine for engine in candidates if _run(engine, "info") is not None), None)


def _run(
    engine: tuple[str, ...], *arguments: str, seconds: float | None = _ANSWER_SECONDS
) -> str | None:
    """What the engine printed, or None when it failed."""
    try:
        done = subprocess.run(
            [*engine, *arguments], capture_output=True, text=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _name(folder: Path) -> str:
    """callfloor-lab-<id>-pbx, from .../lab-<id>/pbx."""
    return f"callfloor-{folder.parent.name}-{folder.name}"
