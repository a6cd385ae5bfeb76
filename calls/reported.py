"""A record that Asterisk told of by word, not in a file or a table."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal


@dataclass(frozen=True, slots=True)
class ReportedRecord:
    """One CEL or CDR. at: when Asterisk said it, UTC. fields: by Asterisk's names."""

    kind: Literal["cel", "cdr"]
    at: datetime
    fields: Mapping[str, str]
