"""The life of a real `callfloor serve`, on a scripted Asterisk: what ends it, and what does not."""

import asyncio
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest

from cdr_ingest.ingest import Ingester
from cli.leadership import LOCK_KEY
from store import cel_rows
from store.database import Database
from store.embedded import EmbeddedPostgres, free_port
from store.recordings import read_recording
from tests.fakes.cel_table import CALL_START, answered_call
from tests.fakes.scripted_asterisk import ScriptedAsterisk, scripted_asterisk
from tests.integration.test_recordings import write_sound

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(120)]

SECRET = "not-to-be-shown"
ADVISORY = (LOCK_KEY >> 32, LOCK_KEY & 0xFFFFFFFF)


@pytest.fixture
async def asterisk() -> AsyncIterator[ScriptedAsterisk]:
    async with scripted_asterisk(ScriptedAsterisk(secret=SECRET)) as server:
        yield server


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="callfloor-life-", dir="/var/tmp"))
    path.chmod(0o755)
    cache = Path(os.environ.get("CALLFLOOR_CACHE", "/var/tmp/callfloor-test")) / "postgres"
    (path / "binaries").symlink_to(cache)  # where the service would copy them to, at length
    yield path
    shutil.rmtree(path, ignore_errors=True)


def postgres_in(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder / "postgres")


def environment(asterisk: ScriptedAsterisk, **more: str) -> dict[str, str]:
    ours = {
        "AMI_URL": f"ami://127.0.0.1:{asterisk.port}",
        "AMI_READER": "reader",
        "AMI_READER_SECRET": SECRET,
        "AMI_ACTOR": "actor",
        "AMI_ACTOR_SECRET": SECRET,
        "LOG_LEVEL": "error",
        "WEB_PORT": str(free_port()),
        **more,
    }
    kept = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
    return kept | {f"CALLFLOOR_{name}": value for name, value in ours.items()}


@asynccontextmanager
async def serving(environment: dict[str, str]) -> AsyncIterator[Process]:
    """A service that answers on its port; killed at the end if it still runs."""
    service = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cli.main", "serve", stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE,
        env=environment,
    )  # fmt: skip
    try:
        await until_answering(int(environment["CALLFLOOR_WEB_PORT"]), service)
        yield service
    finally:
        if service.returncode is None:
            service.kill()
        await service.communicate()


async def until_answering(port: int, service: Process) -> None:
    while service.returncode is None:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.05)
        else:
            writer.close()
            return
    assert service.stderr is not None
    raise AssertionError(f"it ended: {await service.stderr.read()!r}")


async def last_words(service: Process) -> tuple[int, list[str]]:
    """Wait for the end; return the exit code and the lines that are for the user."""
    _, said = await service.communicate()
    text = said.decode()
    assert "Traceback" not in text
    assert SECRET not in text
    lines = [line for line in text.splitlines() if line.startswith("callfloor: ")]
    return service.returncode or 0, lines


def keeper_of(server: EmbeddedPostgres) -> int:
    stat = Path(f"/proc/{server.pid}/stat").read_text()
    return int(stat.rpartition(")")[2].split()[1])


async def until_another(server: EmbeddedPostgres, than: int | None) -> None:
    while server.pid in (None, than):  # noqa: ASYNC110 # nothing announces it
        await asyncio.sleep(0.05)


async def test_a_service_brings_its_postgres_back_or_ends_with_one_line(
    asterisk: ScriptedAsterisk, folder: Path
) -> None:
    server = postgres_in(folder)
    settings = environment(asterisk, DATABASE_FOLDER=str(folder / "postgres"))
    async with serving(settings) as service:
        first = server.pid
        os.kill(keeper_of(server), signal.SIGKILL)
        await until_another(server, first)
        assert service.returncode is None

        (server.data / "PG_VERSION").unlink()
        os.kill(keeper_of(server), signal.SIGKILL)
        code, lines = await last_words(service)

    assert code == 1
    assert lines == [
        "callfloor: the embedded Postgres is gone and cannot be started again: "
        f"the data directory {server.data} is gone"
    ]


async def test_a_service_outlives_the_verb_that_started_its_postgres(
    asterisk: ScriptedAsterisk, folder: Path
) -> None:
    """`callfloor leads import` may be first, and done first."""
    server = postgres_in(folder)
    server.start()
    pid = server.pid
    settings = environment(asterisk, DATABASE_FOLDER=str(folder / "postgres"))
    async with serving(settings) as service:
        await asyncio.to_thread(server.stop)
        assert server.pid == pid

        service.terminate()
        assert await last_words(service) == (0, [])
    assert server.pid is None


async def test_who_took_the_lock_while_postgres_was_away_ends_the_service(
    asterisk: ScriptedAsterisk, database_url: str
) -> None:
    settings = environment(asterisk, DATABASE_URL=database_url)
    async with serving(settings) as service:
        with psycopg.connect(database_url, autocommit=True) as rival:
            rival.execute("SELECT set_config('application_name', 'rival', false)")
            waiting = asyncio.create_task(asyncio.to_thread(take_lock, rival))
            await asyncio.to_thread(cut_the_service_off, database_url)
            await waiting
            code, lines = await last_words(service)

    assert code == 1
    assert lines == [
        "callfloor: another `callfloor serve` is running on this database: stop it first"
    ]


async def test_a_service_links_recordings_by_itself(
    asterisk: ScriptedAsterisk, database: Database, database_url: str, tmp_path: Path
) -> None:
    rows = answered_call("2")
    call = rows[0].linkedid
    async with database.transaction() as session:
        await cel_rows.add_cel(session, rows)
    write_sound(tmp_path / f"{call}.wav")
    settings = environment(
        asterisk, DATABASE_URL=database_url, ASTERISK_RECORDINGS_FOLDER=str(tmp_path)
    )
    await Ingester(database, None, lambda: None, lambda: CALL_START).run_once(CALL_START)
    async with serving(settings) as service:
        while (found := await read_recording(database, call)) is None:
            assert service.returncode is None
            await asyncio.sleep(0.05)
        service.terminate()
        assert await last_words(service) == (0, [])
    assert (found.seconds, found.path) == (Decimal(2), str(tmp_path / f"{call}.wav"))


def take_lock(connection: "psycopg.Connection[tuple[object, ...]]") -> None:
    """Wait in the queue for the lock; whoever frees it hands it over at once."""
    connection.execute("SELECT pg_advisory_lock(%s)", (LOCK_KEY,))


def cut_the_service_off(url: str) -> None:
    """End every session of the service, as soon as the rival waits for its lock."""
    with psycopg.connect(url, autocommit=True) as judge:
        while True:
            waiting = judge.execute(
                "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
                " AND (classid::bigint, objid::bigint) = (%s, %s)",
                ADVISORY,
            ).fetchone()
            if waiting:
                break
        judge.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND application_name = 'callfloor'"
        )
