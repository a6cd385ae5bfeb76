"""Fill the @NAME@ placeholders of configuration templates. Needs the standard library only.

`python -m lab.render SITE_DEFAULTS SOURCE_DIR TARGET_DIR` takes each value from SITE_<NAME> in the
environment, else from the file of defaults. The container's entrypoint runs this file by its path.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping
from pathlib import Path

_LAB = Path(__file__).resolve().parent
# An installed wheel carries the sample configuration inside of this package.
SAMPLE_DIR = _LAB / "sample" if (_LAB / "sample").is_dir() else _LAB.parent
_PLACEHOLDER = re.compile(r"@([A-Z][A-Z0-9_]*)@")
_ENVIRONMENT_PREFIX = "SITE_"


class RenderError(Exception):
    """A value is missing, unknown or cannot stand in a configuration file."""


def read_defaults(path: Path) -> dict[str, str | None]:
    """Every known name; None where a site must give the value."""
    known: dict[str, str | None] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            name, is_given, value = line.partition("=")
            known[name] = value if is_given else None
    return known


def complete(known: Mapping[str, str | None], given: Mapping[str, str]) -> dict[str, str]:
    """The given values over the defaults; refuses unknown names and values that break a line."""
    if unknown := sorted(set(given) - set(known)):
        raise RenderError(f"unknown setting: {', '.join(unknown)}")
    values = {name: value for name, value in known.items() if value is not None} | dict(given)
    if missing := sorted(set(known) - set(values)):
        raise RenderError(f"no value for: {', '.join(missing)}")
    for name, value in values.items():
        if any(character in value for character in "\r\n\0;"):
            raise RenderError(f"{name} holds a line break, a NUL or a semicolon")
    return values


def render_text(text: str, values: Mapping[str, str], where: str = "template") -> str:
    """The text with every placeholder replaced."""
    if unknown := sorted(set(_PLACEHOLDER.findall(text)) - set(values)):
        raise RenderError(f"{where}: no value for {', '.join(unknown)}")
    return _PLACEHOLDER.sub(lambda match: values[match[1]], text)


def render_files(sources: list[Path], target: Path, values: Mapping[str, str]) -> None:
    """Write the rendered files, readable by their owner only: they hold secrets."""
    target.mkdir(parents=True, exist_ok=True)
    for source in sources:
        text = render_text(source.read_text(encoding="utf-8"), values, source.name)
        write_private(target / source.name, text)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, from its first byte on."""
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def site_values(environment: Mapping[str, str], defaults: Path) -> dict[str, str]:
    """Values of this site, from the environment and the defaults."""
    given = {
        name.removeprefix(_ENVIRONMENT_PREFIX): value
        for name, value in environment.items()
        if name.startswith(_ENVIRONMENT_PREFIX)
    }
    return complete(read_defaults(defaults), given)


def main(arguments: list[str]) -> int:
    """Render SOURCE folder into TARGET folder."""
    if len(arguments) != 3:
        print("usage: render.py SITE_DEFAULTS SOURCE_DIR TARGET_DIR", file=sys.stderr)
        return 2
    defaults, source, target = map(Path, arguments)
    try:
        render_files(sorted(source.glob("*.conf")), target, site_values(os.environ, defaults))
    except (RenderError, OSError) as error:
        print(f"render: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
