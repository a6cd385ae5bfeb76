"""Named SQL: every statement lives in `store/sql/*.sql` under a `-- name:` head.

-- name: lease_leads
-- Lease due leads of one campaign. $1 campaign_id, $2 limit
SELECT ...
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

SQL_FOLDER = Path(__file__).parent / "sql"
_HEAD = re.compile(r"^-- name:\s*(\w+)\s*$", re.MULTILINE)


class QueryFileError(ValueError):
    """A .sql file cannot be read as named queries."""


def parse_queries(text: str, source: str) -> dict[str, str]:
    """Split one file into name -> statement; each needs a comment line of purpose."""
    parts = _HEAD.split(text)
    queries: dict[str, str] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if name in queries:
            raise QueryFileError(f"{source}: query {name} is there twice")
        if not body.lstrip().startswith("--"):
            raise QueryFileError(f"{source}: query {name} lacks a line of purpose")
        queries[name] = body.strip()
    return queries


@cache
def load_queries(folder: Path = SQL_FOLDER) -> Mapping[str, str]:
    """Read every file of the folder; a name may be used once in all of them."""
    queries: dict[str, str] = {}
    for path in sorted(folder.glob("*.sql")):
        found = parse_queries(path.read_text(encoding="utf-8"), path.name)
        if twice := queries.keys() & found.keys():
            raise QueryFileError(f"{path.name}: {', '.join(sorted(twice))} named before")
        queries |= found
    return MappingProxyType(queries)
