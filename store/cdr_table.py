"""A `cdr` table of another installation, read by column name."""

from collections.abc import AsyncIterator, Mapping

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
