"""The lab in a container: which engine is taken, and what it is asked to do.

The engine is a program that writes down its arguments; tests/asterisk/test_container.py has a real
one.
"""

import json
import os
import resource
import shlex
from pathlib import Path

import pytest

from lab import container, engine, home
from lab.container import Container
from lab.engine import Engine, EngineError
from lab.tree import TreeError

DOCKER = {"ServerVersion": "28.1", "SecurityOptions": ["name=seccomp,profile=builtin"]}
ROOTLESS_DOCKER = {"ServerVersion": "28.1", "SecurityOptions": ["name=rootless"]}
DEAD_DOCKER = {"ServerVersion": "", "ServerErrors": ["Cannot connect to the Docker daemon"]}
PODMAN = {"host": {"security": {"rootless": False}}}
ROOTLESS_PODMAN = {"host": {"security": {"rootless": True}}}


class FakeEngines:
    """Engines on a PATH that holds nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def install(self, name: str, info: object, images: str = "", fails_at: str = "none") -> None:
        """One engine: its answer to `info`, the images it holds, the verb at which it fails."""
        log = shlex.quote(str(self.folder / f"{name}.log"))
        program = self.folder / name
        program.write_text(
            "#!/bin/sh\n"
            f'for word in "$@"; do printf "%s\\t" "$word"; done >>{log}; echo >>{log}\n'
            f'case "$*" in *{fails_at}*) echo "no such luck" >&2; exit 125 ;; esac\n'
            'case "$*" in\n'
            f"*info*) echo {shlex.quote(json.dumps(info))} ;;\n"
            f'*"image inspect"*) for held in none {images}; do\n'
            '  case "$*" in *" $held") exit 0 ;; esac; done; exit 1 ;;\n'
            '*"--entrypoint /bin/sh"*) echo 101; echo 102; echo /usr/lib/asterisk/modules ;;\n'
            "esac\n",
            encoding="utf-8",
        )
        program.chmod(0o755)

    def calls(self, name: str) -> list[list[str]]:
        """What it was asked, one list of arguments for each time."""
        lines = (self.folder / f"{name}.log").read_text(encoding="utf-8").splitlines()
        return [line.split("\t")[:-1] for line in lines]


@pytest.fixture
def engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FakeEngines:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv(engine.ENGINE_VARIABLE, raising=False)
    monkeypatch.delenv("CALLFLOOR_LAB_HOME", raising=False)
    monkeypatch.setenv("CALLFLOOR_CACHE", str(tmp_path / "cache"))
    return FakeEngines(tmp_path)


def test_no_engine_is_no_engine(engines: FakeEngines) -> None:
    assert engine.find() is None
    assert container.readiness(["22"]) == (False, "neither docker nor podman answers")


def test_docker_comes_before_podman_and_a_dead_docker_after_it(engines: FakeEngines) -> None:
    engines.install("podman", PODMAN)
    engines.install("docker", DOCKER)
    assert engine.find() == Engine(("docker",))
    engines.install("docker", DEAD_DOCKER)
    assert engine.find() == Engine(("podman",), is_podman=True)


@pytest.mark.parametrize("info", ["not json at all", [], {}])
def test_an_engine_that_talks_nonsense_does_not_answer(engines: FakeEngines, info: object) -> None:
    engines.install("docker", info)
    assert engine.find() is None


def test_the_named_engine_is_taken_with_its_options(
    engines: FakeEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines.install("docker", DOCKER)
    engines.install("podman", PODMAN)
    monkeypatch.setenv(engine.ENGINE_VARIABLE, "podman --runtime runc --storage-driver vfs")
    found = engine.find()
    assert found is not None
    assert found.command == ("podman", "--runtime", "runc", "--storage-driver", "vfs")
    assert engines.calls("podman")[0][:5] == [
        "--runtime",
        "runc",
        "--storage-driver",
        "vfs",
        "info",
    ]


@pytest.mark.parametrize(
    ("info", "options"),
    [
        (DOCKER, "--user 7:8"),
        (PODMAN, "--user 7:8"),
        (ROOTLESS_PODMAN, "--userns keep-id --user 7:8"),
        (ROOTLESS_DOCKER, "--user 0:0"),
    ],
)
def test_files_in_the_folder_belong_to_who_made_it(
    engines: FakeEngines, info: object, options: str
) -> None:
    engines.install("docker", info)
    found = engine.find()
    assert found is not None
    assert found.identity(7, 8) == tuple(options.split())


def test_limits_are_never_above_those_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    hard = {resource.RLIMIT_NOFILE: 4096, resource.RLIMIT_NPROC: resource.RLIM_INFINITY}
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (1024, hard[kind]))
    assert " ".join(engine.limits()) == "--ulimit nofile=4096:4096 --ulimit nproc=10000:10000"


def test_an_image_is_built_once_on_the_network_of_the_host(engines: FakeEngines) -> None:
    engines.install("docker", DOCKER)
    found = container.obtain("16")
    (build,) = [call for call in engines.calls("docker") if call[0] == "build"]
    assert "--network host --tag callfloor-asterisk:16 --build-arg SUITE=bullseye" in " ".join(
        build
    )
    assert Path(build[-1]).joinpath("Containerfile").exists()
    assert (found.version, found.module_dir) == ("16", "/usr/lib/asterisk/modules")
    engines.install("docker", DOCKER, images="callfloor-asterisk:16")
    container.obtain("16")
    assert len([call for call in engines.calls("docker") if call[0] == "build"]) == 1


def test_asterisk_runs_confined_in_its_own_folder_and_ends_with_its_input(tmp_path: Path) -> None:
    home_ = Container("22", Engine(("docker",)), "image:22", "/modules", 101, 102)
    folder = tmp_path / "lab-1-ab" / "pbx"
    command = home_.run_command(folder, "-f", "-C", "asterisk.conf")
    line = " ".join(command)
    assert line.startswith("docker run --rm --interactive --name callfloor-lab-1-ab-pbx")
    for part in ("--user 101:102", "--cap-drop ALL", "--ulimit nofile=", "--network host"):
        assert part in line
    assert command[command.index("--volume") + 1] == f"{folder}:{folder}"
    assert command[-3:] == ["-f", "-C", "asterisk.conf"]
    console = home_.console_command(folder, "core show version")
    assert console[:3] == ["docker", "exec", "callfloor-lab-1-ab-pbx"]
    assert console[-3:] == ["-r", "-x", "core show version"]


def test_a_failed_build_says_what_the_engine_said(engines: FakeEngines) -> None:
    engines.install("podman", PODMAN, fails_at="build")
    with pytest.raises(TreeError, match=r"podman build (?s:.*)no such luck"):
        container.obtain("22")


def test_an_engine_that_is_not_there_is_an_error_of_ours() -> None:
    with pytest.raises(EngineError, match="no-such-engine"):
        Engine(("no-such-engine",)).do("info")


def test_a_container_comes_first_where_asked_and_a_tree_where_there_is_one(
    engines: FakeEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    engines.install("docker", DOCKER, images="callfloor-asterisk:22")
    monkeypatch.setattr("lab.tree.is_built", lambda version: True)
    monkeypatch.setattr("lab.tree.obtain", lambda version: f"tree of {version}")
    assert isinstance(home.obtain("22", container_first=True), Container)
    assert str(home.obtain("22")) == "tree of 22"
    monkeypatch.setenv("CALLFLOOR_LAB_HOME", "container")
    assert isinstance(home.obtain("22"), Container)


def test_a_tree_takes_the_place_of_a_container_that_cannot_be_built(
    engines: FakeEngines, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    engines.install("docker", DOCKER, fails_at="build")
    monkeypatch.setattr("lab.tree.obtain", lambda version: f"tree of {version}")
    monkeypatch.setattr("lab.tree.is_possible", lambda: True)
    assert str(home.obtain("22", container_first=True)) == "tree of 22"
    assert "no such luck" in capsys.readouterr().err
    monkeypatch.setattr("lab.tree.is_possible", lambda: False)
    with pytest.raises(TreeError, match="no such luck"):
        home.obtain("22", container_first=True)


def test_without_engine_and_root_it_says_what_to_install(
    engines: FakeEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(TreeError, match="install Docker or podman"):
        home.obtain("22", container_first=True)


def test_an_unknown_home_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLFLOOR_LAB_HOME", "cloud")
    with pytest.raises(TreeError, match="CALLFLOOR_LAB_HOME=cloud: there are tree and container"):
        home.obtain("22")


def test_readiness_names_the_image_that_is_missing(engines: FakeEngines) -> None:
    engines.install("docker", DOCKER, images="debian:sid")
    assert container.readiness(["22"]) == (True, "docker, Asterisk 22")
    is_ready, why = container.readiness(["22", "16"])
    assert not is_ready
    assert "neither callfloor-asterisk:16 nor debian:bullseye" in why
