"""Call lists as people really save them: encodings, separators, and rows that are none."""

import codecs
import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crm.csv_export import SafeCsvWriter, safe_cell
from crm.csv_lines import LONGEST_LINE_BYTES, ListFileError, detect_encoding, read_lines
from crm.csv_rows import BadRow, RawRow, chunks, open_list, read_rows
from crm.lead_rows import RowRules, read_leads

HEADER = "phone,company,priority,not_before,not_after,remark\n"
GOOD = "13800138000,甲公司,1,,,\n"


def saved(tmp_path: Path, content: bytes | str, encoding: str = "utf-8") -> Path:
    path = tmp_path / "list.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def rows_of(path: Path, encoding: str | None = None) -> list[RawRow | BadRow]:
    form = open_list(path, encoding)
    with path.open("rb") as file:
        return list(read_rows(file, form))


def problems_of(path: Path, encoding: str | None = None) -> list[tuple[int, str, str]]:
    """Return (line, field, reason) of every bad row, as an import finds them."""
    form = open_list(path, encoding)
    found = []
    with path.open("rb") as file:
        for good, bad in chunks(read_rows(file, form), 3):
            found += [row.problem for row in bad]
            found += [row.problem for row in read_leads(good, RowRules(form.columns)).bad]
    return sorted((problem.line, problem.field, problem.reason) for problem in found)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_all_the_ways_a_list_is_saved(
    tmp_path: Path, encoding: str, delimiter: str, newline: str
) -> None:
    content = (HEADER + GOOD).replace(",", delimiter).replace("\n", newline)
    path = saved(tmp_path, content, encoding)
    form = open_list(path)

    assert form.encoding == encoding.removesuffix("-sig")
    assert form.delimiter == delimiter
    (row,) = rows_of(path)
    assert isinstance(row, RawRow)
    assert (row.line, row.texts[:2]) == (2, ["13800138000", "甲公司"])


def test_gb18030_is_found_behind_a_megabyte_of_ascii(tmp_path: Path) -> None:
    content = HEADER + "13800138000,plain,1,,,\n" * 50_000 + GOOD
    path = saved(tmp_path, content, "gb18030")

    assert detect_encoding(path) == "gb18030"


def test_one_broken_byte_does_not_turn_a_list_into_another_encoding(tmp_path: Path) -> None:
    content = (HEADER + GOOD * 30).encode() + b"13800138001,\xff\xfe,1,,,\n"
    path = saved(tmp_path, content)

    assert detect_encoding(path) == "utf-8"
    assert problems_of(path) == [(32, "", "is no UTF-8 at byte 13")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \r\n\n", "the file is empty"),
        (codecs.BOM_UTF8, "the file is empty"),
        (b"PK\x03\x04rest", "is an Excel workbook"),
        ("phone\n1\n".encode("utf-16"), "is in UTF-16"),
        (b"company\nx\n", "the column phone is missing"),
        (b"phone,company,phone\n1,2,3\n", "column phone is there twice"),
        (b"phone,compny\n1,2\n", "unknown column 'compny': did you mean company?"),
        (b"phone,zzzz\n1,2\n", "unknown column 'zzzz': known are external_id, company"),
        (b"phone,\n1,2\n", "column 2 has no name"),
        (b'phone,"company\n1,2\n', "the header is no CSV"),
        (b"phone," + b"x" * 300_000 + b"\n1,2\n", "the header is longer"),
        (HEADER.encode() + b"\xff,\xff\n" * 20, "neither UTF-8 nor GB18030"),
    ],
)
def test_what_is_no_call_list_is_one_clear_error(
    tmp_path: Path, content: bytes, message: str
) -> None:
    with pytest.raises(ListFileError) as raised:
        open_list(saved(tmp_path, content))
    assert message in str(raised.value)


# One bad row between two good ones; the good ones survive every one of them.
BAD_ROWS = [
    ("13800138001,x,1,,\n", "", "has 5 fields, 6 are wanted"),
    ("13800138001,x,1,,,,\n", "", "has 7 fields, 6 are wanted"),
    ('13800138001,"x,1,,,\n', "", "has a quote that is not closed"),
    ('13800138001,"x"y,1,,,\n', "",
     "has text after a closing quote (write a quote inside a field twice)"),
    (",x,1,,,\n", "phone", "is empty"),
    ("12,x,1,,,\n", "phone", "is too short ('12')"),
    ("abc,x,1,,,\n", "phone", "has no digits ('abc')"),
    ("13800138001 ext 5,x,1,,,\n", "phone",
     "has an extension (5), which cannot be dialled ('13800138001 ext 5')"),
    ("1.38E+10,x,1,,,\n", "phone",
     "was turned into a calculation by a spreadsheet; format the column as text ('1.38E+10')"),
    ("+99913800138001,x,1,,,\n", "phone",
     "has a country code that does not exist ('+99913800138001')"),
    ("13800138001,x,high,,,\n", "priority", "'high' is no whole number"),
    ("13800138001,x,1.5,,,\n", "priority", "'1.5' is no whole number"),
    ("13800138001,x,1000001,,,\n", "priority", "1000001 is not from -1,000,000 to 1,000,000"),
    (f"13800138001,x,{'9' * 21},,,\n", "priority", "is 21 characters long, at most 20"),
    ("13800138001,x,1,2026-13-01,,\n", "not_before",
     "'2026-13-01' is no ISO 8601 time, such as 2026-03-01T09:00+08:00"),
    ("13800138001,x,1,01/03/2026,,\n", "not_before",
     "'01/03/2026' is no ISO 8601 time, such as 2026-03-01T09:00+08:00"),
    ("13800138001,x,1,0001-01-01T00:00+14:00,,\n", "not_before",
     "'0001-01-01T00:00+14:00' is no ISO 8601 time, such as 2026-03-01T09:00+08:00"),
    ("13800138001,x,1,1999-01-01,,\n", "not_before", "'1999-01-01' is not from 2000 to 2100"),
    ("13800138001,x,1,,2026-02-30,\n", "not_after",
     "'2026-02-30' is no ISO 8601 time, such as 2026-03-01T09:00+08:00"),
    ("13800138001,x,1,2026-03-02,2026-03-01,\n", "not_after",
     "2026-03-01 is not after not_before 2026-03-02"),
    (f"13800138001,{'x' * 201},1,,,\n", "company", "is 201 characters long, at most 200"),
    ("13800138001,x,1,,,\0\n", "remark", "holds a NUL byte"),
    (f"13800138001,{'x' * 140_000},1,,,\n", "", "has a field longer than 131,072 characters"),
    (f"13800138001,{'x' * LONGEST_LINE_BYTES},1,,,\n", "", "is longer than a row may be"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "field", "reason"), BAD_ROWS)
