"""The shell: new CEL rows -> whole calls -> records, exactly once.

Whatever dies in between: nothing is half-done, and the next run makes the same records. Records
and position change in one transaction under one lock, and reading the same rows again yields the
same records, so any number of runs and processes may do so.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar

import structlog

from cdr_ingest.correlate import CallGroup, correlate
from cdr_ingest.cursor import RowCursor
from cdr_ingest.ledger_copy import CopyReport, copy_ledger
from cdr_ingest.rows import BadCelRow, CelRow, parse_cel
from cdr_ingest.write import Cut, WriteReport, write_groups
from config.timeouts import (
    DATABASE_RETRY_SECONDS,
    INGEST_CUT_GRACE_SECONDS,
    INGEST_LATE_ROW_SECONDS,
    INGEST_POLL_SECONDS,
)
from store import records
from store.database import Database, Session
from store.errors import DatabaseRefused, StoreError
from store.records import RawCel

PAGE_ROWS = 2000
"""New rows taken into one transaction: about 130 calls, well under a second of work."""
_SOURCE = "cel"
_SOURCE_OPEN = "cel-open"
_log = structlog.get_logger(__name__)
