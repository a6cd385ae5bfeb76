"""Shared fixtures: one real Postgres for the session, a fresh migrated database for each test."""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
import structlog
from psycopg import sql

from store.database import Database
from store.embedded import EmbeddedPostgres
from store.migrate import migrate
from tests.sql import TEST_QUERIES

TEMPLATE = "callfloor_template"
ASTERISK_TIMEOUT_SECONDS = 240


def _run(server_url: str, statement: sql.Composed) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(statement)


def _with_database(url: str, name: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{name}"))


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """URL of a running server's maintenance database: the one named by the environment, or ours."""
    if named := os.environ.get("CALLFLOOR_TEST_DATABASE_URL"):
        yield _with_database(named, "postgres")
        return
    # Not in pytest's own tree: the server runs as another user when we are root, and the next
    # session would close the tree to it.
    folder = Path(tempfile.mkdtemp(prefix="callfloor-test-", dir="/var/tmp"))
    folder.chmod(0o755)
    cache = Path(os.environ.get("CALLFLOOR_CACHE", "/var/tmp/callfloor-test")) / "postgres"
    server = EmbeddedPostgres(folder / "postgres", cache=cache)
    server.start()
    yield server.url_for("postgres")
    server.stop()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def template_url(postgres_url: str) -> str:
    """URL of a migrated database that each test's own is copied from."""
    name = f"{TEMPLATE}_{secrets.token_hex(4)}"
    _run(postgres_url, sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = _with_database(postgres_url, name)
    migrate(url)
    return url


@pytest.fixture
def database_url(postgres_url: str, template_url: str) -> Iterator[str]:
    """URL of a fresh migrated database, dropped after the test."""
    with fresh_database(postgres_url, template_url) as url:
        yield url


@contextmanager
def fresh_database(postgres_url: str, template_url: str) -> Iterator[str]:
    """Copy the migrated database, and drop the copy at the end."""
    name = f"test_{secrets.token_hex(6)}"
    template = urlsplit(template_url).path.lstrip("/")
    _run(
        postgres_url,
        sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(template)
        ),
    )
    yield _with_database(postgres_url, name)
    _run(postgres_url, sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open `Database` on a fresh migrated database; knows the tests' own queries too."""
    opened = await Database.open(database_url, max_connections=5)
    yield opened.with_queries(TEST_QUERIES)
    await opened.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give real Asterisk its time."""
    for item in items:
        if item.get_closest_marker("asterisk") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(ASTERISK_TIMEOUT_SECONDS))


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A test that runs the command line sets the log up for its captured stderr: undo that."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)
