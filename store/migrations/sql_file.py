"""Run the raw SQL that stands beside a revision."""

from pathlib import Path

from alembic import op

VERSIONS = Path(__file__).parent / "versions"


def run_sql_file(name: str) -> None:
    """Execute `versions/<name>` as one script (psycopg takes several statements at once)."""
    script = (VERSIONS / name).read_text(encoding="utf-8")
    # A colon or a percent sign in the script is SQL, not a bind parameter.
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))
