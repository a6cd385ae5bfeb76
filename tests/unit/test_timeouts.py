"""No module invents a time limit of its own: every second has a name in config/timeouts.py."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODELS = ("pacing", "simulation")
"""Their seconds are figures of a model, at which nothing waits."""
PACKAGES = ("ami_bridge", "calls", "cdr_ingest", "cli", "crm", "dialer", "reports", "store", "web")
LITERAL = re.compile(r"(?:\btimeout|\bsleep\(|wait_for\([^)]*,)\s*=?\s*(\d+(?:\.\d+)?)")


@pytest.mark.parametrize("package", PACKAGES)
def test_no_number_stands_where_a_named_limit_belongs(package: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()}"
        for path in (ROOT / package).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LITERAL.search(line) and "sleep(0)" not in line
    ]

    assert found == []


def test_a_number_of_seconds_is_named_in_one_place_only() -> None:
    constant = re.compile(r"^[A-Z_]+_(?:SECONDS|MS|MINUTES)\b.*= *\d", re.MULTILINE)
    found = [
        f"{path.relative_to(ROOT)}: {line}"
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
        if path.parent.name not in MODELS
        for line in constant.findall(path.read_text(encoding="utf-8"))
    ]

    assert found == []
