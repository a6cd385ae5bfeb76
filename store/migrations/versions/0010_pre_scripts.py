"""The scripts that agents read from.

Revision ID: 0010_pre_scripts
Revises: 0008_pre_measures
"""

from store.migrations.sql_file import run_sql_file

revision = "0010_pre_scripts"
down_revision = "0008_pre_measures"


def upgrade() -> None:
    run_sql_file(f"{revision}.sql")
