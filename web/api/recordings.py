"""Recordings: played and downloaded by permission, each access written down before it happens.

No part of a path comes from the request: the call's id is a key, and the file is the one that was
linked to that call. A file that was replaced by a link since then is not followed.
"""

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from aiohttp import web

from store.accounts import Account, Role
from store.recordings import RecordedCall, Recording
from web.api.answers import answer
from web.errors import NoSuchRecording, NotFound, RecordingChanged, RecordingGone
from web.keys import ACCOUNT, SERVICES, TENANCY
from web.recording_schemas import RecordingView

_MEDIA = {
    ".wav": "audio/wav",
    ".mp3": "audio/mpeg",
    ".ogg": "audio/ogg",
    ".gsm": "audio/x-gsm",
}
_OTHER = "application/octet-stream"
_START = "bytes=0-"
SOUNDS = (*_MEDIA.values(), _OTHER)


async def recording(request: web.Request) -> web.Response:
    """Return what is known of a call's recording, and whether it can be played."""
    found = await _held(request)
    is_there = found.purged_at is None and await asyncio.to_thread(_is_there, found)
    return answer(
        RecordingView(
            call_id=found.call_id,
            state="purged" if found.purged_at else "kept" if is_there else "missing",
            size_bytes=found.size_bytes,
            seconds=None if found.seconds is None else float(found.seconds),
            sha256=found.sha256.hex(),
            recorded_at=found.recorded_at,
            purged_at=found.purged_at,
        )
    )


async def play(request: web.Request) -> web.StreamResponse:
    """Send a call's recording to be heard in the page; parts of it on request (Range).

    What is played from its first byte is compared with its checksum, later parts by size: a player
    that seeks asks for many.
    """
    return await _send(request, "play")


async def download(request: web.Request) -> web.StreamResponse:
    """Send a call's recording to be kept; only if it still is what was recorded."""
    return await _send(request, "download")


async def _send(request: web.Request, what: Literal["play", "download"]) -> web.StreamResponse:
    found = await _held(request)
    if found.purged_at is not None:
        day = found.purged_at.date()
        raise RecordingGone(f"The recording of call {found.call_id} was removed by rule on {day}.")
    goes_on = what == "play" and not request.headers.get("Range", _START).startswith(_START)
    state = await asyncio.to_thread(_state_of, found, _has_its_size if goes_on else _is_intact)
    if state == "missing":
        raise NoSuchRecording(f"The recording of call {found.call_id} is missing on the disk.")
    if state == "changed":
        raise RecordingChanged(f"The recording of call {found.call_id} is not what was recorded.")
    await request.app[SERVICES].recordings.log(found.call_id, request[ACCOUNT].login, what)
    path = Path(found.path)
    how = "attachment" if what == "download" else "inline"
    return web.FileResponse(
        path,
        headers={
            "Content-Type": _MEDIA.get(path.suffix.lower(), _OTHER),
            "Content-Disposition": f'{how}; filename="{path.name}"',
            "Cache-Control": "no-store",
        },
    )


async def _held(request: web.Request) -> Recording:
    """Return the file of the call in the address; a call of others is as if it were not there."""
    port, account = request.app[SERVICES].recordings, request[ACCOUNT]
    call_id = request.match_info["call"]
    call = await port.find(call_id)
    if call is None:
        raise NotFound(f"There is no call {call_id}.")
    if not _may_hear(request, account, call):
        await port.log(call_id, account.login, "refused")
        raise NotFound(f"There is no call {call_id}.")
    if call.recording is None:
        raise NoSuchRecording(f"Call {call_id} has no recording.")
    return call.recording


def _may_hear(request: web.Request, account: Account, call: RecordedCall) -> bool:
    if account.role is Role.AGENT:
        return account.agent is not None and call.agent == account.agent
    tenancy = request.app[TENANCY]
    if call.campaign is not None:
        return tenancy.sees_campaign(account, call.campaign)
    return tenancy.sees_agent(account, call.agent)


def _state_of(
    found: Recording, is_unchanged: Callable[[Recording], bool]
) -> Literal["kept", "missing", "changed"]:
    """Look at the file; it may vanish (purged, moved away) between any two looks."""
    try:
        if not _is_there(found):
            return "missing"
        return "kept" if is_unchanged(found) else "changed"
    except OSError:
        return "missing"


def _is_there(found: Recording) -> bool:
    path = Path(found.path)
    return path.stem == found.call_id and path.is_file() and not path.is_symlink()


def _has_its_size(found: Recording) -> bool:
    return Path(found.path).stat().st_size == found.size_bytes


def _is_intact(found: Recording) -> bool:
    with Path(found.path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest() == found.sha256
