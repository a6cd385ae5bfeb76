"""What the tests of the ingester share: scenario rows, a runner, and views past our own code."""

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import psycopg

from cdr_ingest.ingest import Ingester
from cdr_ingest.ingest_report import IngestReport
from store import cel_rows
from store.cel_rows import RawCel
from store.database import Database
from tests.fakes import asterisk_wrote as scenarios
from tests.fakes.cel_table import at, ledger_text, raw_rows

NOW = at("1795391000.0")
SCENARIOS = [
    raw_rows(getattr(scenarios, name))
    for name in ("CUSTOMER_HANGS_UP", "AGENT_HANGS_UP", "BUSY", "MACHINE", "HUMAN", "ABANDONED")
]
ALL_ROWS = [raw for rows in SCENARIOS for raw in rows]
CUT = raw_rows(scenarios.CUT_TALKING)


def ingester(
    database: Database, ledger: Path | None = None, live: frozenset[str] | None = None
) -> Ingester:
    """An ingester whose clock stands at NOW."""
    return Ingester(database, ledger, lambda: live, lambda: NOW)


async def add(database: Database, rows: Iterable[RawCel]) -> None:
    """Put rows into the table, as Asterisk does."""
    async with database.transaction() as session:
        await cel_rows.add_cel(session, rows)


async def run(database: Database) -> IngestReport:
    """Ingest once, as a process of its own would."""
    return await ingester(database).run_once(NOW)


def stored(url: str, but: str = "") -> list[tuple[object, ...]]:
    """All that the records hold, by psycopg so that no code of ours stands in between.

    but: a column of `call` to leave out.
    """
    with psycopg.connect(url) as connection:
        calls = connection.execute(
            "SELECT to_jsonb(c) - %s FROM call c ORDER BY call_id", (but,)
        ).fetchall()
        parts = connection.execute("SELECT * FROM call_agent ORDER BY call_id, agent").fetchall()
    return [*calls, *parts]


def calls_of(url: str) -> dict[str, tuple[str, Decimal, bool, bool]]:
    """Return (network_result, talk_seconds, valid, effective) by call_id."""
    query = "SELECT call_id, network_result, talk_seconds, valid, effective FROM call"
    with psycopg.connect(url) as connection:
        return {row[0]: row[1:] for row in connection.execute(query)}


def write(ledger: Path, rows: Iterable[RawCel]) -> None:
    """Write the whole ledger."""
    ledger.write_text(ledger_text(rows))
