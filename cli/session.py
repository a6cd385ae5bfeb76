"""What every verb needs first: settings, logging, an open database, and errors as one line."""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

import typer

from cli.arguments import BadArgument, check_arguments
from cli.output import fail
from config.logging import configure_logging
from config.settings import Settings, SettingsError, load_settings
from store.campaigns import UnknownAgent, UnknownCampaign
from store.database import Database
from store.embedded import EmbeddedPostgres
from store.errors import StoreError
from store.migrate import check_schema, ensure_database, migrate

P = ParamSpec("P")
T = TypeVar("T")

EXIT_FAILED = 1
EXIT_USED_WRONGLY = 2


class Failure(Exception):
    """A verb cannot do what was asked; the message is the one line that the user sees."""


_config_file: Path | None = None


def choose_config_file(path: Path | None) -> None:
    """Remember the file named by --config for this process."""
    global _config_file
    _config_file = path


def read_settings() -> Settings:
    """Return the settings and set up logging by them."""
    settings = load_settings(_config_file)
    configure_logging(settings.log_level, settings.log_format)
    return settings


@contextmanager
def database_url(settings: Settings) -> Iterator[str]:
    """Give the URL of a migrated database: the named one, or the embedded server's while we run."""
    with _server(settings) as (url, _):
        yield url


@contextmanager
def _server(settings: Settings) -> Iterator[tuple[str, EmbeddedPostgres | None]]:
    if settings.database_url is not None:
        url = settings.database_url.get_secret_value()
        check_schema(url)
        yield url, None
        return
    server = EmbeddedPostgres(settings.embedded_folder, port=settings.database_port)
    server.start()
    try:
        ensure_database(server.url)
        migrate(server.url)
        yield server.url, server
    finally:
        server.stop()


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """Give an open database and close it."""
    database = await Database.open(url)
    try:
        yield database
    finally:
        await database.close()


def run_with_database(work: Callable[[Settings, Database], Awaitable[T]]) -> T:
    """Run one asynchronous verb with settings and an open database."""
    return run_with_server(lambda settings, database, _: work(settings, database))


def run_with_server(
    work: Callable[[Settings, Database, EmbeddedPostgres | None], Awaitable[T]],
) -> T:
    """Like run_with_database; work is also given the embedded server, None for a named one."""
    settings = read_settings()

    async def run(url: str, server: EmbeddedPostgres | None) -> T:
        async with open_database(url) as database:
            return await work(settings, database, server)

    with _server(settings) as (url, server):
        return asyncio.run(run(url, server))


def report_errors(verb: Callable[P, T]) -> Callable[P, T]:
    """Refuse arguments that no verb can mean, and turn our errors into one line on standard error
    and an exit code; no stack trace.
    """

    @functools.wraps(verb)
    def wrapped(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            check_arguments(verb, kwargs)
            return verb(*args, **kwargs)
        except (BadArgument, SettingsError) as error:
            fail(str(error))
            raise typer.Exit(EXIT_USED_WRONGLY) from error
        except (Failure, StoreError, UnknownCampaign, UnknownAgent) as error:
            fail(str(error))
            raise typer.Exit(EXIT_FAILED) from error
        except KeyboardInterrupt as error:
            fail("interrupted")
            raise typer.Exit(130) from error

    return wrapped
