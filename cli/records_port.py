"""The dialer's view of Asterisk's records, made from the ingester and its tables."""

from collections.abc import Awaitable, Callable, Collection
from pathlib import Path

from calls.attempt import Settlement
from calls.ids import AttemptId
from calls.outcomes import NetworkResult
from cdr_ingest.ingest_report import IngestReport
from store.database import Database
from store.records import SettledCall, settled_facts


class RecordsPort:
    """Fits `dialer.ports.Records`.

    catch_up: read every row and ledger line there is by now. ledger: Asterisk's CSV, if any.
    """

    def __init__(
        self,
        database: Database,
        catch_up: Callable[[], Awaitable[IngestReport]],
        ledger: Path | None,
    ) -> None:
        self._database = database
        self._catch_up = catch_up
        self._ledger = ledger

    async def settlements(self, attempts: Collection[AttemptId]) -> list[Settlement]:
        """Return the settlements of those attempts whose record is complete."""
        return [_settlement(told) for told in await settled_facts(self._database, attempts)]

    async def touched(self, attempts: Collection[AttemptId]) -> frozenset[AttemptId]:
        """Return those attempts of which Asterisk recorded anything, its own CSV included.

        While a ledger that should be there cannot be read, nobody can say that: then all.
        """
        report = await self._catch_up()
        is_unreadable = self._ledger is not None and not self._ledger.exists()
        if report.ledger_error or is_unreadable:
            return frozenset(attempts)
        rows = await self._database.fetch("touched_attempts", list(attempts))
        return frozenset(AttemptId(row["linkedid"]) for row in rows)


def _settlement(told: SettledCall) -> Settlement:
    if told.is_one_sided:
        # The agent's own phone rang in vain: the customer was never dialled.
        return Settlement(
            attempt=told.attempt,
            by="never_sent",
            result=NetworkResult.SYSTEM_ERROR,
            ended_at=told.ended_at,
            was_asked=True,
        )
    return Settlement(
        attempt=told.attempt,
        by="records",
        result=told.network_result,
        ended_at=told.ended_at,
        cause=told.cause,
        answered_at=told.answered_at,
        connected_at=told.connected_at,
        talk=told.talk,
        agent=told.agent,
    )
