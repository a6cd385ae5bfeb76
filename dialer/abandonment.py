"""Abandoned calls by the law's definition and over the law's window.

A call is abandoned when a person answered and no agent was there within the law's seconds (two)
of the answer; the denominator is every call answered by a person (16 CFR 310.4(b)(4)(i), 47 CFR
64.1200(a)(7)). Windows begin at moments that `window_starts` gives. What Postgres holds is counted
there; what the floor knows and the records do not hold yet is added, each call once.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from calls.abandonment import AbandonmentCount
from calls.call_state import CallState
from calls.ids import CallId, CampaignName
from calls.live import CallChanged, Change, LiveCall
from dialer.calling_profiles import AbandonmentWindow

PERIOD = timedelta(days=30)
DAY = timedelta(hours=24)


def window_starts(
    window: AbandonmentWindow, campaign_began_at: datetime | None, now: datetime
) -> list[datetime]:
    """Return when each of the law's windows that hold now began; the worst of them counts.

    campaign_began_at: its first call, None if there was none.
    """
    if window is AbandonmentWindow.ROLLING_24_HOURS:
        return [now - DAY]
    began = campaign_began_at or now
    if now - began < PERIOD:
        return [began]
    return [now - PERIOD, began + ((now - began) // PERIOD) * PERIOD]


def worst_of(counts: Iterable[AbandonmentCount], max_abandonment: float) -> AbandonmentCount:
    """Return the window that leaves the least room."""
    return min(counts, key=lambda c: c.budget(max_abandonment), default=AbandonmentCount())


def judge_call(call: LiveCall, connect_seconds: float, now: datetime) -> AbandonmentCount:
    """Count one call that the floor knows; nothing while it is open whether an agent comes."""
    is_person = call.answered_at is not None and call.amd != "machine" and not call.forwarded
    if call.answered_at is None or not (is_person or call.abandoned):
        return AbandonmentCount()
    limit = call.answered_at + timedelta(seconds=connect_seconds)
    if call.connected_at is not None and not call.abandoned:
        return AbandonmentCount(1, int(call.connected_at > limit))
    has_ended = call.state is CallState.ENDED
    if call.abandoned or has_ended or now > limit:
        return AbandonmentCount(1, 1)
    return AbandonmentCount()


class UnrecordedCalls:
    """Answered calls that the floor saw end and that the records do not hold yet."""

    def __init__(self) -> None:
        self._ended: dict[CallId, LiveCall] = {}

    def on_change(self, change: Change) -> None:
        """Keep an answered call of a campaign when it ends."""
        if not isinstance(change, CallChanged) or change.call.state is not CallState.ENDED:
            return
        if change.call.campaign is not None and change.call.answered_at is not None:
            self._ended[change.call.call] = change.call

    def of(self, campaign: CampaignName) -> list[LiveCall]:
        """Return those of one campaign."""
        return [call for call in self._ended.values() if call.campaign == campaign]

    def forget(self, recorded: Iterable[CallId]) -> None:
        """The records hold these now."""
        for call in recorded:
            self._ended.pop(call, None)


def count_live(
    calls: Iterable[LiveCall], starts: Sequence[datetime], connect_seconds: float, now: datetime
) -> list[AbandonmentCount]:
    """Count calls of the floor for each window."""
    counts = [AbandonmentCount() for _ in starts]
    for call in calls:
        judged = judge_call(call, connect_seconds, now)
        for index, start in enumerate(starts):
            if call.answered_at is not None and call.answered_at >= start:
                counts[index] += judged
    return counts
