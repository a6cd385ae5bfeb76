"""The one table of actions whose answers are awaited. No I/O; the caller brings the time."""

import asyncio
from typing import Protocol

from ami_bridge.errors import ActionRefused, ActionTimedOut, ConnectionLost
from ami_bridge.framing import Frame

LIST_EVENTS = frozenset(
    {
        "BridgeListItem",
        "BridgeListComplete",
        "CoreShowChannel",
        "CoreShowChannelsComplete",
        "QueueParams",
        "QueueMember",
        "QueueEntry",
        "QueueStatusComplete",
    }
)
"""Events that are items of an answer, never news."""


class Awaited(Protocol):
    """One action on its way. seconds: its time limit; deadline: when that is over (loop time)."""

    name: str
    seconds: float
    deadline: float
    future: asyncio.Future[list[Frame]]

    @property
    def id(self) -> str:
        """The ActionID."""

    def add_message(self, frame: Frame) -> bool:
        """Take one part of the answer; tell whether it is complete."""


class PendingActions:
    """Every entry leaves: by its answer, its deadline, the loss of the link or its caller.

    late: answers and items that came after their action had left.
    """

    def __init__(self) -> None:
        self._actions: dict[str, Awaited] = {}
        self.late = 0

    def __len__(self) -> int:
        return len(self._actions)

    def add(self, action: Awaited) -> None:
        """Await the action's answer."""
        if action.id in self._actions:
            raise ActionRefused(action.name, f"an action with id {action.id} is under way")
        self._actions[action.id] = action

    def discard(self, action: Awaited) -> None:
        """Forget the action, for its caller no longer waits."""
        if self._actions.get(action.id) is action:
            del self._actions[action.id]

    def settle(self, frame: Frame) -> None:
        """Give an answer, or an item of one, to its action."""
        action = self._actions.get(frame.get("ActionID"))
        if action is None:
            self.late += 1
        elif action.add_message(frame):
            del self._actions[action.id]

    def expire(self, now: float) -> None:
        """End every action whose deadline has passed."""
        for action in [action for action in self._actions.values() if action.deadline <= now]:
            self._fail(action, ActionTimedOut(action.name, action.seconds))

    def fail_all(self) -> None:
        """End every action, for the link is gone; what was sent may have been carried out."""
        for action in list(self._actions.values()):
            self._fail(action, ConnectionLost(action.name, maybe_executed=True))

    def _fail(self, action: Awaited, error: Exception) -> None:
        del self._actions[action.id]
        if not action.future.done():
            action.future.set_exception(error)
