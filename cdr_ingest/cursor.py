"""Reading a growing table by id without losing a row: pure.

Ids are given out before their transactions commit, so a lower id may become visible after a
higher one. Every gap is therefore remembered and looked at again until it is filled or so old
that its transaction cannot be alive any more.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

Gap = tuple[int, int]
"""Lowest and highest id that were missing, both included."""


class RowCursor:
    """Where a table was read to, and the gaps behind that."""

    def __init__(self, position: int, *, gap_lifetime: timedelta) -> None:
        self.highest = position
        self._lifetime = gap_lifetime
        self._gaps: dict[Gap, datetime] = {}

    @property
    def gaps(self) -> list[Gap]:
        """Ids to look for again, in order."""
        return sorted(self._gaps)

    @property
    def position(self) -> int:
        """The id up to which nothing can be missing: what to remember for the next start."""
        return min((low for low, _ in self._gaps), default=self.highest + 1) - 1

    def read(self, ids: Iterable[int], now: datetime) -> None:
        """Take note of rows that were read, in any order."""
        for found in sorted(ids):
            if found > self.highest:
                if found > self.highest + 1:
                    self._gaps[(self.highest + 1, found - 1)] = now
                self.highest = found
            else:
                self._fill(found)

    def forget_old_gaps(self, now: datetime) -> None:
        """Give up gaps that were left by transactions that were rolled back."""
        self._gaps = {g: since for g, since in self._gaps.items() if now - since < self._lifetime}

    def _fill(self, found: int) -> None:
        gap = next((g for g in self._gaps if g[0] <= found <= g[1]), None)
        if gap is None:
            return
        since = self._gaps.pop(gap)
        for rest in ((gap[0], found - 1), (found + 1, gap[1])):
            if rest[0] <= rest[1]:
                self._gaps[rest] = since
