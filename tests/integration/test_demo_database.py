"""The demo on a Postgres that the user names: one clear line when it is away, nothing left over."""

import os
import subprocess
import sys

import pytest

from cli import demo_floor
from cli.demo_floor import DATABASE_VARIABLE, DemoFloor, DemoPlan
from lab.instance import InstanceError
from lab.sample_list import sample_leads
from tests.fakes.named_server import whats_there

pytestmark = pytest.mark.postgres


def test_a_named_server_that_is_away_is_one_line_before_anything_starts() -> None:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
    done = subprocess.run(
        [sys.executable, "-m", "cli.demo", "--once", "--json"],
        env={**kept, DATABASE_VARIABLE: "postgresql://me:hunter2@127.0.0.1:1/mine"},
        capture_output=True,
        text=True,
        check=False,
    )

    lines = [line for line in done.stderr.splitlines() if line.startswith("callfloor: ")]
    assert (done.returncode, done.stdout, len(lines)) == (1, "", 1), done.stderr
    assert "cannot connect to the database" in lines[0]
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr


def test_a_demo_that_fails_half_way_leaves_the_named_server_as_it_was(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoLab:
        def __init__(self, *_: object, **__: object) -> None:
            raise InstanceError("no Asterisk today")

    monkeypatch.setenv(DATABASE_VARIABLE, postgres_url)
    monkeypatch.setattr(demo_floor, "Lab", NoLab)
    before = whats_there(postgres_url)

    with (
        DemoFloor(DemoPlan(sample_leads(1))) as floor,
        pytest.raises(InstanceError, match="no Asterisk today"),
    ):
        floor.start_world()

    assert whats_there(postgres_url) == before
    assert not floor.folder.exists()
