"""The lab in containers, for real: bin/test runs this where an engine and its image are at hand."""

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from lab.container import Container, obtain
from lab.lab import Lab
from lab.numbering_plan import number_for
from lab.render import SAMPLE_DIR
from tests.asterisk.conftest import VERSIONS, empty_floor
from tests.asterisk.dialling import TALK_TOLERANCE_SECONDS, Floor, bridged, one

pytestmark = [pytest.mark.container, pytest.mark.timeout(300)]

END_SECONDS = 15


@pytest.fixture(params=VERSIONS)
def container_lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """Three Asterisks in three containers."""
    with Lab(request.param, agents=2, home=obtain(request.param)) as lab:
        yield lab


def test_a_call_in_containers_is_talked_recorded_and_survives_a_crash(container_lab: Lab) -> None:
    """Two calls of one second, the second after a kill: names and folders are free again."""
    lab = container_lab
    assert f"Asterisk {lab.version}." in lab.pbx.console("core show version")
    talk(lab)
    empty_floor(lab)
    lab.pbx.kill()
    lab.pbx.start()
    lab.wait_registered()
    empty_floor(lab)  # a crash may forget what the last second changed
    talk(lab)


def talk(lab: Lab) -> None:
    """Dial, talk for a second, and find it in the ledger."""
    with closing(Floor(lab)) as floor:
        floor.add_agents()
        call = floor.dial(number_for("answered_customer_ends", 10))
        floor.finish([call])
        begin, end = bridged(rows := floor.cel(call))
    assert end - begin == pytest.approx(1.0, abs=TALK_TOLERANCE_SECONDS)
    # A host name that DNS must look up costs seconds.
    assert begin - one(rows, "ANSWER", call.attempt).at < 1


def test_containers_end_with_the_process_that_started_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    home = obtain(VERSIONS[0])
    monkeypatch.setenv("CALLFLOOR_LAB_HOME", "container")
    command = [sys.executable, "-m", "lab", "up", "--version", home.version, "--agents", "1"]
    process = subprocess.Popen(command, cwd=SAMPLE_DIR, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        printed = ""
        while not printed.endswith("\n}\n"):
            line = process.stdout.readline()
            assert line, f"the lab did not come up: {printed}"
            printed += line
    folder = Path(json.loads(printed)["pbx"]["log"]).parents[2]
    assert len(running(home, folder)) == 3
    process.send_signal(signal.SIGKILL)
    process.wait()
    deadline = time.monotonic() + END_SECONDS
    while running(home, folder) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert running(home, folder) == []


def running(home: Container, folder: Path) -> list[str]:
    """Names of the containers of a lab."""
    names = home.engine.do("ps", "--all", "--format", "{{.Names}}").split()
    return [name for name in names if name.startswith(f"callfloor-{folder.name}-")]
