"""Postgres: migrations, pool, embedded server and named SQL. Nothing else imports asyncpg."""
