"""Recordings heard in the page: from the list and from behind a picture, by who may."""

import asyncio
import hashlib
import io
import wave
from pathlib import Path

import psycopg
import pytest
from playwright.async_api import Page, expect

from store.accounts import Account, Role
from tests.browser.conftest import Console, Site
from tests.browser.recorded_calls import record_calls
from tests.browser.test_accessibility import barriers, enter, sign_in_as
from tests.fakes.web_accounts import PASSWORD_HASH

pytestmark = [
    pytest.mark.browser,
    pytest.mark.postgres,
    pytest.mark.asyncio(loop_scope="session"),
]

SECONDS = 3


def sound() -> bytes:
    """Three seconds of a square wave as Asterisk would record them."""
    kept = io.BytesIO()
    with wave.open(kept, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes((b"\x00\x20" * 10 + b"\x00\xe0" * 10) * (8000 * SECONDS // 20))
    return kept.getvalue()


def link(url: str, folder: Path, calls: int) -> list[str]:
    """Give the newest calls a file each; return their ids, the newest first."""
    with psycopg.connect(url) as connection:
        connection.execute("TRUNCATE recording, recording_access")
        rows = connection.execute(
            "SELECT call_id, dialled_at FROM call ORDER BY dialled_at DESC LIMIT %s", (calls,)
        ).fetchall()
        for call, dialled_at in rows:
            path = folder / f"{call}.wav"
            path.write_bytes(sound())
            digest = hashlib.sha256(sound()).digest()
            connection.execute(
                "INSERT INTO recording (call_id, path, bytes, sha256, seconds, recorded_at)"
                " VALUES (%s, %s, %s, %s, %s, %s)",
                (call, str(path), len(sound()), digest, SECONDS, dialled_at),
            )
    return [call for call, _ in rows]


def accesses(url: str) -> list[tuple[str, ...]]:
    """Who did what with which call's recording, once each."""
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT DISTINCT call_id, login, what FROM recording_access")
        return found.fetchall()


async def hear(page: Page) -> None:
    """Wait until the recording has sounded to its end."""
    await page.wait_for_function(
        "() => { const a = document.querySelector('audio'); return a !== null && a.ended; }",
        timeout=20_000,
    )
    assert abs(await page.evaluate("document.querySelector('audio').duration") - SECONDS) < 0.1


async def test_a_recording_is_played_from_the_list_by_keyboard_and_written_down(
    page: Page, site: Site, tmp_path: Path
) -> None:
    record_calls(site.database_url, 3)
    newest, _ = link(site.database_url, tmp_path, 2)
    await enter(page, site, "calls")
    buttons = page.get_by_role("button", name="Play the recording")
    await expect(buttons).to_have_count(2)
    await buttons.first.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("audio")).to_be_focused()
    await hear(page)
    assert accesses(site.database_url) == [(newest, "supervisor", "play")]
    assert await barriers(page) == []
    async with page.expect_download() as download:
        await page.get_by_role("link", name="Save").click()
    saved = Path(await (await download.value).path())
    assert await asyncio.to_thread(saved.read_bytes) == sound()
    await page.get_by_role("button", name="Close").click()
    await expect(page.locator("audio")).to_have_count(0)


async def test_a_recording_is_played_from_behind_a_picture(
    page: Page, site: Site, tmp_path: Path
) -> None:
    record_calls(site.database_url, 1)
    link(site.database_url, tmp_path, 1)
    await enter(page, site, "report")
    await page.locator("tr[data-region] button").click()
    await page.get_by_role("button", name="Play the recording").click()
    await hear(page)


async def test_a_file_that_is_gone_is_said(
    page: Page, site: Site, console: Console, tmp_path: Path
) -> None:
    console.expected.append("status of 404")
    record_calls(site.database_url, 1)
    (call,) = link(site.database_url, tmp_path, 1)
    (tmp_path / f"{call}.wav").unlink()
    await enter(page, site, "calls")
    await page.get_by_role("button", name="Play the recording").click()
    await expect(page.get_by_role("alert").get_by_text("cannot be played")).to_be_visible()


async def test_who_hears_no_recordings_sees_that_there_is_one(
    page: Page, site: Site, tmp_path: Path
) -> None:
    await site.services.accounts.add(Account("operations", Role.OPERATIONS), PASSWORD_HASH)
    record_calls(site.database_url, 1)
    link(site.database_url, tmp_path, 1)
    await sign_in_as(page, site, "operations")
    await page.goto(f"{site.address}/calls")
    await expect(page.locator("tr[data-call-line] td:nth-child(16)")).to_have_text("yes")
    await expect(page.get_by_role("button", name="Play the recording")).to_have_count(0)
