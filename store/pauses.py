"""Postgres edge of agents' pauses."""

from dataclasses import dataclass
from datetime import datetime

from store.database import Database


@dataclass(frozen=True, slots=True)
class PauseChange:
    """An agent was paused at that moment; reason None: is not paused from then on."""

    agent: str
    at: datetime
    reason: str | None


async def save_pause(database: Database, change: PauseChange) -> None:
    """End the agent's open pause, if there is one, and begin the new one; safe to do again."""
    async with database.transaction() as session:
        if change.reason is None:
            await session.execute("end_pauses", change.agent, change.at)
            return
        await session.execute("end_earlier_pauses", change.agent, change.at)
        await session.execute("begin_pause", change.agent, change.at, change.reason)
