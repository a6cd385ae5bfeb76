"""`callfloor serve` against a real Asterisk that does not want us: one clear line, exit code 1."""

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from lab.lab import Lab
from store.embedded import free_port

pytestmark = [pytest.mark.asterisk, pytest.mark.postgres]


SERVE = [sys.executable, "-m", "cli.main", "serve"]


def environment(lab: Lab, database_url: str, **more: str) -> dict[str, str]:
    """Settings for this lab and database, the right secrets, and what a test changes."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
    ours = {
        "DATABASE_URL": database_url,
        "AMI_URL": f"ami://127.0.0.1:{lab.pbx.ami_port}",
        "AMI_READER_SECRET": lab.pbx.logins["callfloor-reader"].secret,
        "AMI_ACTOR_SECRET": lab.pbx.logins["callfloor-actor"].secret,
        "LOG_LEVEL": "error",
        "WEB_PORT": "0",
        **more,
    }
    return kept | {f"CALLFLOOR_{name}": value for name, value in ours.items()}


def refused(lab: Lab, database_url: str, **more: str) -> str:
    """Run `serve`, which must refuse; return its one line."""
    done = subprocess.run(
        SERVE,
        capture_output=True,
        text=True,
        check=False,
        env=environment(lab, database_url, **more),
    )
    lines = [line for line in done.stderr.splitlines() if line.startswith("callfloor: ")]
    assert done.returncode == 1, done.stderr
    assert len(lines) == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr + done.stdout
    return lines[0]


def test_a_wrong_ami_password_is_one_clear_line_and_is_not_shown(
    lab: Lab, database_url: str
) -> None:
    line = refused(
        lab, database_url, AMI_READER_SECRET="hunter2-wrong", AMI_ACTOR_SECRET="hunter2-wrong"
    )

    assert "callfloor-reader" in line or "callfloor-actor" in line


def test_a_port_that_is_taken_is_named_before_anybody_is_dialled(
    lab: Lab, database_url: str
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])

        assert f"127.0.0.1:{port}" in refused(lab, database_url, WEB_PORT=port)


def test_a_second_service_on_one_database_is_refused(lab: Lab, database_url: str) -> None:
    port = free_port()
    first = subprocess.Popen(
        SERVE, stderr=subprocess.DEVNULL, env=environment(lab, database_url, WEB_PORT=str(port))
    )
    try:
        await_port(port)
        assert "another `callfloor serve`" in refused(lab, database_url)
    finally:
        first.terminate()
        assert first.wait() == 0


def await_port(port: int, seconds: float = 30.0) -> None:
    """Wait until somebody listens."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nobody listens on {port}")
