"""Postgres edge of comparisons: what each found, and what they add up to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from store.database import Database

Occasion = Literal["night", "demand"]


@dataclass(frozen=True, slots=True)
class FoundDifferences:
    """One comparison. repaired: records written. left_over: calls that still differ after that.

    kinds: how many calls differed in each figure, before the repair.
    """

    made_at: datetime
    occasion: Occasion
    calls: int
    unreconciled: int
    differing_sums: int
    repaired: int
    left_over: int
    kinds: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class ReconciliationTotals:
    """All comparisons. last_at, left_over: of the latest, None and 0 before the first."""

    nights: int = 0
    demands: int = 0
    repaired: int = 0
    last_at: datetime | None = None
    left_over: int = 0
    unread_rows: int = 0


async def save_differences(database: Database, found: FoundDifferences) -> None:
    """Keep what a comparison found."""
    await database.execute(
        "save_reconciliation",
        found.made_at, found.occasion, found.calls, found.unreconciled, found.differing_sums,
        found.repaired, found.left_over, list(found.kinds), list(found.kinds.values()),
    )  # fmt: skip


async def read_totals(database: Database) -> tuple[ReconciliationTotals, dict[str, int]]:
    """Return what all comparisons add up to, and how many calls differed in each figure."""
    row = await database.fetch_row("reconciliation_totals")
    values = {} if row is None else {**dict(row), "left_over": row["left_over"] or 0}
    kinds = {one["kind"]: int(one["calls"]) for one in await database.fetch("reconciliation_kinds")}
    return ReconciliationTotals(**values), kinds
