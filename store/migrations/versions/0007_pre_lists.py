"""Several numbers of one lead.

Revision ID: 0007_pre_lists
Revises: 0004_pre_call_shapes
"""

from store.migrations.sql_file import run_sql_file

revision = "0007_pre_lists"
down_revision = "0004_pre_call_shapes"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
