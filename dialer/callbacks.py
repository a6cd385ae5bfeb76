"""What becomes of a promise to call again. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from calls.campaign import Campaign, CampaignStatus, Mode
from calls.ids import AgentId
from calls.live import LiveAgent
from calls.preview import DueCallback
from config.timeouts import CALLBACK_MISSED_SECONDS
from dialer.asking import is_free


class Call(StrEnum):
    """How a due promise is kept."""

    WAIT = "wait"
    SHOW = "show"  #: the agent sees the lead first
    DIAL = "dial"


def is_missed(callback: DueCallback, now: datetime) -> bool:
    """Whether the promise is broken and nobody has been told."""
    is_late = now >= callback.due_at + timedelta(seconds=CALLBACK_MISSED_SECONDS)
    return is_late and not callback.is_missed


def how_to_keep(callback: DueCallback, campaign: Campaign | None, now: datetime) -> Call:
    """Say how the promise is kept now; in mode manual the agent does it."""
    is_on = campaign is not None and campaign.status is CampaignStatus.RUNNING
    if campaign is None or not is_on or now < callback.due_at or campaign.mode == Mode.MANUAL:
        return Call.WAIT
    return Call.SHOW if campaign.mode == Mode.PREVIEW else Call.DIAL


def caller_for(
    callback: DueCallback, campaign: Campaign, seats: Iterable[LiveAgent], taken: set[AgentId]
) -> LiveAgent | None:
    """Return the free agent who is to call: the promised one, else who has waited longest."""
    able = [
        seat
        for seat in seats
        if seat.agent not in taken
        and campaign.queue in seat.queues
        and is_free(seat)
        and callback.agent in (None, seat.agent)
    ]
    return min(able, key=lambda seat: (seat.since, seat.agent), default=None)


def reserved(callbacks: Iterable[DueCallback], campaigns: Iterable[Campaign]) -> set[AgentId]:
    """Return the agents whose promise is near or due: nothing else may come in between.

    One that was missed holds nobody any more, and in mode manual the agent keeps the time.
    """
    kept = {
        campaign.name
        for campaign in campaigns
        if campaign.status is CampaignStatus.RUNNING and campaign.mode != Mode.MANUAL
    }
    return {
        callback.agent
        for callback in callbacks
        if callback.agent is not None and not callback.is_missed and callback.campaign in kept
    }
