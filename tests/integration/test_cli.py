"""The command line: bad input gets one clear line and the right exit code, nothing half-done."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from calls.ids import AgentId, QueueName
from store.campaigns import CampaignStore
from store.database import Database

pytestmark = pytest.mark.postgres

NO_SERVER = "postgresql://x:y@127.0.0.1:1/none"


def run(*arguments: str, url: str = NO_SERVER, **more: str) -> subprocess.CompletedProcess[str]:
    """Run `callfloor` as a user would, without the caller's own settings."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("CALLFLOOR_")}
    environment |= {"CALLFLOOR_DATABASE_URL": url, "COLUMNS": "200"}
    environment |= {f"CALLFLOOR_{name}": value for name, value in more.items()}
    return subprocess.run(
        [sys.executable, "-m", "cli.main", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )


def assert_one_line(done: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    """Assert exit code and that standard error is one line of ours with these words."""
    lines = [line for line in done.stderr.splitlines() if line.startswith("callfloor: ")]
    assert done.returncode == code, done.stderr
    assert len(lines) == 1, done.stderr
    assert words in lines[0]
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "verb", [("serve",), ("campaign", "list"), ("migrate",), ("agents", "list")]
)
def test_a_database_that_is_not_there(verb: tuple[str, ...]) -> None:
    assert_one_line(run(*verb), 1, "cannot connect to the database")


def test_a_database_that_was_never_migrated(postgres_url: str) -> None:
    assert_one_line(run("campaign", "list", url=postgres_url), 1, "run `callfloor migrate`")


def test_an_asterisk_that_is_not_there(database_url: str) -> None:
    done = run("serve", url=database_url, AMI_URL="ami://127.0.0.1:1", LOG_LEVEL="error")

    assert_one_line(done, 1, "no Asterisk at 127.0.0.1:1")


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("WEB_PORT", "x", "web.port = 'x'"),
        ("WEB_PROT", "1", "did you mean CALLFLOOR_WEB_PORT?"),
        ("AMI_URL", "http://x", "ami.url = 'http://x'"),
        ("CONFIG", "/none.toml", "cannot read /none.toml"),
    ],
)
def test_a_malformed_setting(setting: str, value: str, words: str) -> None:
    assert_one_line(run("campaign", "list", **{setting: value}), 2, words)


@pytest.mark.parametrize("verb", ["start", "pause", "stop"])
def test_an_unknown_campaign(database_url: str, verb: str) -> None:
    assert_one_line(
        run("campaign", verb, "nope", url=database_url),
        1,
        "unknown campaign 'nope'; there are: none yet",
    )


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("campaign", "add", "Has Space"), 1, "small letters, digits"),
        (("campaign", "add", "a", "--rule", "x"), 1, "no effective-call rule"),
        (("campaign", "add", "a", "--amd", "x"), 1, "--amd should be off, label or hangup"),
        (("campaign", "add", "a", "--caller-id", "1 Action: x"), 1, "--caller-id should be"),
        (("campaign", "add", "a", "--trunk", "x y"), 1, "--trunk should be letters"),
        (("campaign", "add", "a", "--queue", "a,b"), 1, "--queue should be letters"),
        (("agents", "add", "a", "An\u200bna"), 1, "should be printable text"),
        (("agents", "add", "A B", "Anna"), 1, "small letters, digits"),
        (("agents", "sign-in", "agent-1"), 1, "unknown agent 'agent-1'; there are: none yet"),
        (("agents", "pause", "agent-1", "--reason", "lunch"), 1, "unknown agent 'agent-1'"),
    ],
)
def test_a_value_that_cannot_be(
    database_url: str, arguments: tuple[str, ...], code: int, words: str
) -> None:
    assert_one_line(run(*arguments, url=database_url), code, words)


async def test_a_pause_reason_over_79_bytes_is_told_how_long_it_is(
    database: Database, database_url: str
) -> None:
    """Asterisk keeps 79 bytes: a limit in characters would cut a Chinese text in two."""
    store = CampaignStore(database)
    await store.add_agent(AgentId("agent-1"), "Li Na")
    await store.sign_in(AgentId("agent-1"), QueueName("callfloor"))

    done = run("agents", "pause", "agent-1", "--reason", "午" * 27, url=database_url)

    words = "has 81 bytes; it should have 1 to 79 (a Chinese character takes 3)"
    assert_one_line(done, 1, words)
    assert [seat.pause_reason for seat in await store.seats()] == [None]


@pytest.mark.parametrize(
    "arguments",
    [
        ("campaign", "add", "a", "--retry", "bussy=3"),
        ("campaign", "add", "a", "--calling-hours", "never"),
        ("campaign", "add", "a", "--ring-seconds", "0"),
        ("campaign",),
        ("nonsense",),
    ],
)
def test_a_command_used_wrongly_exits_2(database_url: str, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, url=database_url)

    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr


def test_a_malformed_call_list_names_what_is_wrong(database_url: str, tmp_path: Path) -> None:
    run("campaign", "add", "spring", url=database_url)
    bad = tmp_path / "bad.csv"
    bad.write_text("company,fone\nx,1\n", encoding="utf-8")

    done = run("leads", "import", "spring", str(bad), url=database_url)

    assert done.returncode == 1
    assert "fone" in done.stderr
    assert "phone" in done.stderr


def test_a_campaign_from_the_command_line_to_its_listing(database_url: str, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text("company,phone\n甲公司,+8613900000001\n乙公司,13900000002\n", encoding="utf-8")

    assert run("campaign", "add", "spring", "--retry", "busy=60", url=database_url).returncode == 0
    assert run("leads", "import", "spring", str(good), url=database_url).returncode == 0
    again = run("leads", "import", "spring", str(good), "--format", "json", url=database_url)
    assert run("campaign", "start", "spring", url=database_url).returncode == 0
    listed = run("campaign", "list", "--format", "json", url=database_url)

    assert json.loads(again.stdout)["added"] == 0
    [campaign] = json.loads(listed.stdout)
    assert (campaign["campaign"], campaign["status"], campaign["ready"]) == (
        "spring",
        "running",
        "2",
    )
