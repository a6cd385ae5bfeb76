"""The lab itself: how it renders, claims ports, dies and finds Postgres again."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab.home import obtain
from lab.lab import Lab
from lab.ports import NoPortsError, PortBlock
from lab.render import (
    SAMPLE_DIR,
    RenderError,
    complete,
    main,
    read_defaults,
    render_text,
    site_values,
)
from lab.tree import TreeError

DEFAULTS = SAMPLE_DIR / "site.defaults"
SITE = {
    "SITE_AMI_READER_SECRET": "r",
    "SITE_AMI_ACTOR_SECRET": "a",
    "SITE_AMI_KEEPER_SECRET": "k",
    "SITE_AGENT_SECRET": "g",
    "SITE_TRUNK_HOST": "192.0.2.1",
    "SITE_PG_PASSWORD": "",
}


def test_a_site_names_its_secrets_and_trunk_and_nothing_else_must(tmp_path: Path) -> None:
    with pytest.raises(RenderError) as missing:
        site_values({}, DEFAULTS)
    for name in SITE:
        assert name.removeprefix("SITE_") in str(missing.value)
    assert site_values(SITE, DEFAULTS)["AMI_PORT"] == "5038"


def test_every_placeholder_has_a_setting_and_every_setting_is_used(tmp_path: Path) -> None:
    values = site_values(SITE, DEFAULTS)
    texts = [path.read_text(encoding="utf-8") for path in (SAMPLE_DIR / "etc").glob("*.conf")]
    for text in texts:
        assert not re.search(r"@[A-Z_]+@", render_text(text, values))
    unused = {name for name in values if not any(f"@{name}@" in text for text in texts)}
    assert unused == set()


@pytest.mark.parametrize("value", ["two\nlines", "a;comment", "nul\0"])
def test_a_value_that_would_break_a_line_is_refused(value: str) -> None:
    with pytest.raises(RenderError, match="AMI_PORT"):
        complete({"AMI_PORT": "5038"}, {"AMI_PORT": value})


def test_an_unknown_setting_is_refused() -> None:
    with pytest.raises(RenderError, match="unknown setting: AMI_PROT"):
        complete(read_defaults(DEFAULTS), {"AMI_PROT": "5038"})


def test_rendered_files_are_for_their_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SITE.items():
        monkeypatch.setenv(name, value)
    assert main([str(DEFAULTS), str(SAMPLE_DIR / "etc"), str(tmp_path)]) == 0
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_block_of_ports_has_one_owner() -> None:
    first = PortBlock.claim()
    with pytest.raises(NoPortsError):
        PortBlock.claim(first.base)
    first.close()
    PortBlock.claim(first.base).close()


def test_an_unknown_version_is_refused() -> None:
    with pytest.raises(TreeError, match="no such version"):
        obtain("99")


@pytest.mark.asterisk
def test_asterisk_dies_with_the_process_that_started_it(lab: Lab) -> None:
    """SIGKILL leaves neither Asterisk nor, after the next start, folders behind."""
    command = [sys.executable, "-m", "lab", "up", "--version", lab.version, "--agents", "1"]
    process = subprocess.Popen(command, cwd=SAMPLE_DIR, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    with process.stdout:
        printed = ""
        while not printed.endswith("\n}\n"):
            line = process.stdout.readline()
            assert line, f"the lab did not come up: {printed}"
            printed += line
        described = json.loads(printed)
        pids = [described[role]["pid"] for role in ("pbx", "carrier", "phones")]
        assert all(is_running(pid) for pid in pids)
        process.send_signal(signal.SIGKILL)
        process.wait()
    deadline = time.monotonic() + 5
    while any(is_running(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [pid for pid in pids if is_running(pid)]
    folder = Path(described["pbx"]["log"]).parents[2]
    fresh = Lab(lab.version, agents=0)
    fresh.stop()
    assert not folder.exists()


def is_running(pid: int) -> bool:
    """False also for the dead whom nobody has buried."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"


@pytest.mark.asterisk
def test_the_console_answers(lab: Lab) -> None:
    assert f"Asterisk {lab.version}." in lab.pbx.console("core show version")
