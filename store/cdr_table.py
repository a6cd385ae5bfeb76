"""The tables `cdr` and `cel` of another installation, read by column name."""

from collections.abc import AsyncIterator, Mapping

from store.cel_rows import RawCel, raw_of
from store.database import Database

CDR_COLUMNS = frozenset(
    {
        "calldate", "start", "answer", "end", "clid", "src", "dst", "dcontext", "channel",
        "dstchannel", "lastapp", "lastdata", "duration", "billsec", "disposition", "amaflags",
        "accountcode", "uniqueid", "userfield", "linkedid", "sequence",
    }
)  # fmt: skip


async def read_cdr_table(database: Database) -> AsyncIterator[list[Mapping[str, str]]]:
    """Yield all rows of the table `cdr` as text, in batches; raises StoreError.

    One cursor in one transaction that only reads: memory stays flat.
    """
    async with database.transaction() as session:
        await session.execute("open_cdr_cursor")
        while rows := await session.fetch("next_cdr_rows"):
            yield [
                {
                    name.lower(): "" if value is None else str(value)
                    for name, value in row.items()
                    if name.lower() in CDR_COLUMNS
                }
                for row in rows
            ]


async def count_cdr_rows(database: Database) -> int:
    """Return how many rows there are; raises StoreError, also if there is no such table."""
    count: int = await database.fetch_value("count_cdr_rows")
    return count


async def tables_of_history(database: Database) -> tuple[bool, bool]:
    """Return whether the database has a table `cel` and a table `cdr`."""
    row = await database.fetch_row("tables_of_history")
    return (False, False) if row is None else (row["has_cel"], row["has_cdr"])


async def count_cel_rows(database: Database) -> int:
    """Return how many events there are; raises StoreError."""
    count: int = await database.fetch_value("count_cel_rows")
    return count


async def read_cel_table(database: Database) -> AsyncIterator[list[RawCel]]:
    """Yield all rows of the table `cel` by id, in batches; raises StoreError.

    One cursor in one transaction that only reads: memory stays flat.
    """
    async with database.transaction() as session:
        await session.execute("open_cel_cursor")
        while rows := await session.fetch("next_cel_rows"):
            yield [_event(dict(row)) for row in rows]


def _event(row: Mapping[str, object]) -> RawCel:
    text = {name: "" if value is None else str(value) for name, value in row.items()}
    return raw_of({**text, "eventtime": text["epoch"]}, f"table cel id {text['id']}")
