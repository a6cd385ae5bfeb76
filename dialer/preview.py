"""What becomes of a lead that an agent looks at. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

from calls.campaign import Campaign, CampaignStatus, Mode, PreviewEnd
from calls.live import LiveAgent
from calls.preview import Preview
from config.timeouts import PREVIEW_LATE_SECONDS
from dialer.asking import is_free

MISSED_PREVIEW = "missed preview"
"""Pause reason of an agent who let a lead's time pass."""


class Fate(StrEnum):
    """What to do with a preview now."""

    KEEP = "keep"
    DIAL = "dial"
    RETURN = "return"  #: nobody can look at it any more
    MISSED = "missed"  #: its time is over and the agent did nothing: return it, pause the agent


def fate_of(
    preview: Preview, campaign: Campaign | None, seat: LiveAgent | None, now: datetime
) -> Fate:
    """Say what becomes of a preview; a lead is never kept for somebody who has gone."""
    is_on = campaign is not None and campaign.status is CampaignStatus.RUNNING
    if campaign is None or not is_on or campaign.mode != Mode.PREVIEW or not is_free(seat):
        return Fate.RETURN
    if now < preview.decide_by:
        return Fate.KEEP
    if now >= preview.decide_by + timedelta(seconds=PREVIEW_LATE_SECONDS):
        return Fate.RETURN
    return Fate.DIAL if campaign.preview_end is PreviewEnd.DIAL else Fate.MISSED
