"""Each recorded call shape makes the record that its play makes true, from either source of rows.

`tests/traces/shapes/NAME/VERSION.record.txt` is the whole record beside its rows; `shapes.toml`
says by hand what must be in it. Write the tables anew by
`python -m tests.replay.test_shape_records`, and read the diff.
"""

import random

from calls.call_state import CallState
from cdr_ingest.correlate import correlate
from cdr_ingest.interpret import CallRecord, HangupBy
from tests.replay.record_text import record_table
from tests.replay.shape_takes import (
    NAMES,
    ROOT,
    VERSIONS,
    cel_of,
    expectations,
    facts_of,
    play,
    records_of,
)
from tests.replay.test_shapes import customers_call, each_take, is_near

# The floor hears of a fact when Asterisk tells it, CEL is stamped when it happens.
AGREED_SECONDS = 0.05


def the_record(name: str, version: str) -> CallRecord:
    """The one record of a play."""
    (record,) = records_of(name, version)
    return record


@each_take
def test_the_record_is_that_of_the_table(name: str, version: str) -> None:
    written = (ROOT / name / f"{version}.record.txt").read_text(encoding="utf-8")
    assert record_table(records_of(name, version)) == written


@each_take
def test_the_record_tells_what_was_played(name: str, version: str) -> None:
    expected, record = expectations()[name], the_record(name, version)

    assert record.network_result == expected.result
    assert record.direction == expected.direction
    assert record.hangup_by == (HangupBy(expected.by) if expected.by else None)
    assert record.hangup_cause == expected.cause_on(version)
    assert record.is_abandoned == expected.abandoned
    assert (record.amd_result or "") == expected.amd
    assert tuple(turn.kind for turn in record.turns) == expected.turns


@each_take
def test_talk_hold_and_wait_are_those_of_the_play(name: str, version: str) -> None:
    expected, record = expectations()[name], the_record(name, version)

    assert [part.agent for part in record.agents] == list(expected.agents)
    for part, seconds in zip(record.agents, expected.agents.values(), strict=True):
        assert is_near(part.talk, seconds, expected.slack), part
    assert is_near(record.hold, expected.hold, expected.slack)
    if expected.wait is not None:
        assert record.wait is not None
        assert is_near(record.wait, expected.wait, expected.slack)


@each_take
def test_floor_and_record_agree(name: str, version: str) -> None:
    """Two sources, two programs, one call."""
    if name == "asterisk_killed":
        # The floor ends it when it hears of it, the record with the last thing Asterisk wrote.
        return
    record, call = the_record(name, version), customers_call(play(facts_of(name, version)))

    assert call.state is CallState.ENDED
    assert (call.answered_at is None) == (record.answered_at is None)
    assert abs((call.talk - record.talk).total_seconds()) < AGREED_SECONDS
    assert abs((call.hold - record.hold).total_seconds()) < AGREED_SECONDS
    assert call.cause == record.hangup_cause


@each_take
def test_table_and_ledger_tell_the_same(name: str, version: str) -> None:
    ledger, table = (cel_of(name, version, source) for source in ("cel", "cel_table"))
    assert sorted(map(repr, ledger)) == sorted(map(repr, table))


@each_take
def test_order_and_repetition_of_rows_change_nothing(name: str, version: str) -> None:
    rows = cel_of(name, version, "cel")
    shuffled = [*rows, *rows]
    random.Random(name).shuffle(shuffled)
    assert correlate(shuffled) == correlate(rows)


def test_there_are_at_least_forty_recorded_scenarios() -> None:
    assert len(NAMES) * len(VERSIONS) >= 40


def write_tables() -> None:
    """Write every table anew."""
    for name in NAMES:
        for version in VERSIONS:
            text = record_table(records_of(name, version))
            (ROOT / name / f"{version}.record.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write_tables()
