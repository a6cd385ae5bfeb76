"""Play every call shape on a real Asterisk 22 and 16 and record AMI trace and CEL rows."""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL

from lab.instance import InstanceError
from lab.lab import PgTarget
from lab.shapes import plays_endings, plays_network, plays_queue, plays_several, plays_transfers
from lab.shapes.catalogue import SHAPES, Shape
from lab.shapes.overlay import ShapesLab
from lab.shapes.record import COLUMNS, Row, play, save
from lab.shapes.stage import AGENTS
from store.embedded import EmbeddedPostgres
from store.migrate import migrate

# Importing them enters their shapes into the catalogue.
PLAYS = (plays_endings, plays_network, plays_queue, plays_several, plays_transfers)
TRACES = Path(__file__).resolve().parent.parent / "tests" / "traces" / "shapes"
_SELECTED = ", ".join(
    "round(extract(EPOCH FROM eventtime), 6)::text" if name == "eventtime" else f"{name}::text"
    for name in COLUMNS
)


@contextmanager
def database() -> Iterator[str]:
    """A migrated database of our own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="callfloor-shapes-", dir="/var/tmp"))
    folder.chmod(0o755)
    server = EmbeddedPostgres(folder / "postgres")
    try:
        server.start()
        url = server.url_for("postgres")
        migrate(url)
        yield url
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def target_of(url: str) -> PgTarget:
    """Where the PBX writes its events."""
    parts = urlsplit(url)
    name, user, password = parts.path.lstrip("/"), parts.username or "", parts.password or ""
    return PgTarget(parts.port or 5432, name, user, password, host=parts.hostname or "")


def table_rows(url: str) -> list[Row]:
    """Every row of `cel` in the ledger's columns, NULL as nothing."""
    with psycopg.connect(url) as connection:
        # The names are our own constants.
        query = SQL(f"SELECT {_SELECTED} FROM cel ORDER BY id")  # noqa: S608
        found = connection.execute(query)
        return [tuple(value or "" for value in row) for row in found]


def record(version: str, shapes: list[Shape], url: str, folder: Path) -> list[str]:
    """Play and save the shapes; the names of those that could not be played."""
    failed = []
    lab = ShapesLab(version, agents=len(AGENTS), postgres=target_of(url))
    with lab:
        for number, shape in enumerate(shapes, start=1):
            began = time.monotonic()
            try:
                take = play(lab, shape, lambda: table_rows(url))
            except (InstanceError, StopIteration) as error:
                failed.append(shape.name)
                verdict = f"FAILED: {error}"
            else:
                save(take, folder / shape.name, version)
                verdict = f"{len(take.trace)} AMI lines, {len(take.ledger)} CEL rows"
            spent = time.monotonic() - began
            head = f"[{number}/{len(shapes)}] Asterisk {version}: {shape.name}"
            print(f"{head} ({spent:.1f} s): {verdict}", flush=True)
    return failed


def main() -> int:
    """The command line."""
    parser = argparse.ArgumentParser(prog="bin/bench shapes", description=__doc__)
    parser.add_argument("--version", choices=("22", "16"), action="append")
    parser.add_argument("--only", metavar="NAME", action="append", help="one shape; repeatable")
    parser.add_argument("--out", type=Path, default=TRACES, metavar="FOLDER")
    parser.add_argument("--list", action="store_true", help="print the shapes, play nothing")
    options = parser.parse_args()
    if options.list:
        for shape in SHAPES.values():
            print(f"{shape.name:32} {shape.story}")
        return 0
    if unknown := sorted(set(options.only or ()) - set(SHAPES)):
        parser.error(f"no shape is called {', '.join(unknown)}; --list shows them")
    shapes = [shape for name, shape in SHAPES.items() if name in (options.only or SHAPES)]
    failed = []
    for version in options.version or ("22", "16"):
        with database() as url:
            failed += [f"{name} ({version})" for name in record(version, shapes, url, options.out)]
    if failed:
        print(f"not recorded: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
