"""The law packs US, UK, CN and one's own: what each asks for beyond hours and tries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from calls.campaign import Mode
from dialer.calling_profiles import (
    AbandonmentWindow,
    ProfileError,
    load_profiles,
    parse_profiles,
    read_profiles,
)
from dialer.campaign_rules import lawful, rules_of
from dialer.law import CallingRules, HolidayCalendar, LeadView, may_call
from dialer.pacing import MODES
from tests.fakes.dialer_world import CAMPAIGN

# A Tuesday: 15:00 in London, 10:00 in New York; at 02:00 UTC it is 10:00 in Shanghai.
NOON = datetime(2026, 9, 29, 14, 0, tzinfo=UTC)
MORNING_CN = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)
HOLIDAYS = HolidayCalendar(
    frozenset({2026}), {"Europe/London": frozenset(), "Asia/Shanghai": frozenset()}
)
FRESH = {"us-national": NOON - timedelta(days=1), "uk-tps": NOON - timedelta(days=1)}


def rules(pack: str, lists: dict[str, datetime] = FRESH, notice: str = "said") -> CallingRules:
    campaign = replace(CAMPAIGN, recording_notice=notice, max_tries=9, max_tries_per_day=9)
    return rules_of(campaign, load_profiles()[pack], HOLIDAYS, lists)


def lead(zone: str, **more: Any) -> LeadView:
    return replace(LeadView(zone, on_do_not_call=False), **more)


US, UK, CN = "America/New_York", "Europe/London", "Asia/Shanghai"


@pytest.mark.parametrize(
    ("pack", "view", "rule"),
    [
        ("us-1", lead(US), "us-1/allowed"),
        ("us-1", lead(US, abandoned_at=NOON - timedelta(hours=71)), "us-1/abandoned_lock"),
        ("us-1", lead(US, abandoned_at=NOON - timedelta(hours=72)), "us-1/allowed"),
        ("uk-1", lead(UK), "uk-1/allowed"),
        ("uk-1", lead(UK, abandoned_at=NOON), "uk-1/abandoned_lock"),
        ("us-florida-2", lead(US), "us-florida-2/allowed"),
    ],
)
def test_an_abandoned_number_is_left_alone_for_72_hours(
    pack: str, view: LeadView, rule: str
) -> None:
    assert may_call(view, rules(pack), NOON).rule_id == rule


def test_the_lock_says_until_when() -> None:
    view = lead(US, abandoned_at=NOON - timedelta(hours=71))

    assert may_call(view, rules("us-1"), NOON).next_change_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("lists", "rule"),
    [
        (FRESH, "us-1/allowed"),
        ({}, "us-1/do_not_call_stale"),
        ({"us-national": NOON - timedelta(days=31)}, "us-1/do_not_call_stale"),
        ({"us-national": NOON - timedelta(days=31, seconds=-1)}, "us-1/allowed"),
    ],
)
def test_a_list_that_is_missing_or_stale_fails_closed(
    lists: dict[str, datetime], rule: str
) -> None:
    permit = may_call(lead(US), rules("us-1", lists), NOON)

    assert permit.rule_id == rule
    assert not permit.is_final, "people can import the list"


def test_china_wants_a_consent_and_a_recording_notice() -> None:
    without = may_call(lead(CN), rules("cn-1"), MORNING_CN)
    assert (without.rule_id, without.is_final) == ("cn-1/consent", True)

    consented = lead(CN, consent_ref="form 7")
    assert may_call(consented, rules("cn-1"), MORNING_CN).allowed
    silent = may_call(consented, rules("cn-1", notice=""), MORNING_CN)
    assert (silent.rule_id, silent.is_final) == ("cn-1/recording_notice", False)


def test_a_call_rings_at_least_as_long_as_the_law_wants() -> None:
    us = load_profiles()["us-1"]

    assert lawful(replace(CAMPAIGN, ring_seconds=10), us).ring_seconds == 15
    assert lawful(replace(CAMPAIGN, ring_seconds=40), us).ring_seconds == 40


def test_each_law_names_its_window_and_cap() -> None:
    packs = load_profiles()

    assert packs["us-1"].abandonment_window is AbandonmentWindow.CAMPAIGN_30_DAYS
    assert packs["uk-1"].abandonment_window is AbandonmentWindow.ROLLING_24_HOURS
    assert {packs[name].max_abandonment for name in ("us-1", "uk-1", "cn-1")} == {0.03}


def test_a_pack_of_ones_own_is_read_beside_ours(tmp_path: Path) -> None:
    own = tmp_path / "law.toml"
    own.write_text(
        '[house-1]\nweekdays = ["mon"]\nholidays = "ignored"\nmax_abandoned_percent = 1.5\n'
    )

    packs = read_profiles(own)

    assert packs["house-1"].max_abandonment == 0.015
    assert packs.keys() > load_profiles().keys()


def test_a_pack_of_ours_cannot_be_replaced(tmp_path: Path) -> None:
    own = tmp_path / "law.toml"
    own.write_text('[us-1]\nweekdays = ["mon"]\nholidays = "ignored"\n')

    with pytest.raises(ProfileError, match="us-1 is a pack of ours"):
        read_profiles(own)
    with pytest.raises(ProfileError, match="cannot read the law packs"):
        read_profiles(tmp_path / "none.toml")


GOOD = 'weekdays = ["mon"]\nholidays = "ignored"\n'


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("max_abandoned_percent = 101", "x.max_abandoned_percent: 101 is not from 0 to 100"),
        ("max_abandoned_percent = true", "x.max_abandoned_percent: True is not a number"),
        ('abandonment_window = "day"', "x.abandonment_window: 'day' is not among"),
        ("connect_seconds = 0", "x.connect_seconds: 0 is not above 0"),
        ('consent_required = "yes"', "x.consent_required: 'yes' is neither true nor false"),
        ('do_not_call_lists = ["A B"]', "x.do_not_call_lists: 'A B' is no name"),
        ("min_ring_seconds = 0", "x.min_ring_seconds: 0 is not a number from 1"),
    ],
)
def test_a_bad_line_of_a_pack_is_named(line: str, message: str) -> None:
    with pytest.raises(ProfileError) as raised:
        parse_profiles(f"[x]\n{GOOD}{line}\n")
    assert message in str(raised.value)


def test_campaigns_know_the_modes_that_pacing_knows() -> None:
    assert {mode.value for mode in Mode} == set(MODES)
