"""Numbers and names of a trace made unreadable, the same one always in the same way. Pure.

Who gets a trace can still follow each call; who it was with cannot be told without the key, and
the key is thrown away.
"""

import hashlib
import re
from collections.abc import Callable

KEY_BYTES = 32
# Seven digits and more are a number; shorter ones are extensions. Kept are UUIDs, the serial at the
# end of a channel's name, and `epoch.n`, of which Asterisk makes ids and times.
_NUMBER = re.compile(
    r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    r"|-[0-9a-f]{8}(?![0-9a-zA-Z])"
    r"|(?<!\d)1\d{9}\.\d+"
    r"|(?P<number>\+?\d{7,})",
    re.ASCII,
)
_NAME_HEADERS = ("CallerIDName", "ConnectedLineName", "MemberName")
# The name of a queue member in the answer to QueueStatus.
_NAME_OF_MEMBER = "Name"
_ID_HEADERS = ("niqueid", "inkedid", "niqueId", "inkedId")
_TIMES = frozenset({"Timestamp", "LoginTime", "LastCall", "LastPause", "ActionID", "Attempt"})
_NOTHING = frozenset({"", "<unknown>"})

Mask = Callable[[str], str]
"""The text of a message -> the text that may be shown."""


def leave_unmasked(text: str) -> str:
    """Return the text as it is."""
    return text


def masker(key: bytes) -> Mask:
    """Return the mask of one trace. key: KEY_BYTES of chance, kept by nobody."""

    def number(match: re.Match[str]) -> str:
        if match["number"] is None:
            return match[0]
        digits = match[0].removeprefix("+")
        hidden = int.from_bytes(_digest(key, digits)) % 10**9
        # 999 is no country's code: no such number can be dialled by mistake.
        return f"{'+' if match[0].startswith('+') else ''}999{hidden:09d}"

    def mask_line(line: str) -> str:
        header, colon, value = line.partition(":")
        if not colon or header in _TIMES or header.endswith(_ID_HEADERS):
            return line
        shown = value.strip()
        if header.startswith("ChanVariable"):
            return f"{header}: masked"
        if header.endswith(_NAME_HEADERS) or header == _NAME_OF_MEMBER:
            return line if shown in _NOTHING else f"{header}: name-{_digest(key, shown).hex()[:8]}"
        return f"{header}:{_NUMBER.sub(number, value)}"

    def mask(text: str) -> str:
        return "\r\n".join(map(mask_line, text.split("\r\n")))

    return mask


def _digest(key: bytes, value: str) -> bytes:
    return hashlib.blake2b(value.encode(), digest_size=8, key=key).digest()
