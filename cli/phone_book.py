"""Makes SIP accounts work: saves them, writes Asterisk's file, lets Asterisk read it (ADR 17)."""

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import structlog

from ami_bridge.keeper import ReloadFailed, reload_phones
from ami_bridge.parameters import AmiAddress
from store.phones import Phone
from web.desk_ports import PhonesNotPublished

log = structlog.get_logger("cli.phone_book")
_HEAD = (
    "; Written by Callfloor from its table phone. Do not edit: the next account overwrites it.\n"
)


def render_phones(phones: Sequence[Phone]) -> str:
    """Return pjsip_pages.conf. Names of endpoints and secrets are plain by their CHECKs."""
    return _HEAD + "".join(
        f"\n[{phone.endpoint}](browser)\n"
        f"aors = {phone.endpoint}\nauth = {phone.endpoint}\n"
        f"callerid = <{phone.endpoint}>\n"
        f"[{phone.endpoint}](browser-auth)\n"
        f"username = {phone.endpoint}\npassword = {phone.secret}\n"
        f"[{phone.endpoint}](browser-aor)\n"
        for phone in phones
    )


def write_whole(path: Path, text: str) -> None:
    """Replace a file at once, with the owner and mode it has: Asterisk never sees half of it.

    It must be there: Asterisk looks again only at files that it has read before.
    """
    now = path.stat()
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, now.st_mode & 0o660)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        if (now.st_uid, now.st_gid) != (os.geteuid(), os.getegid()):
            os.fchown(descriptor, now.st_uid, now.st_gid)
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


class Shelf(Protocol):
    """Where accounts are kept; `store.phones.PhoneStore` is one."""

    async def add(self, endpoint: str, name: str, organisation: str) -> Phone: ...
    async def find(self, endpoint: str) -> Phone | None: ...
    async def all(self) -> list[Phone]: ...


class PhoneBook:
    """Fits `web.desk_ports.Phones`. file: pjsip_pages.conf as we see it; None: the site has it."""

    def __init__(
        self, store: Shelf, file: Path | None, address: AmiAddress, user: str, secret: str
    ) -> None:
        self._store = store
        self._file = file
        self._address = address
        self._user = user
        self._secret = secret
        self._one = asyncio.Lock()

    async def add(self, endpoint: str, name: str, organisation: str) -> Phone:
        """Make an account that works when this returns; raises PhonesNotPublished."""
        phone = await self._store.add(endpoint, name, organisation)
        await self.publish(endpoint)
        return phone

    async def find(self, endpoint: str) -> Phone | None:
        """Return an account, None if this endpoint has none of ours."""
        return await self._store.find(endpoint)

    async def publish(self, *endpoints: str) -> None:
        """Write every account and let Asterisk read them; raises PhonesNotPublished."""
        if self._file is None:
            raise PhonesNotPublished(
                "asterisk.phones_file is not set: nobody would write the account"
            )
        async with self._one:
            text = render_phones(await self._store.all())
            try:
                await asyncio.to_thread(write_whole, self._file, text)
                await reload_phones(self._address, self._user, self._secret, endpoints)
            except OSError as error:
                raise PhonesNotPublished(f"cannot write {self._file}: {error.strerror}") from error
            except ReloadFailed as error:
                raise PhonesNotPublished(f"{error} (ami.keeper_secret)") from error
        log.info("phones.published", file=str(self._file))
