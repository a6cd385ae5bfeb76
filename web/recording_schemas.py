"""What goes over the wire of recordings and of the reports by one dimension."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from web.picture_schemas import CampaignNamed
from web.schemas import Count


class RecordingView(Struct, frozen=True):
    """One call's recording. state: kept (it can be played), purged by rule, or missing.

    seconds, silence of both sides (in all, and at a stretch): null where not known.
    sha256: in hexadecimal, as it was linked.
    """

    call_id: str
    state: Literal["kept", "purged", "missing"]
    size_bytes: Count
    seconds: float | None
    silent_seconds: float | None
    longest_silence_seconds: float | None
    sha256: str
    recorded_at: datetime
    purged_at: datetime | None


class ReportByQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which days (both included), one campaign, one key day by day, late calls, and what form."""

    since: date | None = None
    until: date | None = None
    campaign: CampaignNamed | None = None
    key: Annotated[str, Meta(min_length=1, max_length=120)] | None = None
    adjusted: bool = False
    format: Literal["json", "csv", "xlsx"] = "json"
