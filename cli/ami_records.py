"""The service's part that keeps what Asterisk tells of its records over AMI."""

import asyncio
from zoneinfo import ZoneInfo

import structlog

from ami_bridge.parameters import AmiAddress
from ami_bridge.records import hear_records
from cdr_ingest.cdr_import import ImportReport, take_batch
from cdr_ingest.sources import AmiRecords, Batch
from config.timeouts import INGEST_POLL_SECONDS
from store.database import Database
from store.errors import StoreError

log = structlog.get_logger("cli.ami_records")


async def keep_ami_records(database: Database, address: AmiAddress, zone: ZoneInfo) -> None:
    """Hear CEL and Cdr for ever: events go into the table `cel`, CDRs become records.

    For an Asterisk that can reach neither Postgres nor a file of ours. zone: of its machine.
    """
    report = ImportReport()
    async with hear_records(address) as feed:
        source = AmiRecords(feed.batches(), zone)
        async for batch in source.batches():
            await keep_batch(database, batch, report, source.name)
            if feed.lost:
                log.warning("ami.records_dropped", dropped=feed.lost)
                feed.lost = 0


async def keep_batch(database: Database, batch: Batch, report: ImportReport, source: str) -> None:
    """Take in one batch, however long Postgres is away: nobody else has these events."""
    while True:
        try:
            return await take_batch(database, source, batch, report)
        except StoreError as error:
            log.warning("ami.records_wait", problem=str(error), events=len(batch.rows))
            await asyncio.sleep(INGEST_POLL_SECONDS)
