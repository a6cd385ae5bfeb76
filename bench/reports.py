"""Reports at 1 and 10 million calls: p95 of each, and whether it grows with the calls."""

import argparse
import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg

from bench._scratch import ON_DISK, scratch_database
from store import sums
from store.database import Database
from store.sums import By

TODAY = date(2026, 11, 22)
DAYS = 90
AGENTS, CAMPAIGNS, REGIONS = 300, 20, 31
TARGET_MS = 50.0
_FILL = """
INSERT INTO call (
    call_id, attempt_id, linkedid, campaign, direction, number, agent, network_result, dialled_at,
    answered_at, connected_at, ended_at, wait_seconds, talk_seconds, answered, abandoned, valid,
    effective, rule_version, hangup_cause, hangup_by, trunk, caller_id, lead_id, region, industry
)
SELECT
    id, id::uuid, id,
    'campaign-' || (n / 5 * 7919 %% %(agents)s + n / 7 %% 3) %% %(campaigns)s,
    'outbound', '+8613' || (n %% 1000000000),
    CASE WHEN talk > 0 THEN 'agent-' || (1001 + (n / 5 * 7919) %% %(agents)s) END,
    CASE WHEN talk > 0 THEN 'answered' ELSE 'no_answer' END, at,
    CASE WHEN talk > 0 THEN at + interval '8 s' END,
    CASE WHEN talk > 0 THEN at + interval '9 s' END, at + interval '20 s',
    CASE WHEN talk > 0 THEN 1 END, talk, talk > 0, false, talk >= 5, talk >= 180, 'standard-1',
    16, 'customer', 'carrier', '+86106222' || (n %% 40), n, 'region-' || (n %% %(regions)s),
    'industry-' || (n %% 12)
FROM (
    SELECT
        n, gen_random_uuid()::text AS id,
        CASE WHEN n %% 5 < 2 THEN (n * 104729) %% 400 + 0.25 ELSE 0 END AS talk,
        %(start)s::timestamptz + (n %% 43200) * interval '1 s' AS at
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
) AS made
"""
"""One day's calls: 12 busy hours, 40 % answered, each agent in three campaigns."""


def fill(url: str, calls: int) -> None:
    """Make the records of DAYS days, today the last, and their sums."""
    each = calls // DAYS
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        connection.execute("TRUNCATE call, call_sum")
        for back in range(DAYS):
            day = TODAY - timedelta(days=back)
            start = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
            connection.execute("SELECT add_month('call', %s)", (day,))
            connection.execute(
                _FILL,
                {
                    "campaigns": CAMPAIGNS, "agents": AGENTS, "regions": REGIONS, "start": start,
                    "first": back * each + 1, "last": (back + 1) * each,
                },
            )  # fmt: skip
            connection.execute(
                "INSERT INTO call_sum SELECT dimension, day, key, campaign, rule_version,"
                " sum(attempts), sum(answered), sum(human), sum(connected), sum(valid),"
                " sum(effective), sum(abandoned), sum(talk_microseconds),"
                " sum(effective_talk_microseconds), sum(wait_microseconds) FROM call_contribution"
                " WHERE dialled_at >= %s AND dialled_at < %s GROUP BY 1, 2, 3, 4, 5",
                (start, start + timedelta(hours=13)),
            )
        connection.execute("VACUUM ANALYZE call_sum")
        connection.execute("ANALYZE call")


def reports(database: Database) -> dict[str, Callable[[], Awaitable[object]]]:
    """Name each report that is timed."""
    month, weeks = TODAY - timedelta(days=30), TODAY - timedelta(days=27)
    return {
        "agent-day of today": lambda: sums.read_sums(database, By.AGENT, TODAY, TODAY),
        "one agent's month": lambda: sums.read_days_of(
            database, By.AGENT, "agent-1017", month, TODAY
        ),
        "region, 30 days": lambda: sums.read_sums(database, By.REGION, month, TODAY),
        "hour x weekday, 4 weeks": lambda: sums.read_sums(database, By.WEEKDAY_HOUR, weeks, TODAY),
    }


async def p95_ms(report: Callable[[], Awaitable[object]], times: int) -> float:
    """Return the time that 95 of 100 runs stay under, in milliseconds."""
    took = []
    for _ in range(times):
        begin = time.perf_counter()
        found = await report()
        took.append(1000 * (time.perf_counter() - begin))
        assert found
    return sorted(took)[int(0.95 * times)]


async def measure(url: str, times: int) -> dict[str, float]:
    """Time every report."""
    database = await Database.open(url, max_connections=1)
    found = {name: await p95_ms(run, times) for name, run in reports(database).items()}
    await database.close()
    return found


def show(by_size: dict[int, dict[str, float]]) -> bool:
    """Print p95 for each size and the growth; whether every target is reached."""
    sizes = sorted(by_size)
    print(f"{'p95 in ms':26}" + "".join(f"{size:>14,}" for size in sizes) + f"{'growth':>9}")
    good = True
    for name, least in by_size[sizes[0]].items():
        most = by_size[sizes[-1]][name]
        good &= most <= TARGET_MS
        cells = "".join(f"{by_size[size][name]:14.1f}" for size in sizes)
        print(f"{name:26}{cells}{most / least:9.2f}")
    print(f"target {TARGET_MS:.0f} ms: {'reached' if good else 'missed'}")
    return good


def main() -> None:
    """Run it on an embedded Postgres in a scratch folder, which is removed afterwards."""
    parser = argparse.ArgumentParser(prog="bin/bench reports", description=__doc__)
    parser.add_argument("--calls", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--folder", type=Path, default=ON_DISK, help="for scratch, on disk")
    options = parser.parse_args()
    with scratch_database(options.folder) as scratch:
        by_size = {}
        for calls in options.calls:
            fill(scratch.url, calls)
            by_size[calls] = asyncio.run(measure(scratch.url, options.times))
            print(f"{calls:,}: {by_size[calls]}", file=sys.stderr, flush=True)
        good = show(by_size)
    raise SystemExit(0 if good else 1)


if __name__ == "__main__":
    main()
