"""Reports as files: every rate names its denominator, and no cell runs in a spreadsheet."""

import csv
import io
import zipfile
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.gaming import flags
from reports.measures import MEASURES, occupancy, per_head, rate, total_of
from reports.tables import FORMULA_STARTS, Table, as_csv, as_json, as_xlsx, harmless
from store.sums import (
    MeasuredRow,
    Measures,
    PausedTime,
    RepeatedNumber,
    SilentCall,
    TalkNearThreshold,
)

SEED = Measures(6, 4, 4, 4, 4, 2, 1, timedelta(seconds=569), timedelta(seconds=380))


def value(name: str, measures: Measures = SEED) -> object:
    return next(measure.of(measures) for measure in MEASURES if measure.name == name)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("attempts", 6),
        ("talk_seconds", Decimal(569)),
        ("answer_rate", Decimal("0.6667")),
        ("effective_rate", Decimal("0.5")),
        ("abandon_rate", Decimal("0.25")),
        ("abandon_rate_of_all", Decimal("0.1667")),
        ("mean_talk_seconds", Decimal("142.25")),
    ],
)
def test_each_formula(name: str, expected: object) -> None:
    assert value(name) == expected


def test_no_denominator_is_not_zero() -> None:
    for measure in MEASURES:
        if measure.divided_by:
            assert measure.of(Measures()) is None
    assert per_head(5, 0) is None
    assert occupancy(timedelta(0), timedelta(0), timedelta(0)) is None
    assert occupancy(timedelta(hours=3), timedelta(hours=1), timedelta(hours=8)) == Decimal("0.5")


def test_each_rate_names_its_denominator() -> None:
    names = {measure.name for measure in MEASURES}
    for measure in MEASURES:
        assert ("/" in measure.text) == bool(measure.divided_by)
        assert not measure.divided_by or measure.divided_by in names


def test_total_adds_every_field() -> None:
    total = total_of([MeasuredRow("a", "a", SEED, ()), MeasuredRow("b", "b", SEED, ())])
    for field in fields(Measures):
        assert getattr(total, field.name) == 2 * getattr(SEED, field.name)
    assert rate(1, 3) == Decimal("0.3333")


@given(st.text())
def test_no_csv_cell_begins_a_formula(text: str) -> None:
    (row,) = list(csv.reader(io.StringIO(as_csv(["name"], [[text]]).decode("utf-8-sig"))))[1:] or [
        [""]
    ]
    cell = "".join(row)
    assert not cell.startswith(FORMULA_STARTS) or (cell[0] == "+" and cell[1:].isdigit())


def test_a_phone_number_is_left_as_it_is() -> None:
    assert harmless("+8613900000000") == "+8613900000000"
    assert harmless("+1+cmd|' /C calc'!A0") == "'+1+cmd|' /C calc'!A0"


TABLE = Table("t", ("agent", "rate"), (("=1+1", Decimal("0.5")), ("李伟", None)), ("rate: a / b",))


def test_a_workbook_holds_no_formula() -> None:
    with zipfile.ZipFile(io.BytesIO(as_xlsx(TABLE))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        strings = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in strings
    assert "李伟" in strings
    assert "<v>0.5</v>" in sheet


def test_json_keeps_decimals_exact() -> None:
    told = msgspec.json.decode(as_json(TABLE))
    assert told["rows"][0] == {"agent": "=1+1", "rate": "0.5"}
    assert told["rows"][1]["rate"] is None


def test_signs_of_silence_and_pauses() -> None:
    def seconds(number: float) -> timedelta:
        return timedelta(seconds=number)

    silent = [
        SilentCall("a", "c1", seconds(200), seconds(99), seconds(29.9)),
        SilentCall("a", "c2", seconds(200), seconds(100), seconds(1)),
        SilentCall("a", "c3", seconds(200), seconds(30), seconds(30)),
    ]
    paused = [
        PausedTime("b", 11, timedelta(minutes=89)),
        PausedTime("c", 12, timedelta(minutes=1)),
        PausedTime("d", 1, timedelta(minutes=90)),
    ]
    found = [(flag.agent, flag.what) for flag in flags([], [], (), silent, paused)]
    assert found == [("a", "long_silence")] * 2 + [("c", "long_paused"), ("d", "long_paused")]


@pytest.mark.parametrize(
    ("near", "repeated", "staff", "expected"),
    [
        (TalkNearThreshold("a", 10, 3, 0, 20), None, (), ["just_over_threshold"]),
        (TalkNearThreshold("a", 9, 3, 0, 20), None, (), []),
        (TalkNearThreshold("a", 4, 0, 0, 20), None, (), []),
        (TalkNearThreshold("a", 0, 0, 6, 10), None, (), ["hangs_up_after_threshold"]),
        (None, RepeatedNumber("a", "+861", 3), (), ["same_number"]),
        (None, RepeatedNumber("a", "+861", 2), (), []),
        (None, RepeatedNumber("a", "+861", 1), ("+861",), ["calls_staff"]),
    ],
)
def test_signs_of_gaming(
    near: TalkNearThreshold | None,
    repeated: RepeatedNumber | None,
    staff: tuple[str, ...],
    expected: list[str],
) -> None:
    found = flags([near] if near else [], [repeated] if repeated else [], staff)
    assert [flag.what for flag in found] == expected
