"""Draw the state tables as Mermaid diagrams: `python -m calls.diagram > docs/states.md`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from calls.agent_state import AGENT_TRANSITIONS
from calls.call_state import CALL_TRANSITIONS

State = TypeVar("State", bound=StrEnum)
Event = TypeVar("Event", bound=StrEnum)

_HEAD = """# States

Drawn from the tables in `calls/call_state.py` and `calls/agent_state.py` by
`python -m calls.diagram > docs/states.md`; a test fails when this page is stale. An event that
leads back to its own state is a repetition and is not drawn; what is not in the table is illegal.
"""


def draw(table: Mapping[State, Mapping[Event, State]]) -> str:
    """Return one Mermaid state diagram; events between the same two states share an arrow."""
    lines = ["```mermaid", "stateDiagram-v2"]
    for state, row in table.items():
        arrows: dict[State, list[str]] = {}
        for event, target in row.items():
            if target is not state:
                arrows.setdefault(target, []).append(event.value)
        lines += [f"    {state} --> {target}: {', '.join(arrows[target])}" for target in arrows]
    return "\n".join([*lines, "```"])


def page() -> str:
    """Return the whole docs page."""
    return (
        f"{_HEAD}\n## A call\n\n{draw(CALL_TRANSITIONS)}\n\n"
        f"## An agent's seat\n\n{draw(AGENT_TRANSITIONS)}\n"
    )


if __name__ == "__main__":
    print(page(), end="")
