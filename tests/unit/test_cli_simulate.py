"""`callfloor simulate`: what a supervisor is told, and what programs get."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app
from cli.simulate import Shape, Shift, Staffing
from dialer.simulation.world import SHAPES, SHIFTS, STAFFING

SHORT = ["simulate", "--agents", "4", "--hours", "0.1", "--days", "2", "--talk-seconds", "30"]


def test_a_supervisor_reads_what_to_expect_and_sees_a_bar(tmp_path: Path) -> None:
    picture = tmp_path / "day.svg"

    told = CliRunner().invoke(app, [*SHORT, "--picture", str(picture)])

    assert told.exit_code == 0, told.output
    assert "With 4 agents, Callfloor predictive, expect agents to be busy" in told.output
    assert "█" in told.output
    assert picture.read_text(encoding="utf-8").startswith("<svg")


def test_compare_adds_the_oracle_and_every_rival() -> None:
    told = CliRunner().invoke(app, [*SHORT, "--compare", "--format", "json"])

    rows = json.loads(told.stdout)
    assert [row["way"] for row in rows[:3]] == [
        "Callfloor predictive",
        "best constant in hindsight",
        "progressive",
    ]
    assert any("VICIdial" in row["way"] for row in rows)
    assert all(0 <= row["busy_percent"] <= 100 for row in rows)


def test_a_journal_replays_the_same_and_a_changed_one_does_not(tmp_path: Path) -> None:
    journal = tmp_path / "decisions.jsonl"
    CliRunner().invoke(app, [*SHORT, "--journal", str(journal)])

    same = CliRunner().invoke(app, ["replay", str(journal)])
    journal.write_text(journal.read_text().replace('"lines":4', '"lines":5'))
    changed = CliRunner().invoke(app, ["replay", str(journal)])

    assert (same.exit_code, same.stdout) == (0, "every decision comes out the same\n")
    assert changed.exit_code == 1
    assert "line 2: was 5 lines, now 4" in changed.stdout


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--mode", "power"], "needs a ratio"),
        (["--answer-percent", "90", "--fail-percent", "20"], "add up to more than 100"),
    ],
)
def test_what_cannot_be_played_is_refused(options: list[str], problem: str) -> None:
    told = CliRunner().invoke(app, [*SHORT, *options])

    assert told.exit_code == 2
    assert problem in told.output


def test_a_journal_that_is_none_is_refused(tmp_path: Path) -> None:
    journal = tmp_path / "decisions.jsonl"
    journal.write_text("no decision\n")

    told = CliRunner().invoke(app, ["replay", str(journal)])

    assert told.exit_code == 1
    assert "line 1 of the journal" in told.output


def test_every_shape_shift_and_staffing_can_be_chosen() -> None:
    assert [str(name) for name in Shape] == list(SHAPES)
    assert [str(name) for name in Shift] == list(SHIFTS)
    assert [str(name) for name in Staffing] == list(STAFFING)
