"""Each recorded call shape: its facts and its floor are what the play makes true.

`shapes.toml` says by hand what must be true of each play; `shapes/NAME.txt` shows every fact with
what it changed. Write the tables anew by `python -m tests.replay.test_shapes`, and read the diff.
"""

from datetime import timedelta

import pytest

from ami_bridge.trace import read_entries, replay_entries
from calls.floor import Floor
from calls.live import LiveCall
from tests.replay.shape_takes import (
    NAMES,
    TABLES,
    VERSIONS,
    Seen,
    began,
    expectations,
    facts_of,
    play,
    trace_of,
)
from tests.replay.shape_text import timeline, verdict

each_take = pytest.mark.parametrize(
    ("name", "version"), [(name, version) for name in NAMES for version in VERSIONS]
)
# A play's sleeps are not exact, and Asterisk's threads take their time to follow.
EARLY = 0.15
SAMPLED = 5


def is_near(measured: timedelta, planned: float, slack: float) -> bool:
    return planned - EARLY <= measured.total_seconds() <= planned + slack


def table(name: str) -> str:
    """The table of a shape, both versions."""
    sections = []
    for version in VERSIONS:
        facts = facts_of(name, version)
        seen = play(facts)
        lines = timeline(facts, seen, began(facts))
        sections.append(f"== Asterisk {version}\n{lines}\n{verdict(seen)}\n")
    return "\n".join(sections)


def test_every_shape_was_recorded_on_both_and_has_its_expectation() -> None:
    assert set(NAMES) == set(expectations())
    assert len(NAMES) >= 25


@pytest.mark.parametrize("name", NAMES)
def test_facts_and_floor_are_those_of_the_table(name: str) -> None:
    assert table(name) == (TABLES / f"{name}.txt").read_text(encoding="utf-8")


def customers_call(seen: Seen) -> LiveCall:
    """The call that began first: the others are what agents do for it."""
    began_first = min(call.dialled_at or call.since for call in seen.ended)
    return next(c for c in seen.ended if (c.dialled_at or c.since) == began_first)


@each_take
def test_the_floor_tells_what_was_played(name: str, version: str) -> None:
    expected = expectations()[name]
    seen = play(facts_of(name, version))
    call = customers_call(seen)

    assert len(seen.ended) == 1 + expected.other_calls
    assert (call.answered_at is not None) == expected.is_answered
    if name != "asterisk_killed":  # the floor cannot know when Asterisk died
        assert is_near(call.talk, expected.talk, expected.slack * max(1, len(expected.agents)))
        assert is_near(call.hold, expected.hold, expected.slack)
    assert is_near(call.phone_hold, expected.phone_hold, max(expected.slack, 0.3))
    assert (call.amd or "") == expected.amd


@each_take
def test_the_floor_is_empty_in_the_end(name: str, version: str) -> None:
    floor = play(facts_of(name, version)).floor

    assert (floor.calls, floor.agents, floor.is_known) == ((), (), True)


@each_take
def test_replay_from_any_fact_on_never_fails_and_ends_true(name: str, version: str) -> None:
    """What a link hears that came up in the middle: nothing is left over in the end."""
    facts = facts_of(name, version)
    for start in range(len(facts)):
        floor = Floor()
        for fact in facts[start:]:
            floor.apply(fact)
        assert (floor.calls, floor.agents) == ((), ())


@each_take
def test_a_link_that_comes_up_between_two_events_never_fails(name: str, version: str) -> None:
    """A sample of the starts; `bin/bench replay` takes every event and every byte."""
    entries = list(read_entries(trace_of(name, version)))
    for start in range(0, len(entries), SAMPLED):
        floor = Floor()
        for fact in replay_entries(entries[start:]):
            floor.apply(fact)
        assert (floor.calls, floor.agents) == ((), ())


@each_take
def test_every_fact_twice_is_every_fact_once(name: str, version: str) -> None:
    once, twice = Floor(), Floor()
    for fact in facts_of(name, version):
        once.apply(fact)
        twice.apply(fact)
        twice.apply(fact)
        assert (once.calls, once.agents) == (twice.calls, twice.agents)


def write_tables() -> None:
    """Write every table anew."""
    TABLES.mkdir(exist_ok=True)
    for name in NAMES:
        (TABLES / f"{name}.txt").write_text(table(name), encoding="utf-8")


if __name__ == "__main__":
    write_tables()
