"""First schema: campaigns, leads, attempts, CEL, calls, agents, accounts.

Revision ID: 0001_pre_first_floor
Revises:
"""

from store.migrations.sql_file import run_sql_file

revision = "0001_pre_first_floor"
down_revision = None


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
