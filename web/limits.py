"""Every bound of the web side that is no time, named, with its reason."""

from typing import Final

LIVE_BACKLOG_MESSAGES: Final = 250
"""Messages that may wait for one client: ten seconds of changes, then it is dropped."""
FEED_PENDING_CHANGES: Final = 20_000
"""Distinct calls and seats that may wait for one reader of the floor feed."""
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
REQUEST_BODY_BYTES: Final = 128 * 1024
"""The longest request is a call script: three parts of 4,000 characters, six bytes each."""
ACCEPT_BACKLOG: Final = 128
"""Connections the kernel may hold before we accept them."""
EXPORT_PAGE_ROWS: Final = 2_000
"""Calls of an export that are held in memory at once: about a megabyte."""
SHEET_ROWS: Final = 1_048_576
"""Rows that a sheet of XLSX can have, its head included."""
