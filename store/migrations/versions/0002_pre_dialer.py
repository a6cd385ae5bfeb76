"""The dialer: modes, half-seen calls, do-not-call lists, indexes of the law.

Revision ID: 0002_pre_dialer
Revises: 0001_pre_first_floor
"""

from store.migrations.sql_file import run_sql_file

revision = "0002_pre_dialer"
down_revision = "0001_pre_first_floor"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
