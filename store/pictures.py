"""Reports as pictures: sums by hour, talk, campaign and region."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Database


@dataclass(frozen=True, slots=True)
class PictureWish:
    """Which calls. since is included, before is not. campaigns: those that may be seen.

    sees_no_campaign: whether calls without a campaign may be seen. zone: IANA name.
    """

    since: datetime
    before: datetime
    zone: str
    campaigns: Sequence[str]
    sees_no_campaign: bool
    campaign: str | None = None
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class HourCell:
    """One hour of one weekday, 1 = Monday."""

    weekday: int
    hour: int
    attempts: int
    answered: int
    effective: int


@dataclass(frozen=True, slots=True)
class TalkBin:
    """Calls that talked from so many seconds on, 15 s wide; the last one is open."""

    from_seconds: int
    calls: int


@dataclass(frozen=True, slots=True)
class CampaignSum:
    """One campaign's sums. effective_from: seconds of talk from which its calls are effective."""

    campaign: str | None
    attempts: int
    answered: int
    valid: int
    effective: int
    talk_seconds: float
    effective_from: float


@dataclass(frozen=True, slots=True)
class RegionSum:
    """One region's sums; empty: the lead's region is not known."""

    region: str
    attempts: int
    answered: int
    effective: int
    talk_seconds: float


class PictureStore:
    """The pictures' queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hours(self, wish: PictureWish) -> list[HourCell]:
        """Return the cells that had calls."""
        rows = await self._database.fetch("picture_hours", *wish_arguments(wish))
        return [HourCell(**dict(row)) for row in rows]

    async def talks(self, wish: PictureWish) -> list[TalkBin]:
        """Return the bins that had calls."""
        rows = await self._database.fetch("picture_talks", *wish_arguments(wish))
        return [TalkBin(**dict(row)) for row in rows]

    async def campaigns(self, wish: PictureWish) -> list[CampaignSum]:
        """Return the sums by campaign."""
        rows = await self._database.fetch("picture_campaigns", *wish_arguments(wish))
        return [
            CampaignSum(
                **{
                    **dict(row),
                    "talk_seconds": float(row["talk_seconds"]),
                    "effective_from": float(row["effective_from"]),
                }
            )
            for row in rows
        ]

    async def regions(self, wish: PictureWish) -> list[RegionSum]:
        """Return the sums by region, the one with the most attempts first."""
        rows = await self._database.fetch("picture_regions", *wish_arguments(wish))
        return [RegionSum(**{**dict(r), "talk_seconds": float(r["talk_seconds"])}) for r in rows]


def wish_arguments(wish: PictureWish) -> tuple[object, ...]:
    """Return $1 to $7 of every query about a wish."""
    return (
        wish.since,
        wish.before,
        wish.zone,
        list(wish.campaigns),
        wish.sees_no_campaign,
        wish.campaign,
        wish.agent,
    )
