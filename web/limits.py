"""Every limit of the web side, named, with its reason."""

from typing import Final

LIVE_PUSH_SECONDS: Final = 0.2
"""Changes are gathered this long before they are sent; 0.5 s is promised, so half is left."""
LIVE_TICK_SECONDS: Final = 5.0
"""Something is sent at least this often, so that a page knows a dead link from a quiet floor."""
LIVE_SEND_SECONDS: Final = 5.0
"""A client that does not take one message in this time is gone or too slow."""
LIVE_BACKLOG_MESSAGES: Final = 50
"""Messages that may wait for one client: ten seconds of changes, then it is dropped."""
LIVE_REVIVE_SECONDS: Final = 1.0
"""Pause before the hub tries again after the floor feed broke."""
CAMPAIGNS_POLL_SECONDS: Final = 1.0
"""How often campaign counters are read while somebody watches them."""
FEED_PENDING_CHANGES: Final = 20_000
"""Distinct calls and seats that may wait for one reader of the floor feed."""

SESSION_SECONDS: Final = 12 * 3600.0
"""One shift with overtime; a forgotten browser is signed out by the next day."""
SESSION_RECHECK_SECONDS: Final = 5.0
"""How soon a revoked or expired session also ends its live WebSocket."""

SIGN_IN_WINDOW_SECONDS: Final = 300.0
"""Wrong passwords older than this are forgiven."""
SIGN_IN_TRIES_PER_LOGIN_AND_ADDRESS: Final = 5
"""A person mistypes a few times; a guesser needs thousands."""
SIGN_IN_TRIES_PER_ADDRESS: Final = 50
"""A whole office may sit behind one address at the start of a shift."""
SIGN_IN_TRIES_PER_LOGIN: Final = 100
"""Guessing from many addresses is slowed, yet one stranger cannot lock a person out alone."""
SIGN_IN_REMEMBERED_KEYS: Final = 10_000
"""Bounds the memory that a flood of made-up logins can take."""
PASSWORD_HASHES_AT_ONCE: Final = 2
"""argon2 takes 64 MiB each on purpose; a flood of sign-ins must not take the machine."""
PASSWORD_MIN_LENGTH: Final = 10
"""NIST SP 800-63B asks for 8 at least; the floor holds personal data."""
PASSWORD_MAX_LENGTH: Final = 200
"""Long enough for any passphrase, short enough not to be a load."""

REQUEST_BODY_BYTES: Final = 16 * 1024
"""No request of this API carries more than a few words."""
ACCEPT_BACKLOG: Final = 128
"""Connections the kernel may hold before we accept them."""
SHUTDOWN_SECONDS: Final = 3.0
"""How long requests in progress may take when the service stops."""
