"""A real Asterisk writes table and ledger: records are complete whatever is lost in between."""

import asyncio
import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from cdr_ingest.ingest import Ingester
from cdr_ingest.ingest_report import IngestReport
from cdr_ingest.ledger import read_whole
from cdr_ingest.reconcile import reconcile
from lab.ami import AmiSession
from lab.lab import Lab, PgTarget
from store import records
from store.database import Database
from store.records import StoredCall
from tests.asterisk.conftest import VERSIONS
from tests.integration.test_ingest_reconcile import add_attempt

pytestmark = [pytest.mark.asterisk, pytest.mark.postgres, pytest.mark.timeout(150)]

QUEUE, EMPTY_QUEUE = "callfloor", "callfloor-empty"
# The carrier's scenarios 01, 02 (in seconds), 03, 31, 40 and 70 (docs/numbering_plan.md).
CUSTOMER_ENDS, CUSTOMER_STAYS, AGENT_ENDS = "+8613901020001", "+8613902060001", "+8613903020001"
BUSY, MACHINE, RINGS_ON = "+8613940005001", "+8613970008001", "+8613931000001"
CUSTOMER_ENDS_LATE = "+8613901060001"
SETTLE_SECONDS = 20.0
TALK_TOLERANCE = timedelta(milliseconds=200)


@pytest.fixture(params=VERSIONS)
def writing_lab(request: pytest.FixtureRequest, database_url: str) -> Iterator[Lab]:
    """A lab whose PBX writes its events to this test's own database, with four agents seated."""
    url = urlsplit(database_url)
    target = PgTarget(
        port=url.port or 5432,
        database=url.path.lstrip("/"),
        user=url.username or "",
        password=url.password or "",
    )
    with Lab(request.param, agents=4, postgres=target) as lab:
        with AmiSession(lab.pbx, "callfloor-actor", events=False) as actor:
            for interface in lab.agent_interfaces():
                actor.action("QueueAdd", Queue=QUEUE, Interface=interface)
        yield lab


class Caller:
    """Dials as the bridge does, with a saved attempt for each call."""

    def __init__(self, lab: Lab, database_url: str) -> None:
        self.lab = lab
        self.url = database_url
        self.dialled: list[str] = []

    def dial(self, number: str, queue: str = QUEUE, amd: str = "off") -> str:
        attempt = str(uuid.uuid4())
        add_attempt(self.url, attempt, "", 0, settled_by="records")
        variables = {"ATTEMPT": attempt, "CAMPAIGN": "autumn", "QUEUE": queue, "AMD": amd}
        with AmiSession(self.lab.pbx, "callfloor-actor", events=False) as actor:
            answer = actor.action(
                "Originate",
                {f"CALLFLOOR_{name}": value for name, value in variables.items()},
                Channel=f"PJSIP/{number}@carrier",
                Context="callfloor-answered",
                Exten="s",
                Priority="1",
                Timeout="30000",
                CallerID="+861062220001",
                Account="autumn",
                Async="true",
                ChannelId=attempt,
                OtherChannelId=f"{attempt}-2",
            )
        assert answer["Response"] == "Success", answer
        self.dialled.append(attempt)
        return attempt

    def wait_for_ends(self) -> None:
        """Return when Asterisk's ledger has the end of every call."""
        deadline = time.monotonic() + SETTLE_SECONDS
        while set(self.dialled) - _ended(self.lab.pbx.cel_ledger):
            assert time.monotonic() < deadline, "calls did not end"
            time.sleep(0.2)


def _ended(ledger: Path) -> set[str]:
    if not ledger.exists():
        return set()
    lines = [line.raw for line in read_whole(ledger) if line.raw]
    return {raw.linkedid for raw in lines if raw.eventtype == "LINKEDID_END"}


def later() -> datetime:
    """A moment at which every grace is over."""
    return datetime.now(UTC) + timedelta(minutes=5)


async def ingest(
    database: Database, lab: Lab, live: frozenset[str] | None = None, *, with_ledger: bool = True
) -> IngestReport:
    ledger = lab.pbx.cel_ledger if with_ledger else None
    return await Ingester(database, ledger, lambda: live, later).run_once(later())


async def found(database: Database, calls: list[str]) -> dict[str, StoredCall]:
    return await records.read_calls(database, calls)


async def test_records_of_a_real_asterisk(
    writing_lab: Lab, database: Database, database_url: str
) -> None:
    caller = Caller(writing_lab, database_url)
    customer = caller.dial(CUSTOMER_ENDS)
    agent = caller.dial(AGENT_ENDS)
    busy = caller.dial(BUSY)
    machine = caller.dial(MACHINE, amd="hangup")
    abandoned = caller.dial(CUSTOMER_ENDS_LATE, queue=EMPTY_QUEUE)
    caller.wait_for_ends()
    # From the table alone, while Asterisk may still be writing it.
    report = await ingest(database, writing_lab, with_ledger=False)
    assert (report.bad_rows, report.failed, report.written) == ([], [], 5)
    # Table and ledger tell the same events: there is nothing to copy.
    again = await ingest(database, writing_lab)
    assert (again.copied, again.written, again.bad_rows) == (0, 0, [])

    calls = await found(database, caller.dialled)
    for call_id, by in ((customer, "customer"), (agent, "agent")):
        call = calls[call_id]
        assert (call.network_result, call.hangup_by) == ("answered", by)
        assert call.agent is not None
        assert abs(call.talk - timedelta(seconds=2)) < TALK_TOLERANCE
        assert call.campaign == "autumn"
    assert (calls[busy].network_result, calls[busy].hangup_cause) == ("busy", 17)
    assert calls[machine].amd_result == "machine"
    assert not calls[machine].abandoned
    assert calls[abandoned].abandoned
    assert (await reconcile(database, writing_lab.pbx.cel_ledger)).differences == ()


async def test_rows_that_postgres_lost_come_from_the_ledger(
    writing_lab: Lab, database: Database, database_url: str
) -> None:
    caller = Caller(writing_lab, database_url)
    caller.dial(CUSTOMER_ENDS)
    _change(database_url, "ALTER TABLE cel RENAME TO cel_away")
    caller.dial(BUSY)
    caller.wait_for_ends()
    _change(database_url, "ALTER TABLE cel_away RENAME TO cel")
    caller.dial(AGENT_ENDS)
    caller.wait_for_ends()
    report = await ingest(database, writing_lab)
    assert report.copied > 0
    assert len(await found(database, caller.dialled)) == 3
    assert (await reconcile(database, writing_lab.pbx.cel_ledger)).differences == ()


async def test_a_killed_asterisk_leaves_cut_calls(
    writing_lab: Lab, database: Database, database_url: str
) -> None:
    caller = Caller(writing_lab, database_url)
    talking = caller.dial(CUSTOMER_STAYS)
    ringing = caller.dial(RINGS_ON)
    await asyncio.sleep(3)
    assert (await ingest(database, writing_lab, frozenset({talking, ringing}))).waiting == 2
    writing_lab.pbx.kill()
    writing_lab.pbx.start()
    report = await ingest(database, writing_lab, frozenset())
    assert (report.cut, report.waiting) == (2, 0)
    calls = await found(database, caller.dialled)
    assert {call.hangup_by for call in calls.values()} == {"asterisk_restart"}
    assert calls[talking].network_result == "answered"
    assert calls[talking].agent is not None
    assert calls[ringing].network_result == "system_error"
    assert (await reconcile(database, writing_lab.pbx.cel_ledger)).differences == ()


def _change(url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement)
