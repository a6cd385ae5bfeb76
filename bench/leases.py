"""Leads leased a second from lists of 1 and 10 million, by batch size, for eight dialers at once.

The baseline is the same work through an index on (campaign, status), as most dialers have it, in
the same run. What is measured is what the dialer does: lock due leads, judge each by the law, save
an attempt for each, commit (synchronously).
"""

import argparse
import asyncio
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import psycopg
from psycopg import sql

from bench._scratch import scratch_database
from calls.attempt import LeadCandidate, Verdict
from calls.campaign import Campaign, CampaignStatus
from calls.ids import CampaignName, QueueName
from dialer.calling_profiles import find_profile
from dialer.campaign_rules import rules_of
from dialer.law import NO_HOLIDAYS_KNOWN
from dialer.settlement import judge_lead
from store.attempts import AttemptStore
from store.campaigns import CampaignStore
from store.database import Database

CAMPAIGNS = 4
ZONES = (
    "Asia/Shanghai", "America/New_York", "America/Chicago", "America/Denver",
    "America/Los_Angeles", "Europe/London",
)  # fmt: skip
ROW = "{:>12} {:>10} {:>6} {:>12} {:>9}"
CAMPAIGN = Campaign(
    campaign_id=0,
    name=CampaignName("lease-0"),
    status=CampaignStatus.RUNNING,
    mode="progressive",
    queue=QueueName("callfloor"),
    trunk="carrier",
    caller_id="",
    calling_hours="always-1",
    rule_version="standard-1",
    amd="off",
    ring_seconds=20,
    wrap_up_seconds=2,
    max_tries=3,
    max_tries_per_day=3,
    max_system_errors=10,
    max_lines=1000,
    retry_after={},
)
# In six of ten the next try is due, as in a list at work; the phone is the lead's own number.
FILL = """
WITH added AS (
    INSERT INTO lead (campaign_id, phone)
    SELECT c.campaign_id, '+86139' || lpad(n::text, 8, '0')
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
    INNER JOIN campaign AS c ON c.name = 'lease-' || (n %% %(campaigns)s)
    RETURNING lead_id, campaign_id
)
INSERT INTO lead_state (lead_id, campaign_id, time_zone, priority, status, next_attempt_at)
SELECT
    lead_id, campaign_id, (%(zones)s::text[])[1 + lead_id %% %(zone_count)s], lead_id %% 3,
    CASE WHEN lead_id %% 10 < 6 THEN 'ready' ELSE 'scheduled' END,
    CASE WHEN lead_id %% 10 < 6 THEN '-infinity'::timestamptz ELSE now() + interval '30 days' END
FROM added
"""


@dataclass(frozen=True)
class Measured:
    """One cell of the table. p99_ms: of one lease."""

    leads_per_second: float
    p99_ms: float


def fill(url: str, first: int, last: int) -> None:
    """Add leads first..last; foreign keys are not checked row by row: that is not measured."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for start in range(first, last + 1, 500_000):
            until = min(start + 499_999, last)
            values = {
                "first": start, "last": until, "campaigns": CAMPAIGNS, "zones": list(ZONES),
                "zone_count": len(ZONES),
            }  # fmt: skip
            connection.execute(FILL, values)
        connection.execute("VACUUM (ANALYZE) lead")
        connection.execute("VACUUM (ANALYZE) lead_state")
        connection.execute("CHECKPOINT")


async def measure(database: Database, batch: int, dialers: int, seconds: float) -> Measured:
    """Let the dialers lease for some seconds, each one zone of one campaign at a time."""
    campaigns = await CampaignStore(database).campaigns()
    store = AttemptStore(database)
    rules = rules_of(CAMPAIGN, find_profile("always-1"), NO_HOLIDAYS_KNOWN, {})
    ends_at = time.monotonic() + seconds
    took: list[float] = []
    leased = 0

    def judge(lead: LeadCandidate) -> Verdict:
        return judge_lead(lead, rules, datetime.now(UTC))

    async def dial(number: int) -> None:
        nonlocal leased
        turn = number
        while (began := time.monotonic()) < ends_at:
            now = datetime.now(UTC)
            zone = ZONES[turn % len(ZONES)]
            turn += 1
            planned = await store.plan(campaigns[number % CAMPAIGNS], [zone], batch, now, judge)
            leased += len(planned)
            took.append(time.monotonic() - began)

    began = time.monotonic()
    await asyncio.gather(*(dial(number) for number in range(dialers)))
    p99 = statistics.quantiles(took, n=100)[98] if len(took) > 1 else took[0]
    return Measured(leased / (time.monotonic() - began), p99 * 1000)


def use_naive_index(url: str) -> None:
    """Put the index that most dialers have in the place of ours."""
    with psycopg.connect(url, autocommit=True) as connection:
        for name in ("lead_due", "lead_oldest", "lead_newest", "lead_random"):
            connection.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        connection.execute("CREATE INDEX lead_naive ON lead_state (campaign_id, status)")
        connection.execute("ANALYZE lead_state")


async def run(url: str, sizes: Sequence[int], batches: Sequence[int], seconds: float) -> None:
    """Grow the lists step by step and print each cell, then the baseline on the largest."""
    database = await Database.open(url, max_connections=10)
    store = CampaignStore(database)
    for number in range(CAMPAIGNS):
        await store.add(replace(CAMPAIGN, name=CampaignName(f"lease-{number}")))
    print(ROW.format("index", "leads", "batch", "leads/s", "p99 ms"))
    there = 0
    middle = batches[len(batches) // 2]
    best: dict[int, Measured] = {}
    for size in sizes:
        fill(url, there + 1, size)
        there = size
        for batch in batches:
            cell = await measure(database, batch, 8, seconds)
            print(_row("ours", size, batch, cell), flush=True)
            if batch == middle:
                best[size] = cell
    use_naive_index(url)
    naive = await measure(database, middle, 8, seconds)
    print(_row("naive", there, middle, naive))
    ours = best[there]
    print(f"\nours / naive, {there:,} leads, batch {middle}:", end=" ")
    print(f"{ours.leads_per_second / max(naive.leads_per_second, 0.1):.0f}")
    flat = ours.leads_per_second / best[sizes[0]].leads_per_second
    print(f"{there:,} leads against {sizes[0]:,}, batch {middle}: {flat:.2f} (1.00 is flat)")
    await database.close()


def _row(index: str, leads: int, batch: int, cell: Measured) -> str:
    return ROW.format(
        index, f"{leads:,}", batch, f"{cell.leads_per_second:,.0f}", f"{cell.p99_ms:.1f}"
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="bin/bench leases", description=__doc__)
    parser.add_argument("--leads", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--batches", type=int, nargs="+", default=[1, 50, 500])
    parser.add_argument("--seconds", type=float, default=5.0, help="for each cell")
    asked = parser.parse_args()
    with scratch_database() as scratch:
        asyncio.run(run(scratch.url, sorted(asked.leads), asked.batches, asked.seconds))


if __name__ == "__main__":
    main()
