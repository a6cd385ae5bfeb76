"""Recordings over the API: heard by whom they concern, each access written down, no way out."""

import hashlib
import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from store.organisations import Owners
from store.recordings import RecordedCall, Recording
from tests.fakes.web_accounts import EPOCH
from tests.fakes.web_services import Ports, get_json, served, sign_in

SOUND = b"RIFF" + bytes(range(256)) * 4
CALL = "0b7c1c1e-5d5e-4f8e-9a53-3a6b1f6d2c11"
AT = f"/api/v1/calls/{CALL}/recording"


def recorded(folder: Path, *, agent: str = "agent-1001", campaign: str | None = "spring") -> Ports:
    """Make the ports of one call whose file lies in the folder."""
    path = folder / f"{CALL}.wav"
    path.write_bytes(SOUND)
    held = Recording(
        CALL, str(path), len(SOUND), hashlib.sha256(SOUND).digest(), Decimal("2.5"), EPOCH
    )
    ports = Ports()
    ports.recordings.calls[CALL] = RecordedCall(CALL, campaign, agent, held)
    return ports


async def test_a_recording_is_described_and_played_in_parts(tmp_path: Path) -> None:
    ports = recorded(tmp_path)
    async with served(ports.services) as http:
        await sign_in(http, "leader")
        told = await get_json(http, AT)
        assert (told["state"], told["seconds"], told["size_bytes"]) == ("kept", 2.5, len(SOUND))
        async with http.get(f"{AT}/play", headers={"Range": "bytes=4-7"}) as response:
            assert (response.status, response.content_type) == (206, "audio/wav")
            assert await response.read() == SOUND[4:8]
    assert ports.recordings.accesses == [(CALL, "leader", "play")]
    assert {act.action for act in ports.audit.acts} >= {"recording", "recording_play"}


async def test_a_download_is_a_file_and_is_written_down(tmp_path: Path) -> None:
    ports = recorded(tmp_path)
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        async with http.get(f"{AT}/download") as response:
            assert f'attachment; filename="{CALL}.wav"' in response.headers["Content-Disposition"]
            assert await response.read() == SOUND
    assert ports.recordings.accesses == [(CALL, "supervisor", "download")]


@pytest.mark.parametrize("what", ["download", "play"])
@pytest.mark.parametrize("instead", [b"other", SOUND[::-1]])
async def test_a_file_that_is_not_what_was_recorded_is_not_handed_out(
    tmp_path: Path, what: str, instead: bytes
) -> None:
    ports = recorded(tmp_path)
    (tmp_path / f"{CALL}.wav").write_bytes(instead)
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        said = await get_json(http, f"{AT}/{what}", 409)
    assert said["error_id"] == "recording-changed"
    assert ports.recordings.accesses == []


async def test_a_later_part_of_a_file_that_was_cut_is_not_played(tmp_path: Path) -> None:
    ports = recorded(tmp_path)
    (tmp_path / f"{CALL}.wav").write_bytes(SOUND[:-1])
    async with served(ports.services) as http:
        await sign_in(http, "leader")
        async with http.get(f"{AT}/play", headers={"Range": "bytes=4-7"}) as response:
            assert response.status == 409
    assert ports.recordings.accesses == []


async def test_an_agent_hears_the_own_calls_only(tmp_path: Path) -> None:
    ports = recorded(tmp_path)
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        async with http.get(f"{AT}/play") as response:
            assert response.status == 200
    ports = recorded(tmp_path, agent="agent-1002")
    async with served(ports.services) as http:
        await sign_in(http, "agent")
        await get_json(http, f"{AT}/play", 404)
    assert ports.recordings.accesses == [(CALL, "agent", "refused")]


async def test_another_organisations_call_is_not_there(tmp_path: Path) -> None:
    ports = recorded(tmp_path)
    ports.owners.now = Owners(campaigns={"spring": "others"})
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        said = await get_json(http, f"{AT}/play", 404)
    assert said["error_id"] == "not-found"
    assert ports.recordings.accesses == [(CALL, "supervisor", "refused")]


async def test_a_missing_and_a_purged_file_are_named(tmp_path: Path) -> None:
    ports = recorded(tmp_path)
    (tmp_path / f"{CALL}.wav").unlink()
    async with served(ports.services) as http:
        await sign_in(http, "leader")
        assert (await get_json(http, AT))["state"] == "missing"
        said = await get_json(http, f"{AT}/play", 404)
        assert said["error_id"] == "no-such-recording"
        assert "missing on the disk" in said["message"]
        call = ports.recordings.calls[CALL]
        assert call.recording is not None
        gone = Recording(
            CALL, call.recording.path, 1, call.recording.sha256, None, EPOCH,
            EPOCH + timedelta(days=40),
        )  # fmt: skip
        ports.recordings.calls[CALL] = RecordedCall(CALL, "spring", "agent-1001", gone)
        assert (await get_json(http, AT))["state"] == "purged"
        assert (await get_json(http, f"{AT}/play", 410))["error_id"] == "recording-gone"
        ports.recordings.calls[CALL] = RecordedCall(CALL, "spring", "agent-1001", None)
        assert "has no recording" in (await get_json(http, AT, 404))["message"]


@pytest.mark.parametrize("what", ["download", "play"])
@pytest.mark.parametrize("part", [{}, {"Range": "bytes=4-7"}])
async def test_a_file_that_vanishes_between_two_looks_is_missing(
    tmp_path: Path, what: str, part: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ports = recorded(tmp_path)

    def look_and_lose(path: Path) -> bool:
        path.unlink(missing_ok=True)
        return False

    monkeypatch.setattr(Path, "is_symlink", look_and_lose)  # the last question of the first look
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        async with http.get(f"{AT}/{what}", headers=part) as response:
            said = await response.json()
    assert (response.status, said["error_id"]) == (404, "no-such-recording")
    assert ports.recordings.accesses == []


@pytest.mark.parametrize(
    "call", ["..%2F..%2Fetc%2Fpasswd", "%2e%2e", "..", "etc%00passwd", "a%2Fb"]
)
async def test_no_address_leads_out_of_the_recordings(tmp_path: Path, call: str) -> None:
    ports = recorded(tmp_path)
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        async with http.get(f"/api/v1/calls/{call}/recording/play") as response:
            assert response.status in (400, 404)
    assert ports.recordings.accesses == []


async def test_a_file_that_became_a_link_is_not_followed(tmp_path: Path) -> None:
    ports = recorded(tmp_path)
    path = tmp_path / f"{CALL}.wav"
    secret = tmp_path / "secret"
    secret.write_text("not yours")
    path.unlink()
    os.symlink(secret, path)
    async with served(ports.services) as http:
        await sign_in(http, "supervisor")
        await get_json(http, f"{AT}/play", 404)
