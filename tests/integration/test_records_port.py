"""What the dialer's rescue is told of Asterisk's records: when in doubt, that there is a trace."""

from pathlib import Path
from uuid import UUID

import pytest

from calls.attempt import LeadHistory
from calls.ids import AttemptId
from cdr_ingest.ingest_report import IngestReport
from cli.records_port import RecordsPort
from dialer.settlement import lead_outcome
from store.database import Database
from tests.fakes.dialer_world import CAMPAIGN
from tests.integration.test_dialing import NOW

pytestmark = pytest.mark.postgres

ATTEMPTS = frozenset({AttemptId("6c1e8a2e-0000-4000-8000-000000000001")})


async def touched(database: Database, ledger: Path | None, error: str = "") -> frozenset[AttemptId]:
    async def catch_up() -> IngestReport:
        return IngestReport(ledger_error=error)

    return await RecordsPort(database, catch_up, ledger).touched(ATTEMPTS)


async def test_a_record_of_the_agents_own_phone_alone_says_that_nobody_was_dialled(
    database: Database,
) -> None:
    (attempt,) = ATTEMPTS
    await database.execute("test_add_internal_call", UUID(attempt), NOW)

    async def catch_up() -> IngestReport:
        return IngestReport()

    (end,) = await RecordsPort(database, catch_up, None).settlements(ATTEMPTS)

    assert (end.by, end.was_asked, end.result) == ("never_sent", True, "system_error")
    assert lead_outcome(CAMPAIGN, end, LeadHistory(0, 1)).uses_up_try is False


async def test_a_sound_ledger_without_a_trace_says_so(database: Database, tmp_path: Path) -> None:
    ledger = tmp_path / "cel.csv"
    ledger.touch()

    assert await touched(database, ledger) == frozenset()


async def test_a_ledger_that_is_not_there_fails_closed(database: Database, tmp_path: Path) -> None:
    assert await touched(database, tmp_path / "none.csv") == ATTEMPTS


async def test_a_ledger_that_cannot_be_read_fails_closed(database: Database) -> None:
    assert await touched(database, None, error="permission denied") == ATTEMPTS
