"""Pools of caller IDs.

Revision ID: 0011_pre_caller_ids
Revises: 0007_pre_lists
"""

from store.migrations.sql_file import run_sql_file

revision = "0011_pre_caller_ids"
down_revision = "0007_pre_lists"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
