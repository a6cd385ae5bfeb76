"""Named queries that only tests ask."""

from pathlib import Path

TEST_QUERIES = Path(__file__).parent
