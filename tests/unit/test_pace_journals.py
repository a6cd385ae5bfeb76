"""The running dialer's decisions can be replayed; a journal never keeps it from dialling."""

from datetime import timedelta
from pathlib import Path

from dialer.pace_journals import BoundedFile, PaceJournals
from dialer.pacing.journal import PacerOptions, replay
from tests.fakes.clock import T0
from tests.fakes.dialer_world import CAMPAIGN, World


async def test_what_the_running_dialer_decided_is_decided_again(tmp_path: Path) -> None:
    journals = PaceJournals(tmp_path / "pace")
    world = World(leads=5, journals=journals)
    world.snapshot()
    for _ in range(4):
        await world.tick()
        world.clock.time += timedelta(seconds=0.5)

    journals.close()

    (file,) = (tmp_path / "pace").iterdir()
    lines = file.read_bytes().splitlines(keepends=True)
    assert file.name.startswith(f"{CAMPAIGN.name}-{CAMPAIGN.mode}-")
    assert len(lines) == 5  # what the pacer was made with, and one line for each tick
    assert list(replay(lines)) == []
    changed = lines[1].replace(b'"lines":', b'"lines":7', 1)
    assert [one.line for one in replay([lines[0], changed])] == [2]


def test_a_journal_that_cannot_be_opened_is_no_reason_not_to_dial(tmp_path: Path) -> None:
    (tmp_path / "pace").write_text("a file, not a folder")
    pacer = PaceJournals(tmp_path / "pace").make(CAMPAIGN.name, PacerOptions("progressive"), T0)
    assert pacer is not None


def test_a_full_journal_ends_with_a_whole_line(tmp_path: Path) -> None:
    with (tmp_path / "j").open("xb", buffering=0) as file:
        bounded = BoundedFile(file, max_bytes=10)
        for _ in range(3):
            bounded.write(b"123456\n")
    assert (tmp_path / "j").read_bytes() == b"123456\n"
