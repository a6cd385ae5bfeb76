"""A database for one benchmark, on an embedded Postgres of its own."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from store.embedded import EmbeddedPostgres
from store.migrate import ensure_database, migrate

ON_DISK = Path("/var/tmp")  # noqa: S108 # mkdtemp makes a name that nobody can guess; /tmp may be RAM


@dataclass(frozen=True, slots=True)
class Scratch:
    """url: of the migrated database. folder: for whatever else the benchmark writes.

    server_pid: the Postgres that its backends are children of.
    """

    url: str
    folder: Path
    server_pid: int


@contextmanager
def scratch_database(on: Path = ON_DISK) -> Iterator[Scratch]:
    """Start a server in a fresh folder; both are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="callfloor-bench-", dir=on) as name:
        folder = Path(name)
        folder.chmod(0o755)  # the server runs as another user when we are root
        server = EmbeddedPostgres(folder / "postgres")
        server.start()
        try:
            url = server.url_for("bench")
            ensure_database(url)
            migrate(url)
            pid_file = next(folder.rglob("postmaster.pid"))
            yield Scratch(url, folder, int(pid_file.read_text("utf-8").split("\n")[0]))
        finally:
            server.stop()
