"""Pages: organisations, sessions that can be listed, second factor, audit log, desks and phones.

Revision ID: 0005_pre_pages
Revises: 0002_pre_dialer
"""

from store.migrations.sql_file import run_sql_file

revision = "0005_pre_pages"
down_revision = "0003_pre_monthly_records"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
