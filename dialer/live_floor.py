"""The floor with its listeners: the one place where facts are applied."""

from collections.abc import Callable
from datetime import datetime

import structlog

from calls.facts import Fact
from calls.floor import Floor
from calls.live import Change, FloorLost
from calls.transitions import IllegalTransition

log = structlog.get_logger("dialer.floor")

Listener = Callable[[Change], None]


class LiveFloor:
    """Applies facts one by one and tells every listener what changed, in order.

    A listener must not block. illegal_facts: how many facts contradicted what was known.
    lost_at: when the link was last lost, None if it never was.
    """

    def __init__(self) -> None:
        self.floor = Floor()
        self.illegal_facts = 0
        self.last_fact_at: datetime | None = None
        self.lost_at: datetime | None = None
        self.lost_because = ""
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; call the returned function to take it away again."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def apply(self, fact: Fact) -> list[Change]:
        """Take one fact in. One that cannot be is logged and counted, and changes nothing."""
        try:
            changes = self.floor.apply(fact)
        except IllegalTransition as error:
            self.illegal_facts += 1
            log.warning("floor.fact_refused", fact=type(fact).__name__, problem=str(error))
            return []
        self.last_fact_at = fact.at
        for change in changes:
            if isinstance(change, FloorLost):
                self.lost_at, self.lost_because = change.at, change.reason
            for listener in tuple(self._listeners):
                listener(change)
        return changes