def test_a_bad_row_is_named_and_spoils_no_other(
    tmp_path: Path, text: str, field: str, reason: str
) -> None:
    path = saved(tmp_path, HEADER + GOOD + text + GOOD)

    assert problems_of(path) == [(3, field, reason)]


def test_at_least_twenty_kinds_of_bad_rows_are_tried() -> None:
    assert len(BAD_ROWS) >= 20


def test_a_line_without_end_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    with path.open("wb") as file:
        file.write((HEADER + GOOD).encode())
        for _ in range(64):
            file.write(b"x" * 1024 * 1024)
        file.write(b"\n" + GOOD.encode())

    with path.open("rb") as file:
        assert max(len(line.data) for line in read_lines(file)) <= LONGEST_LINE_BYTES
    assert problems_of(path) == [(3, "", "is longer than a row may be")]


def test_a_quote_that_never_closes_costs_one_row(tmp_path: Path) -> None:
    path = saved(tmp_path, HEADER + GOOD + '"' + GOOD + GOOD * 500)
    rows = rows_of(path)

    assert len([row for row in rows if isinstance(row, RawRow)]) == 501
    assert [row.problem.line for row in rows if isinstance(row, BadRow)] == [3]


def test_a_quote_that_a_later_row_closes_costs_one_row(tmp_path: Path) -> None:
    quoted = '13800138002,"quoted",1,,,\n'
    path = saved(tmp_path, HEADER + '13800138001,"x,1,,,\n' + GOOD + quoted + GOOD)

    assert problems_of(path) == [
        (2, "", "has text after a closing quote (write a quote inside a field twice)")
    ]


def test_line_breaks_in_quotes_are_kept_and_counted(tmp_path: Path) -> None:
    path = saved(tmp_path, HEADER + '13800138001,x,1,,,"a\nb\n\nc"\n' + "12,x,1,,,\n")
    first, _ = rows_of(path)

    assert isinstance(first, RawRow)
    assert first.texts[-1] == "a\nb\n\nc"
    assert problems_of(path) == [(6, "phone", "is too short ('12')")]


def test_blank_lines_are_passed_over(tmp_path: Path) -> None:
    path = saved(tmp_path, "\n" + HEADER + "\n,,,,,\n" + GOOD + "\n\n")

    assert [row.line for row in rows_of(path) if isinstance(row, RawRow)] == [5]


def test_bare_times_are_of_the_zone_that_is_named_and_dates_end_with_their_day() -> None:
    rules = RowRules(("phone", "not_before", "not_after"), time_zone="Asia/Shanghai")
    row = RawRow(2, ["13800138000", "2026-03-01", "2026-03-02"])
    (lead,) = read_leads([row], rules).leads

    assert lead.not_before is not None
    assert lead.not_before.isoformat() == "2026-02-28T16:00:00+00:00"
    assert lead.not_after is not None
    assert lead.not_after.isoformat() == "2026-03-02T16:00:00+00:00"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-cmd|' /C calc'!A0", "'-cmd|' /C calc'!A0"),
        ("+8613800138000", "+8613800138000"),
        ("-5", "-5"),
        ("+1+1", "'+1+1"),
        (None, ""),
        (7, "7"),
    ],
)
def test_no_cell_runs_in_a_spreadsheet(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=("Cs", "Cc")), max_size=20)))
def test_what_is_written_is_read_back(texts: list[str]) -> None:
    buffer = io.StringIO()
    writer = SafeCsvWriter(buffer, ["remark"], bom=False)
    writer.write(texts or [""])
    rows = list(csv.reader(io.StringIO(buffer.getvalue())))

    assert rows[1] == [safe_cell(text) for text in texts or [""]]


@given(
    st.binary(max_size=400).map(lambda junk: HEADER.encode() + junk + b"\n13800138000,x,1,,,\n"),
    st.sampled_from(["utf-8", "gb18030"]),
)
def test_no_bytes_break_the_reader(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, encoding: str
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "list.csv"
    path.write_bytes(content)
    rows = rows_of(path, encoding)

    lines = [row.line if isinstance(row, RawRow) else row.problem.line for row in rows]
    assert lines == sorted(set(lines))
    last = rows[-1]
    assert isinstance(last, RawRow)
    assert last.texts[0].endswith("13800138000") or "\n13800138000" in "".join(last.texts)
