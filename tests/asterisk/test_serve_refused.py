"""`callfloor serve` against a real Asterisk that does not want us: one clear line, exit code 1."""

import os
import subprocess
import sys

import pytest

from lab.lab import Lab

pytestmark = [pytest.mark.asterisk, pytest.mark.postgres]


def test_a_wrong_ami_password_is_one_clear_line_and_is_not_shown(
    lab: Lab, database_url: str
) -> None:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
    environment |= {
        "CALLFLOOR_DATABASE_URL": database_url,
        "CALLFLOOR_AMI_URL": f"ami://127.0.0.1:{lab.pbx.ami_port}",
        "CALLFLOOR_AMI_READER_SECRET": "hunter2-wrong",
        "CALLFLOOR_AMI_ACTOR_SECRET": "hunter2-wrong",
        "CALLFLOOR_LOG_LEVEL": "error",
    }

    done = subprocess.run(
        [sys.executable, "-m", "cli.main", "serve"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )

    lines = [line for line in done.stderr.splitlines() if line.startswith("callfloor: ")]
    assert done.returncode == 1
    assert len(lines) == 1
    assert "callfloor-reader" in lines[0] or "callfloor-actor" in lines[0]
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr + done.stdout
