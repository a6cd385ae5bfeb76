"""A database that is in use keeps its records, its speed and its grants when it is migrated."""

from collections.abc import Iterator
from contextlib import contextmanager
from secrets import token_hex
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from store.migrate import drop_database, ensure_database, migrate

pytestmark = pytest.mark.postgres
Connection = psycopg.Connection[tuple[object, ...]]
FIRST, BEFORE_MONTHS = "0001_pre_first_floor", "0002_pre_dialer"
RECORDS = (
    "SELECT call_id, agent, dialled_at, talk_seconds, effective, rule_version FROM call_record"
)
FILLED = """
INSERT INTO cel (eventtype, eventtime, uniqueid, linkedid)
SELECT 'CHAN_START', timestamp '2026-09-30 23:59:59' + n * interval '1 s', 'u' || n, 'c1'
FROM generate_series(1, 3) AS n;
INSERT INTO call (
    call_id, linkedid, direction, number, agent, network_result, dialled_at, answered_at,
    connected_at, ended_at, wait_seconds, talk_seconds, answered, abandoned, valid, effective,
    rule_version
)
SELECT
    'c' || n, 'c' || n, 'outbound', '+8613910000001', 'agent-1001', 'answered', at, at, at,
    at + interval '181 s', 0.5, 179.999999 + n * 0.000001, true, false, true, n = 1, rule_version
FROM (VALUES (1, timestamptz '2026-09-30 23:59:59+00'), (0, '2026-10-01 00:00:01+00')) AS v (n, at),
    (SELECT min(version) AS rule_version FROM effective_call_rule) AS r;
INSERT INTO call_agent SELECT call_id, agent, connected_at, talk_seconds FROM call;
"""


@pytest.fixture
def url(postgres_url: str) -> Iterator[str]:
    named = urlunsplit(urlsplit(postgres_url)._replace(path=f"/migrated_{token_hex(4)}"))
    ensure_database(named)
    yield named
    drop_database(named)


@contextmanager
def connected(url: str) -> Iterator[Connection]:
    with psycopg.connect(url, autocommit=True) as connection:
        yield connection


def indexes(connection: Connection) -> set[object]:
    found = connection.execute(
        "SELECT indexname FROM pg_indexes WHERE tablename IN ('call', 'cel', 'call_agent')"
    )
    return {name for (name,) in found}


def test_records_and_events_are_the_same_after_it_and_are_added_up(url: str) -> None:
    migrate(url, FIRST)
    with connected(url) as connection:
        connection.execute(FILLED)
        before = connection.execute(RECORDS).fetchall()

    migrate(url)

    with connected(url) as connection:
        assert connection.execute(RECORDS).fetchall() == before
        assert connection.execute("SELECT count(*) FROM call_part").fetchone() == (2,)
        cel = connection.execute("SELECT id, uniqueid FROM cel ORDER BY 1").fetchall()
        assert cel == [(1, "u1"), (2, "u2"), (3, "u3")]
        assert connection.execute("SELECT nextval('cel_id_seq')").fetchone() == (4,)
        sums = connection.execute(
            "SELECT sum(attempts), sum(effective), sum(talk_microseconds) FROM call_sum"
            " WHERE dimension = ANY(%s) GROUP BY dimension",
            (["agent", "list", "region"],),
        )
        assert sums.fetchall() == [(2, 1, 359_999_999)] * 3
        assert connection.execute("SELECT count(*) FROM call_default").fetchone() == (0,)


def test_no_index_is_lost_on_the_way(url: str) -> None:
    migrate(url, BEFORE_MONTHS)
    with connected(url) as connection:
        before = indexes(connection)

    migrate(url)

    with connected(url) as connection:
        # In months each partition is small, and its range does what the index over time did.
        assert before - indexes(connection) == {"cel_eventtime"}


def test_asterisks_own_login_may_still_write_its_events(url: str) -> None:
    role = f"asterisk_{token_hex(4)}"
    migrate(url, FIRST)
    with connected(url) as connection:
        connection.execute(f"CREATE ROLE {role}; GRANT INSERT ON cel TO {role}")
        try:
            migrate(url)
            connection.execute(f"SET ROLE {role}")
            connection.execute(
                "INSERT INTO cel (eventtype, eventtime, uniqueid, linkedid)"
                " VALUES ('CHAN_START', now(), 'u', 'c')"
            )
        finally:
            connection.execute(f"RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")
