"""The files that pages give: no cell is taken for a formula, whatever it begins with."""

import csv
import io

import pytest

from reports.tables import FORMULA_STARTS
from web.sheets import as_csv


@pytest.mark.parametrize("start", FORMULA_STARTS)
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(start: str) -> None:
    text = as_csv(["company"], [[f"{start}1+1"]]).decode("utf-8-sig")
    (_, (cell,)) = csv.reader(io.StringIO(text, newline=""))
    assert cell == f"'{start}1+1"


def test_numbers_are_left_as_they_are() -> None:
    text = as_csv(["number", "talk"], [["+8613900000000", -1.5]]).decode("utf-8-sig")
    assert text.splitlines()[1] == "+8613900000000,-1.5"
