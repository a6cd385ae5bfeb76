"""Law packs: versioned data, read from `calling_hours.toml` and a file of the user's own."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache
from importlib.resources import files
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import cast

from config.timeouts import LAW_CONNECT_SECONDS

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES_OF_A_DAY = 24 * 60
DEFAULT_MAX_ABANDONMENT = 0.03
"""16 CFR 310.4(b)(4): 3 % of the calls answered by a person, where a pack names no share."""
_LIST_NAME = re.compile(r"^[a-z0-9][a-z0-9_-]{0,39}$")
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


class AbandonmentWindow(StrEnum):
    """Over which time a law measures abandoned calls; always per campaign."""

    ROLLING_24_HOURS = "rolling_24_hours"
    CAMPAIGN_30_DAYS = "campaign_30_days"
    """The campaign so far, then each successive 30 days and any 30 days: the worse counts."""


@dataclass(frozen=True, slots=True)
class Profile:
    """One version of what is allowed. Counts are per number; None: no limit of the profile.

    windows: sorted and apart; None: no limit of hours. weekdays: 0 is Monday.
    max_abandonment: share of the calls answered by a person that may find no agent within
    connect_seconds. min_ring_seconds: a call rings at least so long. abandoned_lock: an abandoned
    number is left alone for so long. do_not_call_lists: lists that must be imported, none older
    than do_not_call_max_age. keep_records_days: how long the law wants proof kept.
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
    max_abandonment: float = DEFAULT_MAX_ABANDONMENT
    abandonment_window: AbandonmentWindow = AbandonmentWindow.CAMPAIGN_30_DAYS
    connect_seconds: float = LAW_CONNECT_SECONDS
    min_ring_seconds: int = 0
    abandoned_lock: timedelta = timedelta(0)
    do_not_call_lists: tuple[str, ...] = ()
    do_not_call_max_age: timedelta = timedelta(days=31)
    consent_required: bool = False
    recording_notice_required: bool = False
    keep_records_days: int = 0

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


def _number(row: dict[str, object], key: str, name: str, default: float) -> float:
    value = row.pop(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ProfileError(f"{name}.{key}: {value!r} is not a number")
    return float(value)


def _percent(row: dict[str, object], key: str, name: str) -> float:
    value = _number(row, key, name, 100 * DEFAULT_MAX_ABANDONMENT)
    if not 0 <= value <= 100:
        raise ProfileError(f"{name}.{key}: {value:g} is not from 0 to 100")
    return value


def _seconds(row: dict[str, object], key: str, name: str) -> float:
    value = _number(row, key, name, LAW_CONNECT_SECONDS)
    if not 0 < value <= 60:
        raise ProfileError(f"{name}.{key}: {value:g} is not above 0 and up to 60")
    return value


def _flag(row: dict[str, object], key: str, name: str) -> bool:
    value = row.pop(key, False)
    if not isinstance(value, bool):
        raise ProfileError(f"{name}.{key}: {value!r} is neither true nor false")
    return value


def _abandonment_window(row: dict[str, object], name: str) -> AbandonmentWindow:
    value = row.pop("abandonment_window", AbandonmentWindow.CAMPAIGN_30_DAYS.value)
    try:
        return AbandonmentWindow(str(value))
    except ValueError:
        known = ", ".join(AbandonmentWindow)
        raise ProfileError(f"{name}.abandonment_window: {value!r} is not among {known}") from None


def _list_names(row: dict[str, object], name: str) -> tuple[str, ...]:
    names = cast("list[str]", row.pop("do_not_call_lists", []))
    for one in names:
        if not _LIST_NAME.match(str(one)):
            raise ProfileError(f"{name}.do_not_call_lists: {one!r} is no name of a list")
    return tuple(names)


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
        max_abandonment=_percent(row, "max_abandoned_percent", name) / 100,
        abandonment_window=_abandonment_window(row, name),
        connect_seconds=_seconds(row, "connect_seconds", name),
        min_ring_seconds=_count(row, "min_ring_seconds", name) or 0,
        abandoned_lock=timedelta(hours=_count(row, "abandoned_lock_hours", name) or 0),
        do_not_call_lists=_list_names(row, name),
        do_not_call_max_age=timedelta(days=_count(row, "do_not_call_max_age_days", name) or 31),
        consent_required=_flag(row, "consent_required", name),
        recording_notice_required=_flag(row, "recording_notice_required", name),
        keep_records_days=_count(row, "keep_records_days", name) or 0,
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
    """Return the packs that come with this program."""
    return parse_profiles(files("dialer").joinpath("calling_hours.toml").read_text("utf-8"))


def read_profiles(own: Path | None) -> Mapping[str, Profile]:
    """Return our packs and those of the user's own file; raises ProfileError.

    A pack of ours cannot be replaced: a version says the same everywhere.
    """
    ours = load_profiles()
    if own is None:
        return ours
    try:
        text = own.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"cannot read the law packs of {own}: {error}") from None
    theirs = parse_profiles(text)
    if taken := sorted(ours.keys() & theirs.keys()):
        raise ProfileError(f"{own}: {', '.join(taken)} is a pack of ours; give yours another name")
    return MappingProxyType({**ours, **theirs})


def find_profile(name: str) -> Profile | None:
    """Return the pack of ours of that name; None lets `may_call` fail closed."""
    return load_profiles().get(name)
