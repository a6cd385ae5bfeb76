"""Names of call lists, and the scripts that agents read from.

Revision ID: 0010_pre_scripts
Revises: 0007_pre_lists
"""

from store.migrations.sql_file import run_sql_file

revision = "0010_pre_scripts"
down_revision = "0007_pre_lists"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
