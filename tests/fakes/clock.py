"""Time that the test owns."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

T0 = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@dataclass
class ManualClock:
    """Time that moves only when the test says so; sleeping moves it and gives way once."""

    time: datetime = T0

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.time += timedelta(seconds=seconds)
        await asyncio.sleep(0)
