"""The embedded Postgres: it starts as anybody, survives crashes, and never outlives its users."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
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
from store import embedded, postgres_keeper

def fork_keeper(arguments, log):
    pid = os.fork()
    if pid:
        return pid
    os._exit(postgres_keeper.main(arguments))

binaries = embedded.find_binaries(Path(sys.argv[2]))
embedded.find_binaries = lambda cache: binaries
if len(sys.argv) > 3:
    embedded.launch_keeper = fork_keeper
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


def test_the_server_dies_with_its_only_user(folder: Path) -> None:
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

    assert is_alive(pid)
    process.terminate()
    process.wait()
    assert wait_gone(pid)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_who_attached_keeps_the_server_when_its_starter_ends(
    folder: Path, number: signal.Signals
) -> None:
    starter, pid = hold(folder)
    attached, same = hold(folder)
    assert same == pid

    starter.send_signal(number)
    starter.wait()
    third = EmbeddedPostgres(folder / "pg", cache=cache())
    third.start()
    with psycopg.connect(third.url_for("postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert third.pid == pid
    third.stop()
    assert is_alive(pid)

    attached.kill()
    attached.wait()
    assert wait_gone(pid)


def test_many_who_start_at_once_share_one_server(folder: Path) -> None:
    with ThreadPoolExecutor(4) as together:
        users = list(together.map(lambda _: hold(folder), range(4)))
    [pid] = {pid for _, pid in users}

    for process, _ in users[:-1]:
        process.kill()
        process.wait()
    assert is_alive(pid)

    users[-1][0].kill()
    users[-1][0].wait()
    assert wait_gone(pid)


def test_the_last_to_leave_has_stopped_the_server(folder: Path) -> None:
    first = EmbeddedPostgres(folder / "pg", cache=cache())
    second = EmbeddedPostgres(folder / "pg", cache=cache())
    first.start()
    second.start()
    pid = first.pid
    assert pid is not None

    first.stop()
    assert second.pid == pid
    second.stop()

    assert not is_alive(pid)
    assert "database system is shut down" in first.log.read_text()


def test_a_user_whose_keeper_was_killed_starts_the_server_again(folder: Path) -> None:
    server = EmbeddedPostgres(folder / "pg", cache=cache())
    server.start()
    pid, port = server.pid, server.port
    assert pid is not None

    os.kill(parent_of(pid), signal.SIGKILL)
    assert wait_gone(pid)
    server.start()

    assert server.port == port
    with psycopg.connect(server.url_for("postgres")) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.stop()


def test_a_pid_file_that_names_a_stranger_ends_nobody(folder: Path) -> None:
    """After a crash of the machine its number may be anybody's."""
    server = EmbeddedPostgres(folder / "pg", cache=cache())
    server.start()
    lines = (server.data / "postmaster.pid").read_text().splitlines()
    server.stop()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as stranger:
        crashed = "\n".join([str(stranger.pid), *lines[1:], ""])
        (server.data / "postmaster.pid").write_text(crashed)
        assert server.pid is None
        server.stop()
        server.kill()
        assert stranger.poll() is None
        stranger.kill()


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


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
