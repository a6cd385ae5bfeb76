"""Calls that agents ask for: previews, callbacks, and how a campaign treats them.

Revision ID: 0006_pre_asked_calls
Revises: 0004_pre_call_shapes
"""

from store.migrations.sql_file import run_sql_file

revision = "0006_pre_asked_calls"
down_revision = "0004_pre_call_shapes"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
