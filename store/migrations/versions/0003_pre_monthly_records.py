"""Months as partitions of `call` and `cel`, sums kept beside the records, closed days, recordings.

Revision ID: 0003_pre_monthly_records
Revises: 0001_pre_first_floor
"""

from store.migrations.sql_file import run_sql_file

revision = "0003_pre_monthly_records"
down_revision = "0002_pre_dialer"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
