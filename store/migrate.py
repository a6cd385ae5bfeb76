"""Bring a database to the schema of this program."""

from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg import sql
from sqlalchemy import create_engine, pool
from sqlalchemy.exc import DBAPIError, OperationalError

from config.timeouts import DATABASE_CONNECT_SECONDS
from store.errors import DatabaseRefused, DatabaseUnreachable, SchemaOutdated


def _sqlalchemy_url(url: str) -> str:
    return "postgresql+psycopg://" + url.split("://", 1)[1]


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["url"] = _sqlalchemy_url(url)
    return config


def ensure_database(url: str) -> None:
    """Create the database that the URL names if the server does not have it."""
    server, name = _server_and_name(url)
    with _connect(server) as connection:
        found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (name,))
        if found.fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def drop_database(url: str) -> None:
    """Drop the database that the URL names, whoever is still connected to it."""
    server, name = _server_and_name(url)
    with _connect(server) as connection:
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        connection.execute(drop)


def _server_and_name(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/postgres")), parts.path.lstrip("/")


def _connect(server: str) -> psycopg.Connection:
    try:
        return psycopg.connect(
            server, autocommit=True, connect_timeout=int(DATABASE_CONNECT_SECONDS)
        )
    except psycopg.OperationalError as error:
        reason = str(error).strip().splitlines()[0]
        raise DatabaseUnreachable(f"cannot connect to the database: {reason}") from error


def migrate(url: str, revision: str = "head") -> None:
    """Run every missing migration up to that one; safe when several processes start at once."""
    try:
        command.upgrade(_config(url), revision)
    except OperationalError as error:
        raise DatabaseUnreachable(
            f"cannot connect to the database: {_first_line(error)}"
        ) from error
    except DBAPIError as error:
        raise DatabaseRefused(f"migration failed: {_first_line(error)}") from error
    except TimeoutError as error:
        raise DatabaseUnreachable(str(error)) from error


def check_schema(url: str) -> None:
    """Raise SchemaOutdated unless the database has exactly the schema of this program."""
    wanted = ScriptDirectory.from_config(_config(url)).get_current_head()
    engine = create_engine(_sqlalchemy_url(url), poolclass=pool.NullPool)
    try:
        with engine.connect() as connection:
            there = MigrationContext.configure(connection).get_current_revision()
    except OperationalError as error:
        raise DatabaseUnreachable(
            f"cannot connect to the database: {_first_line(error)}"
        ) from error
    if there != wanted:
        raise SchemaOutdated(
            f"the database is at {there or 'no schema'}, this program needs {wanted}: "
            "run `callfloor migrate`"
        )


def _first_line(error: DBAPIError) -> str:
    return str(error.orig or error).strip().splitlines()[0]
