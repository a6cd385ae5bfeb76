"""A real Asterisk that the demo did not start and that lacks something is told what."""

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.demo_floor import AMD_QUEUE, MAIN_QUEUE
from cli.demo_named import NamedAsteriskUnfit, find_named
from lab.instance import Instance
from lab.lab import Lab

pytestmark = [pytest.mark.asterisk, pytest.mark.timeout(240)]

QUEUES = (MAIN_QUEUE, AMD_QUEUE)
AGENTS = 3


@pytest.fixture
def pbx(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lab]:
    """The sample's Asterisk alone: its trunk leads to a port where nothing listens yet."""
    lab = Lab("22", agents=AGENTS)
    lab.start()
    lab.carrier.stop()
    lab.phones.stop()
    for key, value in {
        "AMI_URL": f"ami://127.0.0.1:{lab.pbx.ami_port}",
        "AMI_READER_SECRET": lab.pbx.logins["callfloor-reader"].secret,
        "AMI_ACTOR_SECRET": lab.pbx.logins["callfloor-actor"].secret,
        "DEMO_AGENT_SECRET": lab.agent_secret,
        "DEMO_SIP_PORT": str(lab.pbx.ports.sip),
        "ASTERISK_CEL_LEDGER": str(lab.pbx.cel_ledger),
    }.items():
        monkeypatch.setenv(f"CALLFLOOR_{key}", value)
    yield lab
    lab.stop()


async def test_a_named_asterisk_that_lacks_something_is_told_what(
    pbx: Lab, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def refusal(agents: int = AGENTS, queues: tuple[str, ...] = QUEUES) -> str:
        with pytest.raises(NamedAsteriskUnfit) as refused:
            await find_named(agents, queues)
        return str(refused.value)

    assert "has no queue no-such-queue. They are in queues.conf" in await refusal(
        queues=("no-such-queue",)
    )
    assert "has no endpoint agent-1021" in await refusal(agents=21)
    with monkeypatch.context() as other:
        other.setenv("CALLFLOOR_AMI_ACTOR_SECRET", secrets.token_hex(4))
        assert "Compare the secret of [callfloor-actor]" in await refusal()
    with monkeypatch.context() as other:
        other.setenv("CALLFLOOR_ASTERISK_CEL_LEDGER", str(tmp_path / "another.csv"))
        assert "does not hold the call that was just made" in await refusal()
    pbx.carrier.start()
    assert "where something listens already" in await refusal()
    _point_trunk_at(pbx.pbx, "203.0.113.5")
    assert "trunk carrier: leads to 203.0.113.5" in await refusal()
    (pbx.pbx.etc_dir / "extensions.conf").write_text("[general]\n", encoding="utf-8")
    pbx.pbx.console("dialplan reload")
    assert "has no context callfloor-answered" in await refusal()


def _point_trunk_at(pbx: Instance, host: str) -> None:
    path = pbx.etc_dir / "pjsip.conf"
    text = path.read_text(encoding="utf-8")
    assert "contact = sip:127.0.0.1:" in text
    path.write_text(
        text.replace("contact = sip:127.0.0.1:", f"contact = sip:{host}:"), encoding="utf-8"
    )
    pbx.restart()
