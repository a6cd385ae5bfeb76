"""Named SQL: every statement lives in a `.sql` file under a `-- name:` head.

The product's are in `store/sql`; the demo and the tests have a folder of their own.

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


def parse_queries(text: str) -> dict[str, str]:
    """Split one file into name -> statement; each needs a comment line of purpose."""
    parts = _HEAD.split(text)
    queries: dict[str, str] = {}
    for name, body in zip(parts[1::2], parts[2::2], strict=True):
        if name in queries:
            raise QueryFileError(f"query {name} is there twice")
        if not body.lstrip().startswith("--"):
            raise QueryFileError(f"query {name} lacks a line of purpose")
        queries[name] = body.strip()
    return queries


def join_queries(some: Mapping[str, str], more: Mapping[str, str]) -> Mapping[str, str]:
    """Return both; raises QueryFileError where a name is used twice."""
    if twice := some.keys() & more.keys():
        raise QueryFileError(f"{', '.join(sorted(twice))} named before")
    return MappingProxyType({**some, **more})


@cache
def load_queries(folder: Path = SQL_FOLDER) -> Mapping[str, str]:
    """Read every file of the folder; a name may be used once in all of them."""
    queries: Mapping[str, str] = MappingProxyType({})
    for path in sorted(folder.glob("*.sql")):
        try:
            queries = join_queries(queries, parse_queries(path.read_text("utf-8")))
        except QueryFileError as error:
            raise QueryFileError(f"{path.name}: {error}") from error
    return queries
