"""What the demo proves at its end, from four independent sources."""

from collections import Counter
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

from cli.demo_floor import DemoFloor
from store.database import Database

DEMO_QUERIES = Path(__file__).parent / "sql"


@dataclass(frozen=True, slots=True)
class DemoResult:
    """The demo's last line. talk_seconds: sum over all calls.

    unreconciled: calls on which the live floor, the records and Asterisk's own CSV differ.
    double_dialled: calls that the carrier saw beyond the attempts that were saved for a number.
    """

    asterisk: str
    attempts: int
    answered: int
    valid: int
    effective: int
    abandoned: int
    talk_seconds: float
    agents: int
    unreconciled: int
    double_dialled: int

    def as_dict(self) -> dict[str, str | int | float]:
        """The JSON object's keys and values."""
        return asdict(self)

    @property
    def is_sound(self) -> bool:
        """Whether the records reconcile and nothing was dialled twice."""
        return self.unreconciled == 0 and self.double_dialled == 0


async def count_double_dialled(floor: DemoFloor, database: Database) -> int:
    """Compare the attempts saved for each number with the calls that the carrier saw."""
    rows = await database.with_queries(DEMO_QUERIES).fetch("attempts_by_number")
    saved = {row["number"]: row["attempts"] for row in rows}
    seen = Counter(call.number for call in floor.pbx_lab.carrier_calls())
    return sum(max(0, count - saved.get(number, 0)) for number, count in seen.items())


async def read_totals(database: Database) -> tuple[int, int, int, int, int, float, int]:
    """Return the figures of DemoResult from `attempts` to `agents`, in its order."""
    row = await database.with_queries(DEMO_QUERIES).fetch_row("demo_totals")
    if row is None:
        return (0, 0, 0, 0, 0, 0.0, 0)
    talk: Decimal = row["talk_seconds"]
    return (
        row["attempts"],
        row["answered"],
        row["valid"],
        row["effective"],
        row["abandoned"],
        float(talk),
        row["agents"],
    )
