"""The built wheel is all that `callfloor` and the lab need: nothing is read from the sources."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(180)]

ROOT = Path(__file__).parents[2]
RENDER = """
import sys
from pathlib import Path
from lab import lab, render
assert Path(render.__file__).is_relative_to(sys.prefix), render.__file__
sample = str(render.SAMPLE_DIR)
sys.exit(render.main([sample + "/site.defaults", sample + "/etc", sys.argv[1]]))
"""


def run(folder: Path, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command away from the sources; only the dependencies are ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
    dependencies = sysconfig.get_path("purelib")  # as a plain path: its .pth files are not read
    return subprocess.run(
        command,
        cwd=folder,
        env={**kept, "PYTHONPATH": dependencies, "COLUMNS": "200", **more},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it; gives its folder of programs."""
    folder = tmp_path_factory.mktemp("wheel")
    build = "from hatchling.build import build_wheel as b; import sys; print(b(sys.argv[1]))"
    built = subprocess.run(
        [sys.executable, "-c", build, str(folder)], cwd=ROOT, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stderr
    [wheel] = folder.glob("*.whl")
    for command in (
        ["-m", "venv", "--without-pip", str(folder / "env")],
        ["-m", "pip", "-q", "--python", str(folder / "env"), "install", "--no-deps", str(wheel)],
    ):
        done = subprocess.run([sys.executable, *command], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    return folder / "env" / "bin"


def test_the_installed_command_says_what_it_can(installed: Path, tmp_path: Path) -> None:
    done = run(tmp_path, str(installed / "callfloor"), "--help")

    assert done.returncode == 0, done.stderr
    assert "serve" in done.stdout


def test_the_installed_doctor_examines_database_and_asterisk(
    installed: Path, tmp_path: Path, database_url: str
) -> None:
    done = run(
        tmp_path, str(installed / "callfloor"), "doctor", "--format", "csv",
        CALLFLOOR_DATABASE_URL=database_url, CALLFLOOR_AMI_URL="ami://127.0.0.1:1",
    )  # fmt: skip

    assert done.returncode == 1, done.stderr
    assert '"answers, schema up to date"' in done.stdout
    assert "no Asterisk at 127.0.0.1:1" in done.stdout


def test_the_installed_lab_renders_the_sample_configuration(
    installed: Path, tmp_path: Path
) -> None:
    given = dict.fromkeys(
        ("AMI_READER_SECRET", "AMI_ACTOR_SECRET", "AMI_KEEPER_SECRET", "AGENT_SECRET"), "made-up"
    )
    given |= {"TRUNK_HOST": "127.0.0.1", "PG_PASSWORD": "made-up"}

    done = run(
        tmp_path, str(installed / "python"), "-c", RENDER, str(tmp_path / "etc"),
        **{f"SITE_{name}": value for name, value in given.items()},
    )  # fmt: skip

    assert done.returncode == 0, done.stderr
    rendered = {path.name for path in (tmp_path / "etc").iterdir()}
    assert rendered == {path.name for path in (ROOT / "asterisk-sample" / "etc").glob("*.conf")}
