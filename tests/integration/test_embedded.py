"""The embedded Postgres: it starts as anybody, survives crashes, and never outlives its parent."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from store.embedded import EmbeddedPostgres
from store.errors import ServerNotStarted

pytestmark = pytest.mark.postgres

ROOT = Path(__file__).parents[2]
GONE_SECONDS = 10.0
# As root and told to be somebody else: everything is imported and found first, since that user
# may not be able to read this environment.
HOLD = """
import encodings.ascii, os, sys, time
from pathlib import Path
from store import embedded
binaries = embedded.find_binaries(Path(sys.argv[2]))
embedded.find_binaries = lambda cache: binaries
if len(sys.argv) > 3:
    os.setgroups([])
    os.setuid(int(sys.argv[3]))
server = embedded.EmbeddedPostgres(Path(sys.argv[1]), cache=Path(sys.argv[2]))
server.start()
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="callfloor-pg-", dir="/var/tmp"))
    path.chmod(0o755)
    yield path
    shutil.rmtree(path, ignore_errors=True)


def cache() -> Path:
    return Path(os.environ.get("CALLFLOOR_CACHE", "/var/tmp/callfloor-test")) / "postgres"


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().split()[2] != "Z"


def wait_gone(pid: int) -> bool:
    deadline = time.monotonic() + GONE_SECONDS
    while is_alive(pid) and time.monotonic() < deadline:
        time.sleep(0.02)
    return not is_alive(pid)


def hold(folder: Path, uid: int | None = None) -> tuple[subprocess.Popen[str], int]:
    """Start a server in a process of its own and return that process and the server's pid."""
    whom = [] if uid is None else [str(uid)]
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder / "pg"), str(cache()), *whom],
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert process.stdout is not None
    with process.stdout as said:
        return process, int(said.readline())


def test_what_was_saved_is_there_after_a_crash(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", cache=cache())
    server.start()
    with psycopg.connect(server.url_for("postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    port = server.port

    server.kill()
    server.start()

    with psycopg.connect(server.url_for("postgres")) as connection:
        row = connection.execute("SELECT answer FROM kept").fetchone()
    server.stop()
    assert (row, server.port) == ((42,), port)


def test_the_server_dies_with_a_killed_parent(folder: Path) -> None:
    process, pid = hold(folder)

    process.send_signal(signal.SIGKILL)
    process.wait()

    assert wait_gone(pid)


def test_a_second_process_attaches_and_leaves_the_server_running(folder: Path) -> None:
    process, pid = hold(folder)
    second = EmbeddedPostgres(folder / "pg", cache=cache())

    second.start()
    with psycopg.connect(second.url_for("postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    second.stop()

    assert second.pid is None
    assert is_alive(pid)
    process.terminate()
    process.wait()
    assert wait_gone(pid)


def test_an_ordinary_user_can_run_it(folder: Path) -> None:
    """As root we become somebody else first; the server then runs as that very user."""
    if os.geteuid() != 0:
        process, pid = hold(folder)
        wanted = os.geteuid()
    else:
        wanted = pwd.getpwnam("nobody").pw_uid
        os.chown(folder, wanted, -1)
        process, pid = hold(folder, uid=wanted)

    assert Path(f"/proc/{pid}").stat().st_uid == wanted
    process.terminate()
    process.wait()
    assert wait_gone(pid)


def test_a_data_directory_of_another_version_is_refused(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", cache=cache())
    server.start()
    server.stop()
    (folder / "pg" / "data" / "PG_VERSION").write_text("9\n")

    with pytest.raises(ServerNotStarted, match="was made by Postgres 9"):
        server.start()


def test_the_password_is_for_the_owner_only(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", cache=cache())
    server.start()
    server.stop()

    assert (folder / "pg" / "secret").stat().st_mode & 0o777 == 0o600
