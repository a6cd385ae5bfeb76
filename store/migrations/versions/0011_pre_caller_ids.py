"""Pools of caller IDs.

Revision ID: 0011_pre_caller_ids
Revises: 0010_pre_scripts
"""

from store.migrations.sql_file import run_sql_file

revision = "0011_pre_caller_ids"
down_revision = "0010_pre_scripts"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
