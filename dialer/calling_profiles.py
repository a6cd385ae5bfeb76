"""Calling-hours profiles: versioned data, read from `calling_hours.toml`."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from importlib.resources import files
from itertools import pairwise
from types import MappingProxyType
from typing import cast

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_A_DAY = 24 * 60
_WINDOW = re.compile(r"^(\d\d):([0-5]\d)-(\d\d):([0-5]\d)$")


class ProfileError(ValueError):
    """A profile's data cannot be used; the message names profile and key."""


@dataclass(frozen=True, slots=True)
class Window:
    """Minutes of the callee's day in which a call may begin: opens <= minute < closes."""

    opens: int
    closes: int

    def __post_init__(self) -> None:
        if not 0 <= self.opens < self.closes <= MINUTES_OF_A_DAY:
            raise ValueError(f"{self} is no window of one day")

    def __str__(self) -> str:
        opens, closes = (f"{m // 60:02}:{m % 60:02}" for m in (self.opens, self.closes))
        return f"{opens}-{closes}"


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of what is allowed. Counts are per number; None: no limit of the profile.

    windows: sorted and apart; None: no limit of hours. weekdays: 0 is Monday.
    """

    name: str
    jurisdiction: str
    source: str
    windows: tuple[Window, ...] | None
    weekdays: frozenset[int]
    closed_on_holidays: bool
    max_tries_per_day: int | None = None
    max_tries_per_24_hours: int | None = None
    max_tries_per_7_days: int | None = None
    min_gap: timedelta = timedelta(0)

    @property
    def limits_hours(self) -> bool:
        """Whether there is any moment at which the clock alone forbids a call."""
        return self.windows is not None or len(self.weekdays) < 7 or self.closed_on_holidays


def _window(text: str, where: str) -> Window:
    match = _WINDOW.match(text)
    if match is None:
        raise ProfileError(f"{where}: {text!r} is not like '09:00-12:00'")
    hours = [int(group) for group in match.groups()]
    try:
        return Window(hours[0] * 60 + hours[1], hours[2] * 60 + hours[3])
    except ValueError as error:
        raise ProfileError(f"{where}: {text!r}: {error}") from None


def _windows(row: dict[str, object], name: str) -> tuple[Window, ...] | None:
    if "windows" not in row:
        return None
    texts = cast("list[str]", row.pop("windows"))
    found = tuple(sorted((_window(t, f"{name}.windows") for t in texts), key=lambda w: w.opens))
    for earlier, later in pairwise(found):
        if later.opens <= earlier.closes:
            raise ProfileError(f"{name}.windows: {earlier} and {later} meet")
    if not found:
        raise ProfileError(f"{name}.windows: is empty; leave it out for no limit of hours")
    return found


def _count(row: dict[str, object], key: str, name: str) -> int | None:
    value = row.pop(key, None)
    if value is not None and (not isinstance(value, int) or value < 1):
        raise ProfileError(f"{name}.{key}: {value!r} is not a number from 1")
    return value


def _weekdays(row: dict[str, object], name: str) -> frozenset[int]:
    days = cast("list[str]", row.pop("weekdays", []))
    unknown = [day for day in days if day not in WEEKDAYS]
    if unknown or not days:
        raise ProfileError(f"{name}.weekdays: {unknown or days} is not among {', '.join(WEEKDAYS)}")
    return frozenset(WEEKDAYS.index(day) for day in days)


def _profile(name: str, data: Mapping[str, object]) -> Profile:
    row = dict(data)
    holidays = row.pop("holidays", None)
    if holidays not in ("closed", "ignored"):
        raise ProfileError(f"{name}.holidays: {holidays!r} is neither 'closed' nor 'ignored'")
    profile = Profile(
        name=name,
        jurisdiction=str(row.pop("jurisdiction", "")),
        source=str(row.pop("source", "")),
        windows=_windows(row, name),
        weekdays=_weekdays(row, name),
        closed_on_holidays=holidays == "closed",
        max_tries_per_day=_count(row, "max_tries_per_day", name),
        max_tries_per_24_hours=_count(row, "max_tries_per_24_hours", name),
        max_tries_per_7_days=_count(row, "max_tries_per_7_days", name),
        min_gap=timedelta(minutes=_count(row, "min_gap_minutes", name) or 0),
    )
    if row:
        raise ProfileError(f"{name}: unknown key {', '.join(sorted(row))}")
    return profile


def parse_profiles(text: str) -> Mapping[str, Profile]:
    """Read profiles from TOML; raises ProfileError at the first thing that is not understood."""
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"calling hours: {error}") from None
    return MappingProxyType({name: _profile(name, table) for name, table in tables.items()})


@cache
def load_profiles() -> Mapping[str, Profile]:
    """Return the profiles that come with this program."""
    return parse_profiles(files("dialer").joinpath("calling_hours.toml").read_text("utf-8"))


def find_profile(name: str) -> Profile | None:
    """Return the profile of that name; None lets `may_call` fail closed."""
    return load_profiles().get(name)
