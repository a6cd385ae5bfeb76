"""Named background tasks: none is lost, and the death of one ends the service loudly."""

import asyncio
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

import structlog

log = structlog.get_logger("cli.supervision")


class TaskDied(RuntimeError):
    """A part of the service ended though it should run for ever."""


class PartGaveUp(RuntimeError):
    """A part ends the service on purpose; the message is the one line that the user sees."""


class Supervisor:
    """Holds the service's tasks; use it as an asynchronous context manager."""

    def __init__(self) -> None:
        self._tasks: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> None:
        """Run a part that must not end."""
        self._tasks.append(asyncio.create_task(work, name=name))

    async def watch(self, stop: asyncio.Event) -> None:
        """Return when `stop` is set; raise TaskDied or PartGaveUp when a part ends."""
        stopping = asyncio.create_task(stop.wait(), name="stop")
        try:
            done, _ = await asyncio.wait(
                {stopping, *self._tasks}, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            stopping.cancel()
        for task in done - {stopping}:
            problem = None if task.cancelled() else task.exception()
            log.error("service.part_died", part=task.get_name(), problem=repr(problem))
            if isinstance(problem, PartGaveUp):
                raise problem
            raise TaskDied(f"the part {task.get_name()!r} ended: {problem!r}") from problem
