"""Asterisk's file of phones: whole or not at all, and never more readable than before."""

import os
from pathlib import Path

import pytest

from ami_bridge.parameters import AmiAddress
from cli.phone_book import PhoneBook, render_phones, write_whole
from store.phones import Phone
from web.desk_ports import PhonesNotPublished

PHONE = Phone("agent-2001", "Li; Na\n[evil]", "s" * 32)


def test_an_account_is_an_endpoint_an_auth_and_an_address() -> None:
    text = render_phones([PHONE])
    assert "[agent-2001](browser)\n" in text
    assert "password = " + "s" * 32 in text
    assert "evil" not in text  # people's names stay out of Asterisk's configuration


def test_a_phone_never_shows_its_secret() -> None:
    assert "s" * 32 not in repr(PHONE)


def test_the_file_keeps_its_mode_and_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "pjsip_pages.conf"
    path.write_text("; empty", encoding="utf-8")
    path.chmod(0o640)
    write_whole(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    assert os.listdir(tmp_path) == [path.name]


class _NoPhones:
    async def add(self, endpoint: str, name: str, organisation: str) -> Phone:
        return PHONE

    async def find(self, endpoint: str) -> Phone | None:
        return None

    async def all(self) -> list[Phone]:
        return [PHONE]


@pytest.mark.parametrize("file", [None, Path("/nonexistent/pjsip_pages.conf")])
async def test_an_account_that_asterisk_cannot_know_is_said_so(file: Path | None) -> None:
    address = AmiAddress("127.0.0.1", 1, "r", "", "a", "")
    book = PhoneBook(_NoPhones(), file, address, "callfloor-keeper", "")
    with pytest.raises(PhonesNotPublished, match=r"phones_file|cannot write"):
        await book.add("agent-2001", "Li Na", "main")


async def test_an_asterisk_that_does_not_answer_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "pjsip_pages.conf"
    path.write_text("", encoding="utf-8")
    book = PhoneBook(_NoPhones(), path, AmiAddress("127.0.0.1", 1, "r", "", "a", ""), "k", "")
    with pytest.raises(PhonesNotPublished, match="no Asterisk"):
        await book.add("agent-2001", "Li Na", "main")
