"""Numbers: E.164 and zone, or a reason; both libraries agree."""

import random
from functools import cache
from zoneinfo import ZoneInfo

import phonenumbers
import pytest
import rphonenumbers
from phonenumbers.timezone import time_zones_for_number
from phonenumbers.tzdata import TIMEZONE_DATA

from crm.holiday_dates import country_holidays, holiday_dates
from crm.phones import Phone, PhoneProblem, is_region, parse_phone
from crm.time_zones import clock_rules, time_zone_text, zone_countries

YEAR = 2026
SPREADSHEET = "was turned into a calculation by a spreadsheet; format the column as text"


@pytest.mark.parametrize(
    ("text", "e164", "time_zone"),
    [
        ("13800138000", "+8613800138000", "Asia/Shanghai"),
        (" 138-0013-8000 ", "+8613800138000", "Asia/Shanghai"),
        ("１３８００１３８０００", "+8613800138000", "Asia/Shanghai"),
        ("tel:+86 138 0013 8000", "+8613800138000", "Asia/Shanghai"),
        ("(0991) 234 5678", "+869912345678", "Asia/Shanghai"),
        ("400-820-8820", "+864008208820", "Asia/Shanghai"),
        ("0044 20 7946 0958", "+442079460958", "Europe/London"),
        ("+44 7911 123456", "+447911123456", "Europe/London"),
        ("+1 (212) 555-1234", "+12125551234", "America/New_York"),
        ("+34 612 34 56 78", "+34612345678", "Atlantic/Canary,Europe/Madrid"),
        ("+883 5100 0123 4567", "+883510001234567", ""),
    ],
)
def test_a_number_and_where_it_rings(text: str, e164: str, time_zone: str) -> None:
    assert parse_phone(text, year=YEAR) == Phone(e164, time_zone)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is empty"),
        ("  ", "is empty"),
        ("none", "has no digits"),
        ("12", "is too short"),
        ("+1 212 555 01", "is too short"),
        ("95588", "is only a local number; the area code is missing"),
        ("+86 138 0013 8000 123", "is too long"),
        ("138001380001380013800", "is too long"),
        ("1" * 61, "is 61 characters long, at most 60"),
        ("12345678", "is in no range of numbers of +86"),
        ("+999 1234 5678", "has a country code that does not exist"),
        ("010-65529988 ext. 12", "has an extension (12), which cannot be dialled"),
        ("010-65529988转8012", "has an extension, which cannot be dialled"),
        ("13800138000 / 13900139000", "holds several numbers"),
        ("13800138000、13900139000", "holds several numbers"),
        ("1-800-FLOWERS", "has letters in it"),
        ("138 0013 8000 (mobile)", "has letters in it"),
        ("1.3800138E+10", SPREADSHEET),
        ("13800138000.0", SPREADSHEET),
        ("\0", "has no digits"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_told_why(text: str, reason: str) -> None:
    assert parse_phone(text, year=YEAR) == PhoneProblem(reason)


def test_a_number_of_many_places_keeps_all_of_them() -> None:
    toll_free = parse_phone("+1 800 234 5678", year=YEAR)

    assert isinstance(toll_free, Phone)
    names = toll_free.time_zone.split(",")
    assert names == sorted(names)
    assert {"Pacific/Honolulu", "America/Los_Angeles", "America/St_Johns"} <= set(names)
    for name in names:
        ZoneInfo(name)


@cache
def _corpus() -> list[tuple[str, str]]:
    dice = random.Random(7)
    numbers = []
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for kind in (0, 1, 3):
            example = phonenumbers.example_number_for_type(region, kind)
            if example is None:
                continue
            for style in (0, 1, 2):
                numbers.append((phonenumbers.format_number(example, style), region))
            digits = phonenumbers.national_significant_number(example)
            cut = digits[: dice.randrange(1, len(digits) + 1)]
            numbers.append((cut + str(dice.randrange(10**4)), region))
    for _ in range(2000):
        letters = dice.choices("0123456789+-() ext#;x.", k=dice.randrange(1, 20))
        numbers.append(("".join(letters), "CN"))
    return numbers


@pytest.mark.slow
def test_the_fast_library_reads_like_the_reference() -> None:
    """The same numbers are taken, with the same result; why one is refused may be worded apart."""
    corpus = _corpus()
    differing = []
    for text, region in corpus:
        fast = parse_phone(text, region, year=YEAR, library=rphonenumbers)
        reference = parse_phone(text, region, year=YEAR, library=phonenumbers)
        if fast != reference and Phone in (type(fast), type(reference)):
            differing.append((text, region, fast, reference))

    assert len(corpus) > 3000
    assert differing == []


def test_zones_are_those_of_the_reference() -> None:
    for text, region in _corpus():
        phone = parse_phone(text, region, year=YEAR)
        if isinstance(phone, Phone):
            zones = time_zones_for_number(phonenumbers.parse(phone.e164))
            expected = "" if "Etc/Unknown" in zones else time_zone_text(tuple(zones), YEAR)
            assert phone.time_zone == expected, phone


def test_zones_with_one_clock_become_one_name() -> None:
    uk = ("Europe/Guernsey", "Europe/Isle_of_Man", "Europe/Jersey", "Europe/London")

    assert time_zone_text(uk, YEAR) == "Europe/London"
    assert time_zone_text(("America/New_York", "America/Chicago"), YEAR) == (
        "America/Chicago,America/New_York"
    )
    # Arizona keeps no summer time, though it agrees with Denver in winter.
    assert time_zone_text(("America/Denver", "America/Phoenix"), YEAR) == (
        "America/Denver,America/Phoenix"
    )
    assert time_zone_text(("Asia/Shanghai", "Mars/Base"), YEAR) == ""


def test_clock_changes_are_found_to_the_minute() -> None:
    changes = [moment.isoformat() for moment, _ in clock_rules("America/New_York", 2026)[1:3]]

    assert changes == ["2026-03-08T07:00:00+00:00", "2026-11-01T06:00:00+00:00"]


def test_every_zone_of_a_number_has_a_country() -> None:
    zones = {zone for names in TIMEZONE_DATA.values() for zone in names} - {"Etc/Unknown"}

    assert zones - zone_countries().keys() == set()


def test_holidays_by_zone_leave_out_what_is_not_known() -> None:
    found = holiday_dates(["Asia/Shanghai,Europe/London", "", "Mars/Base"], [2026, 2027])

    assert found.keys() == {"Asia/Shanghai", "Europe/London"}
    assert {day.year for day in found["Asia/Shanghai"]} == {2026, 2027}
    assert country_holidays("XX", 2026) is None


def test_regions_are_known_by_two_letters() -> None:
    assert is_region("CN")
    assert not is_region("cn")
    assert not is_region("XX")
