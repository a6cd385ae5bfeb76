"""New CEL rows page by page, the next one read while the one before is being recorded."""

import asyncio
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from cdr_ingest.rows import BadCelRow, CelRow, read_cel
from store import cel_rows
from store.cel_rows import CelFields
from store.database import Database, Session
from store.errors import StoreError

PAGE_ROWS = 10_000
"""New rows taken into one transaction: about 1,000 calls, half a second of work, 30 MB."""


class Page(NamedTuple):
    """Rows as the table has them, typed, and those that cannot be read, with their ids."""

    raw: Sequence[CelFields]
    rows: Sequence[CelRow]
    bad: Sequence[tuple[int, BadCelRow]]

    def joined(self, other: "Page") -> "Page":
        """Return the rows of both."""
        if not other.raw:
            return self
        return Page([*self.raw, *other.raw], [*self.rows, *other.rows], [*self.bad, *other.bad])


NO_PAGE = Page((), (), ())


def page_of(raw_rows: Sequence[CelFields]) -> Page:
    """Read the rows; a bad one is named and holds up no other."""
    rows: list[CelRow] = []
    bad: list[tuple[int, BadCelRow]] = []
    for raw in raw_rows:
        try:
            rows.append(read_cel(raw))
        except BadCelRow as error:
            bad.append((raw.id, error))
    return Page(raw_rows, rows, bad)


class PageReader:
    """Gives page after page. Close it, or its last reading ahead is left behind."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._ahead: asyncio.Task[Page] | None = None

    async def page_after(self, session: Session, position: int) -> Page:
        """Return the rows after that id as this transaction sees them, and begin with the next."""
        page = await self._read_ahead(position)
        if page is None:
            page = page_of(await cel_rows.cel_after(session, position, PAGE_ROWS))
        if len(page.raw) == PAGE_ROWS:
            self._ahead = asyncio.create_task(self._read(page.raw[-1].id))
        return page

    async def close(self) -> None:
        """Give up what was begun."""
        ahead, self._ahead = self._ahead, None
        if ahead is not None:
            ahead.cancel()
            with suppress(asyncio.CancelledError, StoreError):
                await ahead

    async def _read_ahead(self, position: int) -> Page | None:
        """Return what was read ahead if no row can have come between since: no id is missing."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return None
        try:
            page = await ahead
        except StoreError:
            return None
        whole = len(page.raw) == PAGE_ROWS and page.raw[-1].id == position + PAGE_ROWS
        return page if whole else None

    async def _read(self, position: int) -> Page:
        async with self._database.session() as session:
            return page_of(await cel_rows.cel_after(session, position, PAGE_ROWS))


@contextmanager
def collector_paused() -> Iterator[None]:
    """Keep Python from looking for cycles meanwhile: a page makes 100,000 objects and no cycle.

    Looking through them over and over was a fifth of the time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
