"""Several numbers of one lead.

Revision ID: 0007_pre_lists
Revises: 0006_pre_asked_calls
"""

from store.migrations.sql_file import run_sql_file

revision = "0007_pre_lists"
down_revision = "0006_pre_asked_calls"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
