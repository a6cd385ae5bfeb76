"""Reports as pictures: sums by hour, talk and campaign, and the calls behind them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from store.database import Database, Row


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


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call as the outbound list shows it.

    province: the lead's region when the call was first recorded. recording: whether a file is kept.
    """

    call_id: str
    dialled_at: datetime
    campaign: str | None
    agent: str | None
    agent_name: str | None
    company: str | None
    contact: str | None
    number: str
    province: str | None
    direction: str
    network_result: str
    agent_disposition: str | None
    note: str
    ring_seconds: float | None
    talk_seconds: float
    valid: bool
    effective: bool
    hangup_by: str | None
    recording: bool


class PictureStore:
    """The pictures' queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def hours(self, wish: PictureWish) -> list[HourCell]:
        """Return the cells that had calls."""
        rows = await self._database.fetch("picture_hours", *_arguments(wish))
        return [HourCell(**dict(row)) for row in rows]

    async def talks(self, wish: PictureWish) -> list[TalkBin]:
        """Return the bins that had calls."""
        rows = await self._database.fetch("picture_talks", *_arguments(wish))
        return [TalkBin(**dict(row)) for row in rows]

    async def campaigns(self, wish: PictureWish) -> list[CampaignSum]:
        """Return the sums by campaign."""
        rows = await self._database.fetch("picture_campaigns", *_arguments(wish))
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
        rows = await self._database.fetch("picture_regions", *_arguments(wish))
        return [RegionSum(**{**dict(r), "talk_seconds": float(r["talk_seconds"])}) for r in rows]

    async def calls(
        self,
        wish: PictureWish,
        limit: int,
        weekday: int | None = None,
        hour: int | None = None,
        effective: bool | None = None,
        region: str | None = None,
    ) -> list[CallLine]:
        """Return the calls behind a picture, newest first."""
        rows = await self._database.fetch(
            "picture_calls", *_arguments(wish), weekday, hour, effective, limit, region
        )
        return [_line(row) for row in rows]


def _line(row: Row) -> CallLine:
    ring, talk = row["ring_seconds"], row["talk_seconds"]
    seconds = {"ring_seconds": None if ring is None else float(ring), "talk_seconds": float(talk)}
    return CallLine(**{**dict(row), **seconds})


def _arguments(wish: PictureWish) -> tuple[object, ...]:
    return (
        wish.since,
        wish.before,
        wish.zone,
        list(wish.campaigns),
        wish.sees_no_campaign,
        wish.campaign,
        wish.agent,
    )
