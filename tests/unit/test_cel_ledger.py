"""Asterisk's CSV ledger: partial lines, rotation, torn lines, any cut of the file."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cdr_ingest import ledger
from cdr_ingest.ledger import LedgerPosition, read_ledger, read_whole
from cdr_ingest.rows import BadCelRow, CelRow
from store.cel_rows import RawCel
from tests.fakes.asterisk_wrote import AGENT_HANGS_UP, CUSTOMER_HANGS_UP, MACHINE
from tests.fakes.cel_table import ledger_line, ledger_text, raw_row, raw_rows

FIRST, SECOND, THIRD = map(raw_rows, (CUSTOMER_HANGS_UP, AGENT_HANGS_UP, MACHINE))


def _events(rows: list[RawCel]) -> list[tuple[str, str]]:
    return [(raw.eventtype, raw.eventtime) for raw in rows]


class Reader:
    """Reads on from where it was, as the ingester does."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.position = LedgerPosition()
        self.is_tail_lost = False

    def read(self) -> list[RawCel]:
        found: list[RawCel] = []
        while True:
            batch = read_ledger(self.path, self.position)
            found += [line.raw for line in batch.lines if line.raw is not None]
            if batch.lines:
                self.position = batch.lines[-1].after
                self.is_tail_lost |= batch.is_tail_lost
            if not batch.has_more:
                return found


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "callfloor-cel.csv"


def test_a_missing_file_is_an_empty_one(path: Path) -> None:
    assert Reader(path).read() == []


def test_a_line_is_read_once_it_is_whole(path: Path) -> None:
    text = ledger_text(FIRST)
    reader = Reader(path)
    path.write_text(text[:-30])
    assert _events(reader.read()) == _events(FIRST[:-1])
    assert reader.read() == []
    path.write_text(text)
    assert _events(reader.read()) == _events(FIRST[-1:])
    assert reader.read() == []


def test_renamed_and_begun_anew(path: Path) -> None:
    reader = Reader(path)
    path.write_text(ledger_text(FIRST[:5]))
    assert len(reader.read()) == 5
    with path.open("a") as file:
        file.write(ledger_text(FIRST[5:]))
    path.rename(path.with_name(path.name + ".1"))
    path.write_text(ledger_text(SECOND))
    assert _events(reader.read()) == _events(FIRST[5:] + SECOND)
    assert not reader.is_tail_lost


def test_renamed_and_nothing_written_since(path: Path) -> None:
    reader = Reader(path)
    path.write_text(ledger_text(FIRST[:5]))
    reader.read()
    with path.open("a") as file:
        file.write(ledger_text(FIRST[5:]))
    path.rename(path.with_name(path.name + ".1"))
    assert _events(reader.read()) == _events(FIRST[5:])
    assert reader.read() == []
    path.write_text("")
    assert reader.read() == []


def test_rotated_twice_between_two_looks(path: Path) -> None:
    reader = Reader(path)
    path.write_text(ledger_text(FIRST[:5]))
    reader.read()
    path.with_name(path.name + ".2").write_text(ledger_text(FIRST))
    path.with_name(path.name + ".1").write_text(ledger_text(SECOND))
    path.write_text(ledger_text(THIRD))
    assert _events(reader.read()) == _events(FIRST[5:] + SECOND + THIRD)


def test_copied_and_emptied(path: Path) -> None:
    reader = Reader(path)
    path.write_text(ledger_text(FIRST[:5]))
    reader.read()
    path.with_name(path.name + "-20261122").write_text(ledger_text(FIRST))
    os.truncate(path, 0)
    with path.open("a") as file:  # the same inode, grown beyond the old size
        file.write(ledger_text(SECOND + THIRD))
    assert _events(reader.read()) == _events(FIRST[5:] + SECOND + THIRD)


def test_an_old_part_that_is_gone_is_said(path: Path) -> None:
    reader = Reader(path)
    path.write_text(ledger_text(FIRST))
    reader.read()
    path.write_text(ledger_text(SECOND))
    assert _events(reader.read()) == _events(SECOND)
    assert reader.is_tail_lost


def test_a_torn_line_is_named_and_the_rest_goes_on(path: Path) -> None:
    lines = [ledger_line(raw) for raw in FIRST]
    torn = lines[2][:40] + "\n"  # inside a quoted field
    path.write_text("".join([*lines[:2], torn, *lines[3:]]))
    found = list(read_whole(path))
    bad = [line.row for line in found if isinstance(line.row, BadCelRow)]
    assert [str(error) for error in bad] == [
        f"callfloor-cel.csv byte {len(''.join(lines[:2]))}: line: not a record of 20 fields"
    ]
    assert _events([x.raw for x in found if x.raw]) == _events(FIRST[:2] + FIRST[3:])


@pytest.mark.parametrize("junk", ["one,two\n", '""\n', '"a"b"\n', "\0" * 70 + "\n", "\n", '"\n'])
def test_junk_is_named_and_the_rest_goes_on(path: Path, junk: str) -> None:
    path.write_text(ledger_line(FIRST[0]) + junk + ledger_text(FIRST[1:]))
    found = list(read_whole(path))
    assert sum(isinstance(line.row, BadCelRow) for line in found) == 1
    assert _events([x.raw for x in found if x.raw]) == _events(FIRST)


def test_quotes_commas_and_line_breaks_inside_a_field(path: Path) -> None:
    odd = raw_row(
        eventtype="CHAN_START",
        eventtime="1.000001",
        uniqueid="a",
        linkedid="a",
        cid_name='Miss "Wu", sales\nand "so, on"',
    )
    path.write_text(ledger_text([odd, *FIRST]))
    found = list(read_whole(path))
    assert found[0].raw is not None
    assert found[0].raw.cid_name == odd.cid_name
    assert len(found) == 1 + len(FIRST)


def test_a_file_without_line_ends_does_not_hold_it_up(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger, "BATCH_BYTES", 1000)
    path.write_bytes(b"x" * 5000 + b"\n" + ledger_text(FIRST).encode())
    found = [line.raw for line in _read_in_batches(path, 1000) if line.raw]
    assert _events(found) == _events(FIRST)


def _read_in_batches(path: Path, limit: int) -> list[ledger.LedgerLine]:
    found: list[ledger.LedgerLine] = []
    position = LedgerPosition()
    while True:
        batch = ledger._read(path, "fingerprint", position.offset, limit)
        found += batch.lines
        if not batch.lines:
            return found
        position = batch.lines[-1].after


@given(cuts=st.lists(st.integers(0, 6000), max_size=6).map(sorted))
@settings(max_examples=60, deadline=None)
def test_wherever_the_writing_was_when_we_looked(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    path = tmp_path_factory.mktemp("ledger") / "cel.csv"
    data = ledger_text(FIRST + SECOND).encode()
    reader = Reader(path)
    found: list[RawCel] = []
    for cut in [*cuts, len(data)]:
        path.write_bytes(data[:cut])
        found += reader.read()
    assert _events(found) == _events(FIRST + SECOND)
    assert all(isinstance(line.row, CelRow) for line in read_whole(path))
