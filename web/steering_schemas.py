"""What goes over the wire of steering: pace and priority of campaigns, moves, health of lines."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from calls.campaign import Mode
from web.schemas import Count


class CampaignWish(Struct, frozen=True, forbid_unknown_fields=True):
    """New values; what is left out stays. ratio: lines for each free agent in mode power."""

    mode: Mode | None = None
    ratio: Annotated[float, Meta(ge=1, le=10)] | None = None
    max_lines: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    priority: Annotated[int, Meta(ge=-1000, le=1000)] | None = None


class Move(Struct, frozen=True, forbid_unknown_fields=True):
    """To which queue an agent goes."""

    queue: Annotated[str, Meta(pattern="^[A-Za-z0-9_.-]{1,79}$")]


class QueueList(Struct, frozen=True):
    """The queues of the organisation's campaigns, the running ones first."""

    queues: list[str]


class CallerIdHealth(Struct, frozen=True):
    """A caller ID today and in the week before.

    is_bad: so many fewer people answer today that it may be blocked or marked as spam.
    short_share, resting_until: of a pool's number; null for one that is in no pool, or rests not.
    """

    caller_id: str
    attempts: Count
    answered: Count
    attempts_before: Count
    answered_before: Count
    is_bad: bool
    short_share: float | None = None
    resting_until: datetime | None = None


class TrunkHealth(Struct, frozen=True):
    """A trunk today. failed: by our or its own fault; is_bad: too many of them."""

    trunk: str
    calls: Count
    failed: Count
    is_bad: bool


class LineHealth(Struct, frozen=True):
    """How the lines do today."""

    caller_ids: list[CallerIdHealth]
    trunks: list[TrunkHealth]
