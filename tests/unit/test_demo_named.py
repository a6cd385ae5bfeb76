"""The demo beside a named Asterisk: refused in clear words, before anything is dialled."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from cli.demo_named import NamedAsteriskUnfit, find_named, trunk_target

QUEUES = ("callfloor", "callfloor-amd")
FIT = {
    "CALLFLOOR_AMI_URL": "ami://127.0.0.1:5038",
    "CALLFLOOR_AMI_READER_SECRET": "r",
    "CALLFLOOR_AMI_ACTOR_SECRET": "a",
    "CALLFLOOR_DEMO_AGENT_SECRET": "g",
    "CALLFLOOR_ASTERISK_CEL_LEDGER": "/tmp/callfloor-cel.csv",
}


@pytest.fixture
def name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., None]:
    """Sets the environment of a fit Asterisk, but for what is given."""
    ledger = {"CALLFLOOR_ASTERISK_CEL_LEDGER": str(tmp_path / "callfloor-cel.csv")}

    def set_environment(**changed: str) -> None:
        for key, value in (FIT | ledger | changed).items():
            monkeypatch.setenv(key, value)

    return set_environment


async def test_nothing_named_is_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CALLFLOOR_AMI_URL", raising=False)
    assert await find_named(8, QUEUES) is None


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("CALLFLOOR_AMI_URL", "http://somewhere", "setting ami.url"),
        ("CALLFLOOR_AMI_URL", "ami://192.0.2.1:5038", "is not on this machine"),
        ("CALLFLOOR_DEMO_AGENT_SECRET", "", "SITE_AGENT_SECRET of that Asterisk"),
        ("CALLFLOOR_DEMO_SIP_PORT", "70000", "a number from 1 to 65535"),
        ("CALLFLOOR_ASTERISK_CEL_LEDGER", "", "LEDGER_FOLDER"),
        ("CALLFLOOR_ASTERISK_CEL_LEDGER", "/no/such/folder/cel.csv", "cannot be read"),
    ],
)
async def test_what_is_missing_is_named_with_its_remedy(
    name: Callable[..., None], variable: str, value: str, words: str
) -> None:
    name(**{variable: value})
    with pytest.raises(NamedAsteriskUnfit, match=words):
        await find_named(8, QUEUES)


async def test_an_asterisk_that_is_not_there_is_named(name: Callable[..., None]) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        name(CALLFLOOR_AMI_URL=f"ami://127.0.0.1:{closed.getsockname()[1]}")
        with pytest.raises(NamedAsteriskUnfit, match=r"connection: .*Start Asterisk"):
            await find_named(8, QUEUES)


@pytest.mark.parametrize(
    ("contacts", "target"),
    [
        ("PJSIP/carrier/sip:127.0.0.1:7060", ("127.0.0.1", 7060)),
        ("PJSIP/carrier/sip:203.0.113.5", ("203.0.113.5", 5060)),
        ("PJSIP/carrier/sip:us@carrier.example:5080;transport=udp", ("carrier.example", 5080)),
        ("", ("", 0)),
    ],
)
def test_the_trunk_says_where_it_leads(contacts: str, target: tuple[str, int]) -> None:
    assert trunk_target(contacts) == target
