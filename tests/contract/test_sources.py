"""What every source of records promises: all of it in order, each bad row by place and field."""

from pathlib import Path

import pytest

from cdr_ingest.cdr_files import CUSTOM, MASTER
from cdr_ingest.sources import BATCH_ROWS, CdrFile, CelFile, file_source
from cdr_ingest.unreadable import UnreadRow
from store.database import Database
from tests.contract.source_desks import (
    KINDS,
    ZONE,
    CdrFileDesk,
    CelFileDesk,
    SourceDesk,
    make_desk,
    many,
    meaning_of,
    read,
)

pytestmark = pytest.mark.postgres


@pytest.fixture(params=KINDS)
def desk(
    request: pytest.FixtureRequest, database: Database, database_url: str, tmp_path: Path
) -> SourceDesk:
    """Each adapter in turn."""
    return make_desk(request.param, database, database_url, tmp_path)


async def rows_of(desk: SourceDesk) -> list[object]:
    return [row for batch in await read(desk) for row in batch.rows]


async def test_an_empty_source_gives_nothing(desk: SourceDesk) -> None:
    assert await rows_of(desk) == []


async def test_all_rows_come_in_order_with_what_they_say(desk: SourceDesk) -> None:
    await desk.write(desk.good)
    expected = [desk.meaning(row) for row in desk.good]
    assert [meaning_of(row) for row in await rows_of(desk)] == expected
    assert [meaning_of(row) for row in await rows_of(desk)] == expected  # and again


async def test_what_is_written_later_comes_after(desk: SourceDesk) -> None:
    await desk.write(desk.good[:1])
    assert len(await rows_of(desk)) == 1
    await desk.write(desk.good[1:])
    assert [meaning_of(r) for r in await rows_of(desk)] == [desk.meaning(r) for r in desk.good]


async def test_each_bad_row_is_named_by_place_and_field_and_costs_no_other(
    desk: SourceDesk,
) -> None:
    for _, row in desk.bad:
        await desk.write([*desk.good[:1], row])
    await desk.write(desk.good[:1])
    found = await rows_of(desk)
    bad = [row for row in found if isinstance(row, UnreadRow)]
    assert [row.field for row in bad] == [field for field, _ in desk.bad]
    assert len({row.origin for row in bad}) in (len(bad), 1)  # the copies here share their key
    assert all(str(row) == f"{row.origin}: {row.field}: {row.reason}" for row in bad)
    assert all(len(str(row)) < 300 for row in bad)
    good = [meaning_of(row) for row in found if not isinstance(row, UnreadRow)]
    assert good == [desk.meaning(desk.good[0])] * (len(desk.bad) + 1)


async def test_a_long_source_comes_in_portions(desk: SourceDesk) -> None:
    await desk.write(many(desk, BATCH_ROWS + 500))
    batches = await read(desk)
    assert [len(batch.rows) for batch in batches] == [BATCH_ROWS, 500]
    assert all(batch.done > 0 for batch in batches)


async def test_a_line_that_is_being_written_is_left_for_the_next_time(tmp_path: Path) -> None:
    for name in ("cel", "cdr"):
        folder = tmp_path / name
        folder.mkdir()
        desk = CelFileDesk(folder) if name == "cel" else CdrFileDesk(folder, CUSTOM)
        await desk.write(desk.good[:2])
        whole = desk.path.read_bytes()
        desk.path.write_bytes(whole[:-7])
        assert len(await rows_of(desk)) == 1
        desk.path.write_bytes(whole)
        assert len(await rows_of(desk)) == 2


async def test_binary_and_other_systems_columns_are_named_line_by_line(tmp_path: Path) -> None:
    long_line = b'"' + b"x" * (1 << 20) + b'"\n'
    junk = b"\0\1\2\xff\n" + b"a;b;c\n" + long_line + b'"torn\n'
    desks: tuple[CelFileDesk | CdrFileDesk, ...]
    desks = (CelFileDesk(tmp_path), CdrFileDesk(tmp_path, MASTER))
    for desk in desks:
        await desk.write(desk.good[:1])
        desk.path.write_bytes(junk + desk.path.read_bytes())
        found = await rows_of(desk)
        assert [isinstance(row, UnreadRow) for row in found] == [True, True, True, True, False]
        assert {row.field for row in found if isinstance(row, UnreadRow)} == {"line"}


async def test_a_file_is_told_by_what_it_holds(tmp_path: Path) -> None:
    events = CelFileDesk(tmp_path)
    await events.write(events.good)
    cdrs = CdrFileDesk(tmp_path, MASTER)
    await cdrs.write(cdrs.good)
    assert isinstance(file_source(events.path, ZONE), CelFile)
    assert isinstance(file_source(cdrs.path, ZONE), CdrFile)
