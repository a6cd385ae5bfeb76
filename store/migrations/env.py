"""Alembic's entry: one connection, one transaction per migration, a polled advisory lock.

The lock is polled and never waited for: a waiter's snapshot would stop CREATE INDEX
CONCURRENTLY (measured; see docs/adr).
"""

import time

from alembic import context
from sqlalchemy import Connection, create_engine, pool, text

from config.timeouts import MIGRATION_LOCK_POLL_SECONDS, MIGRATION_LOCK_SECONDS

LOCK_KEY = 0x0CA11F1002


def _lock(connection: Connection) -> None:
    deadline = time.monotonic() + MIGRATION_LOCK_SECONDS
    while not connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LOCK_KEY}):
        connection.rollback()
        if time.monotonic() > deadline:
            raise TimeoutError(
                f"another process has been migrating for {MIGRATION_LOCK_SECONDS:.0f} s"
            )
        time.sleep(MIGRATION_LOCK_POLL_SECONDS)
    connection.commit()


def _migrate() -> None:
    engine = create_engine(context.config.attributes["url"], poolclass=pool.NullPool)
    with engine.connect() as connection:
        _lock(connection)
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()


_migrate()
