"""Abandonment by the law's definition, over the law's windows, each call counted once."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.abandonment import AbandonmentCount
from calls.call_state import CallState
from calls.campaign import Campaign
from calls.ids import CallId
from calls.live import CallChanged, LiveCall
from calls.pace_reason import PaceCode
from dialer.abandonment import UnrecordedCalls, judge_call, window_starts, worst_of
from dialer.calling_profiles import AbandonmentWindow, load_profiles
from dialer.live_floor import LiveFloor
from dialer.pace_desk import PaceDesk
from dialer.pace_journals import PaceJournals
from tests.fakes.clock import T0
from tests.fakes.dialer_world import CAMPAIGN

DAY = timedelta(days=1)
NOBODY, IN_TIME, LEFT = AbandonmentCount(), AbandonmentCount(1, 0), AbandonmentCount(1, 1)


def call(*, connected: float | None = None, ended: float | None = None, **more: Any) -> LiveCall:
    """A call answered at T0."""
    made = LiveCall(
        CallId("c"), CallState.WAITING, T0, "+861", campaign=CAMPAIGN.name, answered_at=T0
    )
    if connected is not None:
        made = made._replace(connected_at=T0 + timedelta(seconds=connected))
    if ended is not None:
        end = T0 + timedelta(seconds=ended)
        made = made._replace(state=CallState.ENDED, ended_at=end)
    return made._replace(**more)


@pytest.mark.parametrize(
    ("seen", "seconds", "counted"),
    [
        (call(), 1.9, NOBODY),
        (call(), 2.1, LEFT),
        (call(connected=2.0), 60, IN_TIME),
        (call(connected=2.1), 60, LEFT),
        (call(ended=0.5), 60, LEFT),
        (call(connected=1, ended=60), 60, IN_TIME),
        (call(amd="machine"), 60, NOBODY),
        (call(forwarded=True), 60, NOBODY),
        (call(abandoned=True, forwarded=True), 1, LEFT),
        (call(answered_at=None), 60, NOBODY),
    ],
)
def test_no_agent_within_two_seconds_of_a_persons_answer(
    seen: LiveCall, seconds: float, counted: AbandonmentCount
) -> None:
    assert judge_call(seen, 2.0, T0 + timedelta(seconds=seconds)) == counted


@pytest.mark.parametrize(
    ("age_days", "starts_days"), [(0, [0]), (29, [29]), (30, [30, 0]), (100, [30, 10])]
)
def test_the_us_window_is_the_campaign_then_successive_and_rolling_30_days(
    age_days: int, starts_days: list[int]
) -> None:
    starts = window_starts(AbandonmentWindow.CAMPAIGN_30_DAYS, T0 - age_days * DAY, T0)

    assert starts == [T0 - days * DAY for days in starts_days]


def test_the_uk_window_is_24_hours() -> None:
    assert window_starts(AbandonmentWindow.ROLLING_24_HOURS, None, T0) == [T0 - DAY]


counts = st.builds(AbandonmentCount, st.integers(0, 9999), st.integers(0, 99))


@given(st.lists(counts, min_size=1, max_size=4))
def test_the_worst_window_counts(windows: list[AbandonmentCount]) -> None:
    worst = worst_of(windows, 0.03)

    assert worst.budget(0.03) == min(window.budget(0.03) for window in windows)


@dataclass
class MemoryAbandonments:
    """The records: answered calls by id."""

    calls: dict[CallId, AbandonmentCount] = field(default_factory=dict)

    async def began_at(self, campaign: Campaign) -> datetime | None:
        return T0 - DAY

    async def recorded(self, calls: Collection[CallId]) -> frozenset[CallId]:
        return frozenset(self.calls.keys() & set(calls))

    async def count(
        self,
        campaign: Campaign,
        starts: Sequence[datetime],
        without: Collection[CallId],
        connect_seconds: float,
    ) -> list[AbandonmentCount]:
        kept = [count for one, count in self.calls.items() if one not in without]
        return [sum(kept, AbandonmentCount()) for _ in starts]


POWER = replace(CAMPAIGN, mode="power", ratio=2.0)
PACK = load_profiles()["us-1"]


async def test_each_call_is_counted_once_while_it_moves_from_the_floor_to_the_records() -> None:
    records = MemoryAbandonments({CallId("old"): IN_TIME})
    desk = PaceDesk(LiveFloor(), records, PaceJournals(None))
    ended = call(ended=3.0)

    async def counted(seconds: float) -> AbandonmentCount | None:
        now = T0 + timedelta(seconds=seconds)
        await desk.read_abandonment(POWER, PACK, now)
        return desk._counted(POWER, PACK, 0.03, now)

    assert await counted(0) == AbandonmentCount(1, 0)
    desk._on_change(CallChanged(ended))
    assert await counted(3) == AbandonmentCount(2, 1), "not in the records yet"
    records.calls[CallId("c")] = LEFT
    assert await counted(4) == AbandonmentCount(2, 1), "in the records, not read again"
    assert await counted(9) == AbandonmentCount(2, 1), "read again"
    assert await counted(20) == AbandonmentCount(2, 1)


def test_calls_that_nobody_answered_are_not_kept() -> None:
    unrecorded = UnrecordedCalls()
    unrecorded.on_change(CallChanged(call(ended=1, answered_at=None)))

    assert unrecorded.of(CAMPAIGN.name) == []


async def test_a_fixed_ratio_falls_back_to_one_line_an_agent_over_the_cap() -> None:
    records = MemoryAbandonments({CallId(str(n)): IN_TIME for n in range(40)})
    desk = PaceDesk(LiveFloor(), records, PaceJournals(None))

    async def lines(now: datetime) -> tuple[int, PaceCode]:
        await desk.read_abandonment(POWER, PACK, now)
        pace = desk.decide(POWER, PACK, 3, now)
        return pace.lines, pace.reason.code

    assert await lines(T0) == (6, PaceCode.DIALLING)
    records.calls |= {CallId(f"left-{n}"): LEFT for n in range(2)}
    assert await lines(T0 + timedelta(minutes=1)) == (3, PaceCode.DIALLING)


@pytest.mark.parametrize("mode", ["power", "predictive"])
def test_without_the_records_nothing_is_dialled_ahead(mode: str) -> None:
    desk = PaceDesk(LiveFloor(), None, PaceJournals(None))

    pace = desk.decide(replace(CAMPAIGN, mode=mode, ratio=2.0), PACK, 3, T0)

    assert (pace.lines, pace.reason.code) == (0, PaceCode.RECORDS_AWAY)
