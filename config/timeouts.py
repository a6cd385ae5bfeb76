"""Every second in Callfloor, named, with its reason. No module invents a time limit of its own."""

# --- Postgres ---------------------------------------------------------------------------------------
DATABASE_CONNECT_SECONDS = 5.0
"""A healthy server accepts in milliseconds; longer than this the service should say so."""
DATABASE_COMMAND_SECONDS = 30.0
"""No statement of the live service needs a second; this only frees a hung connection."""
DATABASE_IDLE_IN_TRANSACTION_SECONDS = 60.0
"""One forgotten open snapshot makes every lease slower (measured 15x), so it is ended."""
DATABASE_RETRY_SECONDS = 0.5
"""Pause between tries while Postgres is away; short, since nothing is dialled meanwhile."""
MIGRATION_LOCK_SECONDS = 120.0
"""How long a second process waits for the first to finish migrating."""
MIGRATION_LOCK_POLL_SECONDS = 0.2
"""The migration lock is polled, never waited for (see store/migrations/env.py)."""
POSTGRES_START_SECONDS = 60.0
"""Crash recovery of a busy server took 10 s in measurements; a slow disk needs more."""
POSTGRES_STOP_SECONDS = 20.0
"""A fast shutdown writes one checkpoint; after this the server is killed (it recovers)."""
POSTGRES_POLL_SECONDS = 0.02
"""How often the starting server's pid file is looked at."""
