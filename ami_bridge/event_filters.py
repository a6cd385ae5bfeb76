"""What the `eventfilter` lines of a manager.conf user keep from us. Pure.

Two forms: `eventfilter = [!]REGEX` over the whole event, and since Asterisk 18.26, 20.11, 21.6 and
22.1 `eventfilter(action(exclude),name(Hangup),header(Channel),method(starts_with)) = TEXT`. Without
any including filter everything is let through; what is excluded is kept back in any case.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from ami_bridge.asterisk_conf import Section

_OPTION = "eventfilter"
_ADVANCED_SINCE = {18: 26, 20: 11, 21: 6, 22: 1}
_CRITERION = re.compile(r"(action|name|header|method)\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class EventFilter:
    """One line. name: the only event that it speaks of, in lower case; empty: of any.

    pattern: a plain filter's regex. is_partial: it looks at values, so it takes some events of a
    name only.
    """

    line: str
    excludes: bool
    name: str = ""
    pattern: str = ""
    is_partial: bool = False

    def hides(self, event: str) -> bool:
        """Tell whether it keeps back any event of this name."""
        return self.excludes and self._speaks_of(event)

    def shows(self, event: str) -> bool:
        """Tell whether it lets every event of this name through."""
        return not self.excludes and not self.is_partial and self._speaks_of(event)

    def _speaks_of(self, event: str) -> bool:
        if not self.pattern:
            return self.name in ("", event.lower())
        try:
            return re.search(self.pattern, f"Event: {event}\r\n") is not None
        except re.error:
            return False  # Asterisk leaves it out as well


def knows_advanced(version: str) -> bool:
    """Tell whether this Asterisk reads the form with criteria; one that does not tell is new."""
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers is None:
        return True
    branch, release = int(numbers[1]), int(numbers[2])
    return branch > max(_ADVANCED_SINCE) or release >= _ADVANCED_SINCE.get(branch, release + 1)


def filters_of(section: Section, version: str = "") -> list[EventFilter]:
    """Read a user's filters: of both forms, or of the one that this version knows."""
    with_criteria = advanced_lines(section) if knows_advanced(version) else []
    return [
        _plain(value) if key == _OPTION else _advanced(key, value)
        for key, value in section.pairs
        if key == _OPTION or (key, value) in with_criteria
    ]


def advanced_lines(section: Section) -> list[tuple[str, str]]:
    """Return the lines with criteria, as key and value."""
    return [(key, value) for key, value in section.pairs if key.startswith(f"{_OPTION}(")]


def hidden_events(filters: Sequence[EventFilter], wanted: Collection[str]) -> list[str]:
    """Return which of the wanted events, or some of them, no longer come."""
    including = [one for one in filters if not one.excludes]
    return [
        event
        for event in sorted(wanted)
        if any(one.hides(event) for one in filters)
        or (including and not any(one.shows(event) for one in including))
    ]


def to_change(filters: Sequence[EventFilter], hidden: Collection[str]) -> list[str]:
    """Return the lines that keep those events back; where it is for want of one, all that include.

    Empty only where nothing is hidden.
    """
    guilty = [one.line for one in filters if any(one.hides(event) for event in hidden)]
    return guilty or ([one.line for one in filters if not one.excludes] if hidden else [])


def _plain(value: str) -> EventFilter:
    excludes = value.startswith("!")
    return EventFilter(f"{_OPTION} = {value}", excludes, pattern=value.removeprefix("!"))


def _advanced(key: str, value: str) -> EventFilter:
    criteria = dict(_CRITERION.findall(key))
    looks_at_values = bool(value or "header" in criteria) and criteria.get("method") != "none"
    return EventFilter(
        f"{key} = {value}".rstrip(),
        criteria.get("action") == "exclude",
        name=criteria.get("name", "").strip(),
        is_partial=looks_at_values,
    )
