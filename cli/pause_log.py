"""Keeps when agents were paused: the live floor forgets it, the signs of gaming need it."""

import asyncio
from collections import deque
from datetime import datetime

import structlog

from calls.agent_state import AgentState
from calls.ids import AgentId
from calls.live import AgentChanged, Change
from config.timeouts import INGEST_POLL_SECONDS
from store.database import Database
from store.errors import StoreError
from store.pauses import PauseChange, save_pause

log = structlog.get_logger("cli.pause_log")


class PauseLog:
    """A listener of the floor, and the part that saves what it noted.

    What was noted while Postgres is away waits in memory: a few changes for each agent and hour.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._since: dict[AgentId, datetime | None] = {}
        self._noted: deque[PauseChange] = deque()

    def note(self, change: Change) -> None:
        """Take one change of the floor; of an agent seen for the first time any pause is over."""
        if not isinstance(change, AgentChanged):
            return
        seat = change.agent
        since = seat.since if seat.state is AgentState.PAUSED else None
        if seat.agent in self._since and self._since[seat.agent] == since:
            return
        self._since[seat.agent] = since
        self._noted.append(
            PauseChange(seat.agent, seat.since, seat.pause_reason if since else None)
        )

    async def run(self) -> None:
        """Save for ever what was noted, in its order."""
        while True:
            try:
                await self.save()
            except StoreError as error:
                log.warning("pause_log.waits", problem=str(error), changes=len(self._noted))
            await asyncio.sleep(INGEST_POLL_SECONDS)

    async def save(self) -> None:
        """Save all that was noted; raises StoreError, and keeps what was not saved."""
        while self._noted:
            await save_pause(self._database, self._noted[0])
            self._noted.popleft()
