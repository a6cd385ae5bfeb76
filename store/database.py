"""The one door to Postgres: a pool, named queries, and errors in our words."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import Any, Self

import asyncpg

from config.timeouts import (
    DATABASE_COMMAND_SECONDS,
    DATABASE_CONNECT_SECONDS,
    DATABASE_IDLE_IN_TRANSACTION_SECONDS,
)
from store.errors import DatabaseRefused, DatabaseUnreachable, StoreError
from store.queries import join_queries, load_queries

# One row, by column name. It stays inside `store`: adapters return typed values.
Row = Mapping[str, Any]

_UNREACHABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.exceptions.OperatorInterventionError,
    asyncpg.exceptions.InsufficientResourcesError,
    # The same call may succeed later: deadlock victim, failover, schema changed meanwhile.
    asyncpg.exceptions.TransactionRollbackError,
    asyncpg.exceptions.InvalidTransactionStateError,
    asyncpg.exceptions.InvalidCachedStatementError,
    asyncpg.InternalClientError,
)
# An InterfaceError by class, but a value that can never be written: trying again is no use.
_BAD_VALUE = asyncpg.exceptions._base.DataError


@contextmanager
def _map_errors(what: str) -> Iterator[None]:
    try:
        yield
    except _BAD_VALUE as error:
        raise DatabaseRefused(f"{what}: {error}") from error
    except _UNREACHABLE as error:
        raise DatabaseUnreachable(f"{what}: {error or type(error).__name__}") from error
    except asyncpg.PostgresError as error:
        raise DatabaseRefused(
            f"{what}: {error}", constraint=getattr(error, "constraint_name", "") or ""
        ) from error


class Session:
    """Named queries on one connection, e.g. inside a transaction."""

    def __init__(self, connection: Any, queries: Mapping[str, str]) -> None:
        self._connection = connection
        self._queries = queries

    async def fetch(self, name: str, *args: object) -> list[Row]:
        """Return all rows of the named query."""
        with _map_errors(name):
            rows: list[Row] = await self._connection.fetch(self._queries[name], *args)
            return rows

    async def fetch_row(self, name: str, *args: object) -> Row | None:
        """Return the first row, None if there is none."""
        with _map_errors(name):
            row: Row | None = await self._connection.fetchrow(self._queries[name], *args)
            return row

    async def fetch_value(self, name: str, *args: object) -> Any:
        """Return the first column of the first row, None if there is no row."""
        with _map_errors(name):
            return await self._connection.fetchval(self._queries[name], *args)

    async def execute(self, name: str, *args: object) -> int:
        """Run the named query and return how many rows it touched (0 if that is not said)."""
        with _map_errors(name):
            status: str = await self._connection.execute(self._queries[name], *args)
        count = status.rpartition(" ")[2]
        return int(count) if count.isdigit() else 0

    async def execute_many(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Run the named query once for each row, in one round trip."""
        with _map_errors(name):
            await self._connection.executemany(self._queries[name], rows)

    async def copy_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """COPY rows into a table (or temporary table of this session)."""
        with _map_errors(f"copy into {table}"):
            await self._connection.copy_records_to_table(table, records=rows, columns=columns)


class HeldLock:
    """An advisory lock that is ours for as long as its connection lives."""

    def __init__(self, session: Session) -> None:
        self._session = session

    async def check(self) -> None:
        """Raise DatabaseUnreachable when the connection, and with it the lock, is gone."""
        await self._session.fetch_value("still_there")


class Database:
    """A pool of sessions. Each call outside `transaction()` is a transaction of its own."""

    def __init__(self, pool: Any, queries: Mapping[str, str]) -> None:
        self._pool = pool
        self._queries = queries

    @classmethod
    async def open(cls, url: str, *, max_connections: int = 10) -> Self:
        """Connect; raises DatabaseUnreachable or DatabaseRefused in one clear line."""
        with _map_errors("cannot connect to the database"):
            pool = await asyncpg.create_pool(
                url,
                min_size=0,  # it would log a stack trace when it cannot keep up a minimum
                max_size=max_connections,
                timeout=DATABASE_CONNECT_SECONDS,
                command_timeout=DATABASE_COMMAND_SECONDS,
                server_settings={
                    "application_name": "callfloor",
                    "timezone": "UTC",
                    # A dead host of ours must give its locks back before the stand-by loses time.
                    "tcp_keepalives_idle": "2",
                    "tcp_keepalives_interval": "1",
                    "tcp_keepalives_count": "2",
                    "idle_in_transaction_session_timeout": str(
                        int(DATABASE_IDLE_IN_TRANSACTION_SECONDS * 1000)
                    ),
                },
            )
            try:
                await pool.release(await pool.acquire(timeout=DATABASE_CONNECT_SECONDS))
            except BaseException:
                pool.terminate()
                raise
        return cls(pool, load_queries())

    def with_queries(self, folder: Path) -> Self:
        """Return the same pool, which also knows the named queries of that folder."""
        return type(self)(self._pool, join_queries(self._queries, load_queries(folder)))

    async def close(self) -> None:
        """Close every connection, by force if one hangs."""
        try:
            await self._pool.close()
        except (OSError, asyncpg.InterfaceError, asyncpg.PostgresError):
            self._pool.terminate()

    @asynccontextmanager
    async def session(self) -> AsyncIterator[Session]:
        """Borrow one connection without a transaction."""
        connection = await self._acquire()
        try:
            yield Session(connection, self._queries)
        finally:
            await self._release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Session]:
        """Borrow one connection in a transaction: committed at the end, rolled back on an error."""
        async with self.session() as session:
            transaction = session._connection.transaction()
            with _map_errors("begin"):
                await transaction.start()
            try:
                yield session
            except BaseException:
                with suppress(*_UNREACHABLE, asyncpg.PostgresError):
                    await transaction.rollback()
                raise
            with _map_errors("commit"):
                await transaction.commit()

    @asynccontextmanager
    async def held_lock(self, key: int) -> AsyncIterator["HeldLock | None"]:
        """Hold an advisory lock on a connection of its own; gives None if somebody else has it."""
        async with self.session() as session:
            if await session.fetch_value("try_lock", key):
                try:
                    yield HeldLock(session)
                finally:
                    with suppress(StoreError):
                        await session.execute("unlock", key)
            else:
                yield None

    async def _acquire(self) -> Any:
        with _map_errors("cannot connect to the database"):
            return await self._pool.acquire(timeout=DATABASE_CONNECT_SECONDS)

    async def _release(self, connection: Any) -> None:
        with _map_errors("release"):
            await self._pool.release(connection)

    async def fetch(self, name: str, *args: object) -> list[Row]:
        """Like Session.fetch."""
        async with self.session() as session:
            return await session.fetch(name, *args)

    async def fetch_row(self, name: str, *args: object) -> Row | None:
        """Like Session.fetch_row."""
        async with self.session() as session:
            return await session.fetch_row(name, *args)

    async def fetch_value(self, name: str, *args: object) -> Any:
        """Like Session.fetch_value."""
        async with self.session() as session:
            return await session.fetch_value(name, *args)

    async def execute(self, name: str, *args: object) -> int:
        """Like Session.execute."""
        async with self.session() as session:
            return await session.execute(name, *args)

    async def execute_many(self, name: str, rows: Iterable[Sequence[object]]) -> None:
        """Like Session.execute_many."""
        async with self.session() as session:
            await session.execute_many(name, rows)

    async def copy_rows(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """Like Session.copy_rows."""
        async with self.session() as session:
            await session.copy_rows(table, columns, rows)
