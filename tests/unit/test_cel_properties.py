"""Whatever order, repetition or gap: no error, the same record, and sums that hold."""

import random
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calls.effective_call import DEFAULT_RULE, Totals, assess
from calls.ids import BridgeId, CallId, ChannelId
from calls.outcomes import OUTCOMES
from cdr_ingest.correlate import correlate
from cdr_ingest.cursor import RowCursor
from cdr_ingest.interpret import CallRecord, interpret
from cdr_ingest.intervals import Span, intersection, length, union
from cdr_ingest.rows import CelEvent, CelExtra, CelRow
from tests.fakes import asterisk_wrote as scenarios
from tests.fakes.cel_table import at, cel_rows

TABLES = sorted(
    name for name, text in vars(scenarios).items() if isinstance(text, str) and "LINKEDID" in text
)
ROWS = {name: cel_rows(getattr(scenarios, name)) for name in TABLES}
# Scenarios that share no id, thrown into one heap.
HEAP = [row for name in TABLES if name not in ("FORWARDED", "TRANSFER") for row in ROWS[name]]


def _records(rows: list[CelRow]) -> list[CallRecord]:
    return [record for group in correlate(rows) for record in interpret(group, {})]


RECORDS = _records(HEAP)


@given(st.randoms(use_true_random=False), st.integers(0, 3))
@settings(max_examples=60, deadline=None)
def test_any_order_and_repetition_gives_the_same_records(rng: random.Random, copies: int) -> None:
    shuffled = HEAP + rng.choices(HEAP, k=copies * len(HEAP) // 2)
    rng.shuffle(shuffled)
    assert _records(shuffled) == RECORDS


@given(st.sampled_from(TABLES), st.randoms(use_true_random=False), st.floats(0, 1))
@settings(max_examples=300, deadline=None)
def test_gaps_never_raise_and_never_add_talk(name: str, rng: random.Random, kept: float) -> None:
    rows = [row for row in ROWS[name] if rng.random() < kept]
    for group in correlate(rows):
        for record in interpret(group, {}, cut_at=at("1795390900.0")):
            assert record.talk >= timedelta(0)
            assert record.dialled_at <= record.ended_at
            assert record.wait is None or record.wait >= timedelta(0)


_IDS = [
    "a",
    "b",
    "c",
    "762ac921-9c99-4442-8060-1acfd7b55e19",
    "00000000-9c99-4442-8060-1acfd7b55e19",
]
_NAMES = ["PJSIP/carrier-1", "PJSIP/agent-1001-1", "PJSIP/agent-1002-1", "Local/x@y-1;1", "", "odd"]
# Made once: reading the text of each moment took longer than what is tried here.
_MOMENTS = [at(f"1795390600.{n:06}") for n in range(31)]
any_row = st.builds(
    CelRow,
    event=st.sampled_from(CelEvent),
    at=st.sampled_from(_MOMENTS),
    channel=st.sampled_from([ChannelId(name) for name in _IDS]),
    linkedid=st.sampled_from([CallId(name) for name in _IDS]),
    channel_name=st.sampled_from(_NAMES),
    mark=st.sampled_from(["", "CALLFLOOR_AMD", "CALLFLOOR_ABANDONED"]),
    extra=st.builds(
        CelExtra,
        bridge_id=st.sampled_from([None, BridgeId("x"), BridgeId("y")]),
        hangup_cause=st.sampled_from([None, 0, 16, 17]),
        hangup_source=st.sampled_from(_NAMES),
        text=st.sampled_from(["", "MACHINE|x", "HUMAN", "HANGUP"]),
    ),
)


@pytest.mark.slow
@given(st.lists(any_row, max_size=25), st.booleans(), st.randoms(use_true_random=False))
@settings(max_examples=500, deadline=None)
def test_any_rows_make_records_that_hold(
    rows: list[CelRow], is_cut: bool, rng: random.Random
) -> None:
    cut_at = at("1795390601.0") if is_cut else None
    groups = correlate(rows)
    # Each row is in exactly one group, and groups share no id.
    assert sum(len(group.rows) for group in groups) == len({row.identity for row in rows})
    for one in groups:
        assert all(one is other or not one.ids & other.ids for other in groups)
    shuffled = rng.sample(rows, len(rows))
    again = correlate(shuffled)
    totals = Totals()
    for group, same in zip(groups, again, strict=True):
        records = interpret(group, {}, cut_at=cut_at)
        assert records == interpret(same, {}, cut_at=cut_at)
        for record in records:
            assert sum((part.talk for part in record.agents), timedelta(0)) == record.talk
            assert record.talk <= record.ended_at - record.dialled_at + timedelta(seconds=1)
            assert record.is_answered or not record.agents
            judged = assess(answered=record.is_answered, talk=record.talk, rule=DEFAULT_RULE)
            if OUTCOMES[record.network_result].is_attempt:
                totals = totals.add(judged, record.talk)
    assert totals.effective <= totals.valid <= totals.answered <= totals.attempts


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=8), st.data())
def test_spans_count_no_moment_twice(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    base = at("1795390600.0")
    spans = [
        Span(base + timedelta(seconds=min(pair)), base + timedelta(seconds=max(pair)))
        for pair in pairs
    ]
    seconds = {n for pair in pairs for n in range(min(pair), max(pair))}
    assert length(spans) == timedelta(seconds=len(seconds))
    assert union(data.draw(st.permutations(spans))) == union(spans)
    assert length(intersection(spans, spans)) == length(spans)


def test_grouping_is_transitive() -> None:
    def row(channel: str, linkedid: str) -> CelRow:
        return CelRow(CelEvent.CHAN_START, at("1.0"), ChannelId(channel), CallId(linkedid), "")

    # Channel C shares a linkedid with A and another with B.
    (group,) = correlate([row("A", "1"), row("B", "2"), row("C", "1"), row("C", "2")])
    assert group.ids == {"A", "B", "C", "1", "2"}


@pytest.mark.parametrize("name", TABLES)
def test_a_group_is_complete_only_with_the_end_of_every_linkedid(name: str) -> None:
    (group,) = correlate(ROWS[name])
    assert group.is_complete
    (open_group,) = correlate([r for r in ROWS[name] if r.event is not CelEvent.LINKEDID_END])
    assert not open_group.is_complete


@given(st.lists(st.integers(1, 60), unique=True, min_size=1), st.integers(1, 6))
def test_the_cursor_loses_no_row_however_late(visible: list[int], batch: int) -> None:
    """Rows become visible in any order; in the end all were read once and the position is right."""
    lifetime = timedelta(seconds=60)
    cursor, now = RowCursor(0, gap_lifetime=lifetime), at("100.0")
    read: list[int] = []
    for start in range(0, len(visible), batch):
        there = set(visible[: start + batch])
        late = [i for i in sorted(there) if any(low <= i <= high for low, high in cursor.gaps)]
        new = [i for i in sorted(there) if i > cursor.highest]
        cursor.read(late + new, now)
        read += late + new
        assert set(range(1, cursor.position + 1)) <= there
    assert sorted(read) == sorted(visible)
    cursor.forget_old_gaps(now + lifetime)
    assert cursor.position == max(visible)
