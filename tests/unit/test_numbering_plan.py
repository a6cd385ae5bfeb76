"""The numbering plan of the lab's carrier: numbers, expectations, the document made from them."""

from pathlib import Path

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.numbering_plan import (
    SCENARIOS,
    Scenario,
    expected,
    markdown,
    number_for,
    scenario_named,
    scenario_of,
)

ROOT = Path(__file__).resolve().parents[2]
THREE_DIGITS = st.integers(0, 999)


@given(st.sampled_from(SCENARIOS), THREE_DIGITS, THREE_DIGITS)
def test_a_number_tells_its_scenario_and_is_a_valid_mobile(
    scenario: Scenario, time: int, serial: int
) -> None:
    number = number_for(scenario, time, serial)
    parsed = phonenumbers.parse(number)
    assert scenario_of(number) is scenario
    assert phonenumbers.is_valid_number(parsed)
    assert phonenumbers.number_type(parsed) == phonenumbers.PhoneNumberType.MOBILE


def test_names_and_digits_are_unique() -> None:
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    assert len({scenario.digits for scenario in SCENARIOS}) == len(SCENARIOS)


def test_every_network_result_can_be_had() -> None:
    wanted = "answered invalid suspended power_off unreachable no_answer busy rejected barred"
    wanted += " forwarded cancelled system_error"
    assert {scenario.intended for scenario in SCENARIOS} == set(wanted.split())


def test_talk_is_in_tenths_or_seconds() -> None:
    assert expected(number_for("answered_customer_ends", 17)).talk_seconds == pytest.approx(1.7)
    assert expected(number_for("answered_agent_ends_long", 181)).talk_seconds == 181
    assert expected(number_for("busy", 17)).talk_seconds is None


def test_ringing_is_in_the_last_digit_or_the_time() -> None:
    assert expected(number_for("answered_customer_ends", 17, 123)).ring_seconds == 0.6
    assert expected(number_for("busy", 17, 123)).ring_seconds == 1.7


def test_16_knows_causes_that_22_forgets() -> None:
    number = number_for("unreachable")
    assert expected(number, "16").network_result == "unreachable"
    assert expected(number, "22").network_result == "power_off"


def test_a_number_outside_the_plan_does_not_exist() -> None:
    assert expected("+8613800000000").network_result == "invalid"
    assert expected("+8613999000000").q850_cause == 1


@pytest.mark.parametrize(("time", "serial"), [(1000, 0), (-1, 0), (0, 1000)])
def test_a_time_or_serial_of_four_digits_is_refused(time: int, serial: int) -> None:
    with pytest.raises(ValueError, match="three digits"):
        number_for(scenario_named("busy"), time, serial)


def test_the_carrier_plays_every_scenario() -> None:
    dialplan = (ROOT / "asterisk-sample/lab/carrier/extensions.conf").read_text(encoding="utf-8")
    for scenario in SCENARIOS:
        assert f"\nexten => {scenario.digits},1," in dialplan, scenario.name


def test_the_document_is_fresh() -> None:
    written = (ROOT / "docs/numbering_plan.md").read_text(encoding="utf-8")
    assert written == markdown(), "python -m lab.numbering_plan > docs/numbering_plan.md"
