"""Phone numbers: E.164 and time zone, or a reason in words. No rules of our own, only a library's.

`rphonenumbers` (Rust) is ten times faster; `phonenumbers` is the fallback and has the zones.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import phonenumbers as reference
from phonenumbers.timezone import UNKNOWN_TIMEZONE
from phonenumbers.tzdata import TIMEZONE_DATA, TIMEZONE_LONGEST_PREFIX

from crm.time_zones import time_zone_text

try:
    import rphonenumbers as fast
except ImportError:  # no wheel for this platform
    fast = reference

DEFAULT_REGION = "CN"
LONGEST_PHONE_TEXT = 60
_EXTENSION = re.compile(r"转|分机|ext|;|[0-9]\s*[x#]\s*[0-9]", re.IGNORECASE)
_SPREADSHEET = re.compile(r"^[0-9]+(\.[0-9]+)?E\+?[0-9]+$|^[0-9]+\.0+$", re.IGNORECASE)
_SEVERAL = re.compile(r"[0-9]\s*[/,、，;；|]\s*\+?[0-9]")
_PLAIN = re.compile(r"^\+?[0-9 ()-]{3,40}$")
_E164 = re.compile(r"^\+[1-9][0-9]{6,14}$")
_SIZE_REASONS = {
    2: "is too short",
    3: "is too long",
    4: "is only a local number; the area code is missing",
}


@dataclass(frozen=True, slots=True)
class Phone:
    """A number that can be dialled. time_zone: see `time_zone_text`; empty: never dialled."""

    e164: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class PhoneProblem:
    """Why a text is no number that we dial; reads on after the name of the field."""

    reason: str


def is_region(region: str) -> bool:
    """Whether numbers can be read as written in that region (ISO 3166, e.g. CN)."""
    return region in reference.SUPPORTED_REGIONS


def parse_phone(
    text: str, region: str = DEFAULT_REGION, *, year: int | None = None, library: Any = fast
) -> Phone | PhoneProblem:
    """Read one number as written in the region, or with + and country code.

    year: for which the time zones are told apart; None: the current one.
    library: which of the two reads; only tests choose.
    """
    problem = _problem_at_sight(text)
    if problem is not None:
        return PhoneProblem(problem)
    try:
        number = library.parse(text, region)
    except library.NumberParseException as error:
        return PhoneProblem(_parse_reason(error, text))
    if number.extension:
        return PhoneProblem(f"has an extension ({number.extension}), which cannot be dialled")
    if not _PLAIN.match(text) and any(
        letter.isalpha() for letter in text.lower().removeprefix("tel:")
    ):
        return PhoneProblem("has letters in it")
    if not library.is_valid_number(number):
        return PhoneProblem(_invalid_reason(library, number))
    e164 = library.format_number(number, library.PhoneNumberFormat.E164)
    if not _E164.match(e164):
        return PhoneProblem("is too short")
    zones = _zones(library, number, e164)
    return Phone(e164, time_zone_text(zones, year or datetime.now(UTC).year) if zones else "")


def _problem_at_sight(text: str) -> str | None:
    if _PLAIN.match(text):
        return None
    if not text.strip():
        return "is empty"
    if len(text) > LONGEST_PHONE_TEXT:
        return f"is {len(text):,} characters long, at most {LONGEST_PHONE_TEXT}"
    if not any(letter.isdigit() for letter in text):
        return "has no digits"
    if _SPREADSHEET.match(text.strip()):
        return "was turned into a calculation by a spreadsheet; format the column as text"
    if _SEVERAL.search(text):
        return "holds several numbers"
    return None


def _has_letters(text: str) -> bool:
    words = text.strip().lower().removeprefix("tel:")
    return not _PLAIN.match(text) and any(letter.isalpha() for letter in words)


def _parse_reason(error: Any, text: str) -> str:
    if _EXTENSION.search(text):
        return "has an extension, which cannot be dialled"
    kinds = reference.NumberParseException
    return {
        kinds.INVALID_COUNTRY_CODE: "has a country code that does not exist",
        kinds.TOO_SHORT_AFTER_IDD: "is too short",
        kinds.TOO_SHORT_NSN: "is too short",
        kinds.TOO_LONG: "is too long",
    }.get(error.error_type, "is no phone number")


def _invalid_reason(library: ModuleType, number: Any) -> str:
    size = int(library.is_possible_number_with_reason(number))
    if size in _SIZE_REASONS:
        return _SIZE_REASONS[size]
    return f"is in no range of numbers of +{number.country_code}"


def _zones(library: Any, number: Any, e164: str) -> tuple[str, ...]:
    """Do what phonenumbers.timezone does, with the faster library's number types."""
    kind = library.number_type(number)
    if kind == library.PhoneNumberType.UNKNOWN:
        return ()
    digits = e164[1:]
    if not library.is_number_type_geographical(kind, number.country_code):
        digits = str(number.country_code)
    for length in range(TIMEZONE_LONGEST_PREFIX, 0, -1):
        zones: tuple[str, ...] | None = TIMEZONE_DATA.get(digits[:length])
        if zones is not None:
            return () if UNKNOWN_TIMEZONE in zones else zones
    return ()
