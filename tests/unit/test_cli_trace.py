"""`callfloor trace replay` and the refusals of `record`: no service is needed."""

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app

SHAPES = Path(__file__).parent.parent / "traces" / "shapes"
PLAIN = Path(__file__).parent.parent / "replay" / "traces" / "ami_asterisk_22.jsonl"
BUSY = SHAPES / "busy" / "22.ami.jsonl.gz"


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["trace", *map(str, arguments)])


def test_replay_prints_facts_and_the_floor() -> None:
    done = run("replay", BUSY, "--format", "json")
    told = json.loads(done.stdout)

    assert done.exit_code == 0
    assert [fact["fact"] for fact in told["facts"]][-2:] == ["ChannelEnded", "AgentSignedOut"]
    assert (told["known"], told["calls"], told["seats"]) == (True, [], [])


def test_replay_reads_plain_traces_too_and_csv_has_the_facts() -> None:
    done = run("replay", PLAIN, "--format", "csv")
    head, *rows = csv.reader(io.StringIO(done.stdout))

    assert head == ["at", "fact", "details"]
    assert len(rows) == 32


def test_the_table_ends_with_the_floor_and_facts_can_be_left_out() -> None:
    assert "the floor is known" in run("replay", BUSY).stdout
    assert "ChannelEnded" not in run("replay", BUSY, "--floor-only").stdout


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"x\n", ":1: JSON is malformed"),
        (b'{"at": "yesterday", "event": "Hangup"}\n', ":1: Invalid RFC3339"),
        (b'{"at": "2026-11-23T01:00:00", "event": "Hangup"}\n', ":1: at: has no time zone"),
        (b'{"event": "Hangup"}\n', ":1: Object missing required field `at`"),
        (b"\xff\xfe\n", ":1: "),
    ],
)
def test_a_bad_trace_is_named_by_its_line(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_bytes(content)
    done = run("replay", path)

    assert done.exit_code == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr


def test_half_a_gzip_is_named(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl.gz"
    path.write_bytes(BUSY.read_bytes()[:200])

    assert "is no whole gzip file" in run("replay", path).stderr


def test_a_trace_that_is_not_there() -> None:
    done = run("replay", "/nowhere/trace.jsonl")

    assert (done.exit_code, "No such file" in done.stderr) == (2, True)


def test_a_file_that_exists_is_not_recorded_over(tmp_path: Path) -> None:
    path = tmp_path / "trace.jsonl"
    path.write_text("mine")
    done = run("record", path)

    assert (done.exit_code, "exists already" in done.stderr) == (2, True)
    assert path.read_text() == "mine"


def test_unmasked_is_said_loudly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLFLOOR_AMI_URL", "ami://127.0.0.1:1")
    done = run("record", tmp_path / "trace.jsonl", "--unmasked")

    assert "WARNING" in done.stderr
    assert "no Asterisk at 127.0.0.1:1" in done.stderr
