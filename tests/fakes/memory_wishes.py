"""What the people want, in memory; tests/contract proves it against Postgres."""

from dataclasses import dataclass, field

from calls.campaign import Campaign
from store.campaigns import Seat


@dataclass
class MemoryWishes:
    """Fits `dialer.ports.Wishes`."""

    wanted: list[Campaign] = field(default_factory=list)
    seated: list[Seat] = field(default_factory=list)

    async def campaigns(self) -> list[Campaign]:
        return sorted(self.wanted, key=lambda campaign: campaign.name)

    async def seats(self) -> list[Seat]:
        return sorted(self.seated, key=lambda seat: seat.agent)
