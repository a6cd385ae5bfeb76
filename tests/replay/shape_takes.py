"""The recorded call shapes (tests/traces/shapes): facts, floor, records and expectations."""

import csv
import tomllib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from ami_bridge.trace import replay
from calls import facts as f
from calls.call_state import CallState
from calls.floor import Floor
from calls.ids import AttemptId, CampaignName
from calls.live import CallChanged, Change, LiveCall
from cdr_ingest.correlate import correlate
from cdr_ingest.interpret import AttemptFacts, CallRecord, interpret
from cdr_ingest.legs import is_preset
from cdr_ingest.rows import CelRow, parse_cel
from store.cel_rows import RawCel

ROOT = Path(__file__).parent.parent / "traces" / "shapes"
EXPECTATIONS = Path(__file__).parent / "shapes.toml"
TABLES = Path(__file__).parent / "shapes"
VERSIONS = ("22", "16")
NAMES = sorted(path.name for path in ROOT.iterdir())
CALLER_ID = "+861062220001"


@dataclass(frozen=True, slots=True)
class Expected:
    """What must be true of a play, written by hand from the play. Seconds.

    agents: each agent's part in order of connection. slack: how much longer than planned a part
    may be (keys take their time). ring_limit, cancelled: what the attempt knows.
    other_calls: how many calls besides the customer's the floor shows meanwhile.
    """

    result: str
    direction: str = "outbound"
    agents: dict[str, float] = field(default_factory=dict)
    hold: float = 0.0
    phone_hold: float = 0.0
    wait: float | None = None
    by: str = ""
    cause: int = 16
    cause_16: int | None = None
    abandoned: bool = False
    amd: str = ""
    turns: tuple[str, ...] = ()
    slack: float = 0.35
    ring_limit: int = 20
    cancelled: bool = False
    other_calls: int = 0

    def cause_on(self, version: str) -> int | None:
        """The hangup cause in CEL; -1 stands for none."""
        is_other = version == "16" and self.cause_16 is not None
        cause = self.cause_16 if is_other else self.cause
        return None if cause == -1 else cause

    @property
    def talk(self) -> float:
        """Seconds of talk of all agents."""
        return sum(self.agents.values())

    @property
    def is_answered(self) -> bool:
        """Whether the customer's side is up."""
        return self.result in ("answered", "forwarded")


@cache
def expectations() -> dict[str, Expected]:
    """What is expected of each shape."""
    read = tomllib.loads(EXPECTATIONS.read_text(encoding="utf-8"))
    return {
        name: Expected(**{**given, "turns": tuple(given.get("turns", ()))})
        for name, given in read.items()
    }


@cache
def facts_of(name: str, version: str) -> tuple[f.Fact, ...]:
    """The facts of a recorded trace."""
    return tuple(replay(trace_of(name, version)))


def trace_of(name: str, version: str) -> Path:
    """The file of a recorded trace."""
    return ROOT / name / f"{version}.ami.jsonl.gz"


@dataclass(slots=True)
class Seen:
    """A floor after a replay: what changed, and the calls that ended on it."""

    floor: Floor
    changes: list[tuple[f.Fact, Change]]

    @property
    def ended(self) -> list[LiveCall]:
        """The calls that left the floor, in order."""
        calls = [c.call for _, c in self.changes if isinstance(c, CallChanged)]
        return [call for call in calls if call.state is CallState.ENDED]


def play(facts: tuple[f.Fact, ...]) -> Seen:
    """Apply facts to a fresh floor."""
    floor = Floor()
    changes = [(fact, change) for fact in facts for change in floor.apply(fact)]
    return Seen(floor, changes)


def cel_of(name: str, version: str, source: str) -> list[CelRow]:
    """The rows of a play. source: `cel` (the ledger) or `cel_table`."""
    path = ROOT / name / f"{version}.{source}.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    return [parse_cel(RawCel(f"{path.name}:{n}", *row)) for n, row in enumerate(rows, start=1)]


@cache
def records_of(name: str, version: str) -> tuple[CallRecord, ...]:
    """The records that the ledger's rows make."""
    expected = expectations()[name]
    records: list[CallRecord] = []
    for group in correlate(cel_of(name, version, "cel")):
        cut_at = None if group.is_complete else group.rows[-1].at
        attempts = {
            AttemptId(i): AttemptFacts(
                number=f"number of {name}",
                campaign=CampaignName("autumn"),
                caller_id=CALLER_ID,
                ring_limit=timedelta(seconds=expected.ring_limit),
                is_cancelled=expected.cancelled,
            )
            for i in group.ids
            if is_preset(i)
        }
        records += interpret(group, attempts, cut_at=cut_at)
    return tuple(records)


def began(facts: tuple[f.Fact, ...]) -> datetime:
    """When the first channel of the play began."""
    return next(fact.at for fact in facts if isinstance(fact, f.ChannelStarted))
