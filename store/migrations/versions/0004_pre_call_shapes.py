"""What a call does on its way: hold, turns, each agent's ring; who met in a conference room.

Revision ID: 0004_pre_call_shapes
Revises: 0005_pre_pages
"""

from store.migrations.sql_file import run_sql_file

revision = "0004_pre_call_shapes"
down_revision = "0005_pre_pages"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
