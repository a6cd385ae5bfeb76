"""Every second in Callfloor, named, with its reason. No module invents a time limit of its own."""

from typing import Final

# --- AMI ---
AMI_CONNECT_SECONDS: Final = 5.0
"""Asterisk is here or one hop away: a slower handshake is a dead host or a firewall that drops."""
AMI_LOGIN_SECONDS: Final = 5.0
"""Asterisk sleeps one second before it refuses; under load its session thread starts late."""
AMI_ACTION_SECONDS: Final = 5.0
"""Answers take milliseconds; a session thread busy with a burst of events needs more."""
AMI_SNAPSHOT_SECONDS: Final = 15.0
"""A list of some thousand channels takes well under a second, the events before it more."""
AMI_PING_INTERVAL_SECONDS: Final = 5.0
"""A dead peer must be noticed before many calls are lost; a Ping costs next to nothing."""
AMI_PING_ANSWER_SECONDS: Final = 5.0
"""The answer to a Ping comes behind the events that wait before it."""
AMI_SWEEP_SECONDS: Final = 0.25
"""How late an expired action may be noticed; small against every deadline above."""
AMI_BACKOFF_FIRST_SECONDS: Final = 0.5
"""Longest first wait before a reconnect (full jitter: anything from zero up to it)."""
AMI_BACKOFF_LONGEST_SECONDS: Final = 30.0
"""Longest wait of all: a call floor must be back soon after Asterisk is."""
AMI_BACKOFF_REFUSED_SECONDS: Final = 120.0
"""A refused login is a mistake in the settings; trying often gets us banned (fail2ban)."""
AMI_STABLE_SECONDS: Final = 10.0
"""A link that held this long was sound: its loss starts again with the shortest wait."""
AMI_TCP_USER_TIMEOUT_SECONDS: Final = 10.0
"""Bytes not acknowledged on a dead path: the kernel gives up after this, not after 15 minutes."""

# --- Postgres ---
DATABASE_CONNECT_SECONDS: Final = 5.0
"""A healthy server accepts in milliseconds; longer than this the service should say so."""
DATABASE_COMMAND_SECONDS: Final = 30.0
"""No statement of the live service needs a second; this only frees a hung connection."""
DATABASE_IDLE_IN_TRANSACTION_SECONDS: Final = 60.0
"""One forgotten open snapshot makes every lease slower (measured 15x), so it is ended."""
DATABASE_RETRY_SECONDS: Final = 0.5
"""Pause between tries while Postgres is away; short, since nothing is dialled meanwhile."""
MIGRATION_LOCK_SECONDS: Final = 120.0
"""How long a second process waits for the first to finish migrating."""
MIGRATION_LOCK_POLL_SECONDS: Final = 0.2
"""The migration lock is polled, never waited for (see store/migrations/env.py)."""
POSTGRES_START_SECONDS: Final = 60.0
"""Crash recovery of a busy server took 10 s in measurements; a slow disk needs more."""
POSTGRES_STOP_SECONDS: Final = 20.0
"""A fast shutdown writes one checkpoint; after this the server is killed (it recovers)."""
POSTGRES_POLL_SECONDS: Final = 0.02
"""How often the starting server's pid file is looked at."""
