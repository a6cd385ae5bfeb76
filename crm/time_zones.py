"""The time zone text of a lead: every place where the callee may be, as few names as possible."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)


@cache
def zone_countries() -> Mapping[str, str]:
    """Return the ISO country of each IANA zone that belongs to one, old names included."""
    countries = {row[2]: row[0] for row in _table("zone.tab")}
    for kind, target, *names in (line.split() for line in _lines("tzdata.zi") if line[:1] == "L"):
        if kind == "L" and target in countries:
            countries.setdefault(names[0], countries[target])
    return countries


@cache
def canonical_zones() -> frozenset[str]:
    """Return the zones that the tz database itself prefers among those that share a clock."""
    return frozenset(row[2] for row in _table("zone1970.tab"))


def _lines(name: str) -> list[str]:
    return files("tzdata").joinpath("zoneinfo", name).read_text("utf-8").splitlines()


def _table(name: str) -> list[list[str]]:
    return [line.split("\t") for line in _lines(name) if line and not line.startswith("#")]


@cache
def clock_rules(zone: str, year: int) -> tuple[tuple[datetime, timedelta], ...]:
    """Return from when which offset from UTC holds there, in that year and the next.

    Found by looking at each midnight UTC, so two changes within one day are not seen.
    """
    clock = ZoneInfo(zone)
    moment = datetime(year, 1, 1, tzinfo=UTC)
    end = datetime(year + 2, 1, 1, tzinfo=UTC)
    offset = _offset(clock, moment)
    found = [(moment, offset)]
    while moment < end:
        following = moment + _DAY
        if (changed := _offset(clock, following)) != offset:
            found.append((_change(clock, moment, following), changed))
            offset = changed
        moment = following
    return tuple(found)


def _offset(clock: ZoneInfo, moment: datetime) -> timedelta:
    offset = moment.astimezone(clock).utcoffset()
    return timedelta(0) if offset is None else offset


def _change(clock: ZoneInfo, before: datetime, after: datetime) -> datetime:
    start = _offset(clock, before)
    while after - before > _MINUTE:
        middle = before + (after - before) / 2
        if _offset(clock, middle) == start:
            before = middle
        else:
            after = middle
    return after.replace(second=0, microsecond=0)


@lru_cache(maxsize=4096)
def time_zone_text(zones: tuple[str, ...], year: int) -> str:
    """Return the zones' names, sorted, comma-separated; one name for all that share a clock.

    year: zones count as the same if their clocks agree in this year and the next. A zone that
    the tz database does not have makes the text empty: then nobody knows the hour.
    """
    groups: dict[tuple[tuple[datetime, timedelta], ...], list[str]] = {}
    for zone in zones:
        try:
            groups.setdefault(clock_rules(zone, year), []).append(zone)
        except (KeyError, ValueError, OSError):
            return ""
    return ",".join(sorted(_representative(names) for names in groups.values()))


def _representative(names: Iterable[str]) -> str:
    canonical = canonical_zones()
    return min(names, key=lambda name: (name not in canonical, name))
