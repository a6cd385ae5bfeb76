"""Predictive pacing keeps the cap in a simulator that is not the one it was tuned on."""

import inspect
import re
from dataclasses import replace

import pytest

import bench.pacing_judge as judging
from bench.pacing_judge import HOUSES, House, Judge, by_constant, judge

HALF_HOURS = [replace(house, hours=0.5) for house in HOUSES]


@pytest.mark.parametrize("house", HALF_HOURS, ids=lambda house: house.name)
def test_the_cap_holds_in_a_house_of_others(house: House) -> None:
    verdict = judge(house, 7, 1)

    assert verdict.answered > 10
    assert verdict.within_cap


def test_where_nobody_answers_at_first_not_all_are_lost_when_they_begin() -> None:
    house = next(house for house in HOUSES if house.name == "nobody at first")

    assert judge(house, 8, 0).within_cap


def test_a_flood_is_found_out() -> None:
    """The judge can say no: six lines for each free agent of a small team lose far too many."""
    verdict = Judge(replace(HOUSES[0], hours=0.3), 4, 1).run(by_constant(6.0))

    assert not verdict.within_cap


def test_the_judge_shares_no_code_with_our_own_simulator() -> None:
    source = inspect.getsource(judging)

    assert not re.search(r"^\s*(from|import) (dialer\.simulation|bench\.pacing\b)", source, re.M)
