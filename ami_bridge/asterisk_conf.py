"""Asterisk's configuration files, read as Asterisk reads them: sections, templates, repeated keys.

`#include` of a readable file is followed; what is not (`#exec`, patterns) shows in `includes`.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

_SECTION = re.compile(r"\[([^\]]*)\]\s*(?:\(([^)]*)\))?")
_BLOCK_COMMENT = re.compile(r";--(?!-).*?--;", re.DOTALL)
_INCLUDE = re.compile(r"^#(?:try)?include\s+[<\"]?([^<>\";\s]+)[>\"]?.*$", re.MULTILINE)
_MAX_DEPTH = 10
"""A file that includes itself ends here; Asterisk allows 10 levels, too (MAX_INCLUDE_LEVEL)."""
_TRUE = frozenset({"yes", "true", "y", "t", "1", "on"})


@dataclass(slots=True)
class Section:
    """One section's values, in order. Keys are lower case; the last value of a key counts."""

    pairs: list[tuple[str, str]] = field(default_factory=list)

    def all_of(self, key: str) -> list[str]:
        """Return every value of a repeated key."""
        return [value for name, value in self.pairs if name == key]

    def get(self, key: str, default: str = "") -> str:
        """Return the value that counts."""
        return next(reversed(self.all_of(key)), default)

    def is_on(self, key: str, *, default: bool) -> bool:
        """Tell whether Asterisk takes the value for true."""
        return self.get(key, "yes" if default else "no").lower() in _TRUE

    def words(self, key: str) -> frozenset[str]:
        """Return a comma-separated value's words in lower case."""
        text = ",".join(self.all_of(key))
        return frozenset(word.strip().lower() for word in text.split(",") if word.strip())


@dataclass(slots=True)
class ConfigFile:
    """One file. includes: whether parts of it stand where we did not look."""

    sections: dict[str, Section] = field(default_factory=dict)
    includes: bool = False

    def section(self, name: str) -> Section:
        """Return a section, empty where there is none."""
        return self.sections.get(name, Section())


def read_conf(path: Path) -> ConfigFile:
    """Read one file; raises OSError. Bytes that are no UTF-8 are replaced."""
    return parse_conf(_whole_text(path, _MAX_DEPTH))


def _whole_text(path: Path, depth: int) -> str:
    """Return the file's text with the included files in their places; relative to its folder."""

    def included(line: re.Match[str]) -> str:
        try:
            return _whole_text(path.parent / line[1], depth - 1) if depth else line[0]
        except OSError:
            return line[0]

    return _INCLUDE.sub(included, path.read_text(encoding="utf-8", errors="replace"))


def parse_conf(text: str) -> ConfigFile:
    """Read a file's text. What Asterisk would not understand is left out."""
    parsed, section = ConfigFile(), Section()
    for line in _BLOCK_COMMENT.sub("", text).splitlines():
        bare = _without_comment(line)
        if bare.startswith("#"):
            parsed.includes = True
        elif head := _SECTION.match(bare):
            section = _open_section(parsed, head[1], head[2] or "")
        elif "=" in bare:
            key, _, value = bare.partition("=")
            section.pairs.append((key.strip().lower(), value.removeprefix(">").strip()))
    return parsed


def _without_comment(line: str) -> str:
    return re.sub(r"(?<!\\);.*", "", line).replace(r"\;", ";").strip()


def _open_section(parsed: ConfigFile, name: str, options: str) -> Section:
    """Begin or continue a section; those named in parentheses give it their values first."""
    known = parsed.sections.setdefault(name, Section())
    for option in (word.strip() for word in options.split(",")):
        if option not in ("", "!", "+"):
            known.pairs += parsed.section(option).pairs
    return known
