"""Figures of the records for Prometheus: what comparisons found, by kind, and what was unreadable.

Read from Postgres now and then: comparisons by hand count as well, and a scrape never waits.
"""

import asyncio
from collections.abc import Iterator

import structlog
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from config.timeouts import RECORD_FIGURES_SECONDS
from store.database import Database
from store.errors import StoreError
from store.reconciliations import ReconciliationTotals, read_totals

log = structlog.get_logger("cli.record_figures")


class RecordFigures(Collector):
    """Keeps the latest figures; `run` renews them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._totals = ReconciliationTotals()
        self._kinds: dict[str, int] = {}

    async def run(self) -> None:
        """Renew for ever; while Postgres is away the last known figures stand."""
        while True:
            try:
                await self.renew()
            except StoreError as error:
                log.warning("record_figures.stale", problem=str(error))
            await asyncio.sleep(RECORD_FIGURES_SECONDS)

    async def renew(self) -> None:
        """Read them once; raises StoreError."""
        self._totals, self._kinds = await read_totals(self._database)

    def describe(self) -> Iterator[Metric]:
        """Name nothing beforehand."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        """Yield the counters, and the outcome of the latest comparison."""
        totals = self._totals
        runs = CounterMetricFamily(
            "callfloor_reconciliations", "Comparisons made", labels=["occasion"]
        )
        runs.add_metric(["night"], totals.nights)
        runs.add_metric(["demand"], totals.demands)
        yield runs
        differences = CounterMetricFamily(
            "callfloor_reconcile_differences",
            "Calls (of sums: days) that differed before the repair",
            labels=["kind"],
        )
        for kind, calls in self._kinds.items():
            differences.add_metric([kind], calls)
        yield differences
        yield _counter("reconcile_repaired", "Records written by repairs", totals.repaired)
        yield _gauge("unreconciled", "Calls that differ, by the latest", totals.left_over)
        if totals.last_at is not None:
            at = totals.last_at.timestamp()
            yield _gauge("reconciled_timestamp_seconds", "When records were last compared", at)
        yield _gauge("unread_rows", "Rows that could not be read and are kept", totals.unread_rows)


def _counter(name: str, what: str, value: float) -> Metric:
    return CounterMetricFamily(f"callfloor_{name}", what, value=value)


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"callfloor_{name}", what, value=value)
