"""What lies on a Postgres server that a user names, so that a test can say: it is as it was."""

import psycopg

_ALL = """
SELECT 'database ' || datname FROM pg_database WHERE datname NOT LIKE 'test\\_%'
UNION ALL SELECT 'role ' || rolname FROM pg_roles
UNION ALL SELECT 'table ' || schemaname || '.' || tablename FROM pg_tables
ORDER BY 1
"""


def whats_there(url: str) -> list[str]:
    """Return databases and roles of the server, and tables of the database that the URL names."""
    with psycopg.connect(url) as connection:
        return [row[0] for row in connection.execute(_ALL).fetchall()]
