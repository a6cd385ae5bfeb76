"""Sums by list, what could not be read, comparisons kept, silence of recordings.

Revision ID: 0008_pre_measures
Revises: 0007_pre_lists
"""

from store.migrations.sql_file import run_sql_file

revision = "0008_pre_measures"
down_revision = "0007_pre_lists"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
