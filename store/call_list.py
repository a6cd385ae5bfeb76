"""The outbound list: each call with all that is known of it, by filter, page by page."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from store.database import Database, Row
from store.pictures import PictureWish, wish_arguments

_TICK = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class CallFilter:
    """Which of the wished calls; None: all. weekday: 1 = Monday, of the wish's zone.

    region: as it was recorded, empty: not known. number_end: digits by which the number ends.
    """

    weekday: int | None = None
    hour: int | None = None
    effective: bool | None = None
    region: str | None = None
    list_name: str | None = None
    network_result: str | None = None
    number_end: str | None = None


@dataclass(frozen=True, slots=True)
class CallKey:
    """The place of a call in the list: newest first, then by id."""

    dialled_at: datetime
    call_id: str


@dataclass(frozen=True, slots=True)
class CallLine:
    """One call as the outbound list shows it. list: the call list that its lead came with.

    province: the lead's region when the call was first recorded. recording: whether a file is kept.
    tries: which try of its lead this call was; 0: it was none of ours.
    """

    call_id: str
    dialled_at: datetime
    campaign: str | None
    list: str | None
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
    tries: int

    @property
    def key(self) -> CallKey:
        """Return the place after which the next page begins."""
        return CallKey(self.dialled_at, self.call_id)


class CallListStore:
    """The list's queries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self, wish: PictureWish, chosen: CallFilter, limit: int, after: CallKey | None = None
    ) -> "list[CallLine]":
        """Return the next calls after that place, newest first; from the beginning without one."""
        place: tuple[datetime | None, str | None] = (None, None)
        if after is not None:
            place = (after.dialled_at, after.call_id)
            # As a bound of the days it lets the index begin there: a late page costs what the
            # first one does. In the condition on the place alone it would not.
            wish = replace(wish, before=min(wish.before, after.dialled_at + _TICK))
        rows = await self._database.fetch(
            "call_list_page", *wish_arguments(wish), *_arguments(chosen), *place, limit
        )
        return [_line(row) for row in rows]

    async def count(self, wish: PictureWish, chosen: CallFilter) -> int:
        """Return how many calls there are in all pages."""
        return int(
            await self._database.fetch_value(
                "call_list_count", *wish_arguments(wish), *_arguments(chosen)
            )
        )


def _line(row: Row) -> CallLine:
    ring, talk = row["ring_seconds"], row["talk_seconds"]
    seconds = {"ring_seconds": None if ring is None else float(ring), "talk_seconds": float(talk)}
    return CallLine(**{**dict(row), **seconds})


def _arguments(chosen: CallFilter) -> tuple[object, ...]:
    return (
        chosen.weekday,
        chosen.hour,
        chosen.effective,
        chosen.region,
        chosen.list_name,
        chosen.network_result,
        chosen.number_end,
    )
