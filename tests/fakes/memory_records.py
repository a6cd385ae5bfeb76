"""What Asterisk's records say, in memory; tests/contract proves it against Postgres."""

from collections.abc import Collection
from dataclasses import dataclass, field

from calls.attempt import Settlement
from calls.ids import AttemptId


@dataclass
class MemoryRecords:
    """Fits `dialer.ports.Records`. known: complete records. traces: attempts of which any is."""

    known: list[Settlement] = field(default_factory=list)
    traces: set[AttemptId] = field(default_factory=set)

    async def settlements(self, attempts: Collection[AttemptId]) -> list[Settlement]:
        return [end for end in self.known if end.attempt in attempts]

    async def touched(self, attempts: Collection[AttemptId]) -> frozenset[AttemptId]:
        written = self.traces | {end.attempt for end in self.known}
        return frozenset(written & set(attempts))
