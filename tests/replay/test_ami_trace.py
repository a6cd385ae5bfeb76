"""Traces of a real Asterisk, replayed: live and replay are one path, from any point on.

Each trace holds: an agent signs in, talks with a customer until we hang up; the customer's
Originate given a second time while it lives; a call that is answered, one busy, one not answered.
"""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from ami_bridge.framing import Frame
from ami_bridge.trace import TraceRecorder, read_trace, replay
from calls import facts as f
from calls.call_state import CallState
from calls.floor import Floor

TRACES = sorted((Path(__file__).parent / "traces").glob("ami_*.jsonl"))
each_trace = pytest.mark.parametrize("path", TRACES, ids=[path.stem for path in TRACES])


def names_of(facts: list[f.Fact], of: str) -> list[str]:
    """The kinds of fact about one channel or attempt, in order."""
    about = (getattr(fact, "channel", getattr(fact, "attempt", "")) for fact in facts)
    return [
        type(fact).__name__
        for fact, name in zip(facts, about, strict=True)
        if str(name).startswith(of)
    ]


@each_trace
def test_the_talk_is_told_from_dialling_to_hangup(path: Path) -> None:
    told = names_of(list(replay(path)), "attempt-a-")

    # Asterisk's threads race here: the Originate's outcome comes before or after the answer.
    assert set(told[2:4]) == {"ChannelAnswered", "OriginateResolved"}
    assert told[:2] + told[4:] == [
        "ChannelStarted",
        "ChannelRang",
        "AgentOffered",
        "AgentConnected",
        "BridgeEntered",
        "OriginateResolved",  # the second Originate under the same id: refused
        "BridgeLeft",
        "AgentCompleted",
        "ChannelEnded",
    ]


@each_trace
def test_every_event_of_a_real_asterisk_is_understood(path: Path) -> None:
    with capture_logs() as logs:
        facts = list(replay(path))

    assert logs == []
    assert len(facts) == 32  # all 33 but FullyBooted
    assert all(fact.at.tzinfo is UTC for fact in facts)
    busy = [fact for fact in facts if isinstance(fact, f.ChannelEnded) and fact.cause == 17]
    assert [fact.channel[:2] for fact in busy] == ["c-"]


@each_trace
def test_a_second_originate_under_one_id_does_not_end_the_call(path: Path) -> None:
    floor = Floor()
    for fact in replay(path):
        floor.apply(fact)
        call = next((c for c in floor.calls if c.call.startswith("attempt-a-")), None)
        if isinstance(fact, f.OriginateResolved) and not fact.succeeded and call is not None:
            assert call.state is CallState.TALKING


@each_trace
def test_replay_from_any_point_on_never_fails(path: Path) -> None:
    """What a link that comes up in the middle of things hears."""
    facts = list(replay(path))
    for start in range(len(facts)):
        floor = Floor()
        for fact in facts[start:]:
            floor.apply(fact)
        assert floor.calls == ()


@each_trace
def test_every_fact_twice_is_every_fact_once(path: Path) -> None:
    once, twice = Floor(), Floor()
    for fact in replay(path):
        once.apply(fact)
        twice.apply(fact)
        twice.apply(fact)
        assert (once.calls, once.agents) == (twice.calls, twice.agents)


def test_what_was_recorded_is_read_back(tmp_path: Path) -> None:
    at = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    frames = [Frame(f"Event: Hangup\r\nName: Мüller {n}".encode(), "Hangup") for n in range(3)]
    with closing(TraceRecorder(tmp_path / "trace.jsonl")) as recorder:
        for frame in frames:
            recorder(at, frame)

    read = list(read_trace(tmp_path / "trace.jsonl"))
    assert [(when, frame.name, frame.text) for when, frame in read] == [
        (at, "Hangup", frame.text) for frame in frames
    ]


def test_an_event_that_cannot_be_understood_is_left_out_and_logged(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    with closing(TraceRecorder(path)) as recorder:
        recorder(datetime(2026, 11, 22, tzinfo=UTC), Frame(b"Event: Hangup\r\nCause: 16", "Hangup"))

    with capture_logs() as logs:
        assert list(replay(path)) == []
    assert [entry["problem"] for entry in logs] == ["Hangup: header Channel is missing"]


def test_a_full_disk_stops_the_trace_not_the_link() -> None:
    recorder = TraceRecorder(Path("/dev/full"))
    with capture_logs() as logs:
        for _ in range(2000):  # more than the file's buffer
            recorder(datetime(2026, 11, 22, tzinfo=UTC), Frame(b"Event: Hangup", "Hangup"))

    assert [entry["event"] for entry in logs] == ["trace.stopped"]
