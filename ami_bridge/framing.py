"""Bytes from Asterisk -> messages. Pure: no socket, no clock.

Messages are cut in bytes, so a character may be split over two reads. An event's name is looked
at before anything is decoded: one that nobody wants costs a slice and a set lookup.
"""

import functools
import re
from collections.abc import Collection, Iterator

from ami_bridge.errors import FramingError, TranslationError

MAX_BYTES = 16 * 1024 * 1024
"""Longest message we take; the largest real one (a list of all commands) is some 30 kB."""

_BANNER = b"Asterisk Call Manager/"
_BANNER_LIMIT = 256
_EOL = b"\r\n"
_END = b"\r\n\r\n"
_OVERLAP = len(_END) - 1
_PRINTABLE = re.compile(rb"[ -~]+")
_UNWANTED = ""
_NAMES_KEPT = 1024
"""Asterisk has some 250 event names; what invents more of them is no Asterisk."""
_NAME_BYTES = 100
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def unescape(value: str) -> str:
    """Undo `ast_escape_c`: Asterisk sends `O'Brien` as `O\\'Brien` in names and ChanVariable."""
    if "\\" not in value:
        return value
    out: list[str] = []
    chars = iter(value)
    for char in chars:
        if char != "\\":
            out.append(char)
            continue
        escaped = next(chars, "\\")
        out.append(_ESCAPES.get(escaped, escaped))
    return "".join(out)


class _Needles(dict[str, bytes]):
    """What to look for to find a header; made once for each name that our code asks for."""

    def __missing__(self, header: str) -> bytes:
        needle = self[header] = b"\r\n%b: " % header.encode()
        return needle


_NEEDLES = _Needles()


class Headers:
    """Headers to read together. In Asterisk's order they cost one pass over the message.

    optional: those that may be missing or empty; each of the others must say something.
    """

    __slots__ = ("names", "needles", "optional")

    def __init__(self, *names: str, optional: Collection[str] = ()) -> None:
        self.names = names
        self.optional = frozenset(optional)
        self.needles = tuple((_NEEDLES[name], len(_NEEDLES[name])) for name in names)


def _text(value: bytes) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value.decode("utf-8", "replace")


class Frame:
    """One AMI message: headers are found on demand, names are case-sensitive as Asterisk's are.

    Only the values that somebody asks for are decoded: most of a message is for nobody.
    name: the event's name, empty for the answer to an action.
    """

    __slots__ = ("_block", "name")

    def __init__(self, block: bytes, name: str = "") -> None:
        self.name = name
        self._block = block

    @property
    def text(self) -> str:
        """The message as sent, without the empty line at its end."""
        return _text(self._block)

    def raw(self, header: str) -> bytes:
        """Return the first value of the header as bytes, empty where there is none."""
        block, needle = self._block, _NEEDLES[header]
        start = block.find(needle)
        if start < 0:
            return self._raw_oddly_written(needle)
        start += len(needle)
        end = block.find(b"\r\n", start)
        return block[start:end] if end >= 0 else block[start:]

    def _raw_oddly_written(self, needle: bytes) -> bytes:
        """Look for it in the first line, or without the space after the colon."""
        block, bare = b"\r\n%b\r\n" % self._block, needle[:-1]
        start = block.find(bare)
        if start < 0:
            return b""
        start += len(bare)
        value = block[start : block.find(b"\r\n", start)]
        return value[1:] if value[:1] == b" " else value

    def get(self, header: str) -> str:
        """Return the first value of the header, empty where there is none."""
        return _text(self.raw(header))

    def need(self, header: str) -> str:
        """Return the first value of a header that must be there and must say something."""
        # The same as raw, written out: this is where the reading of a wanted event spends its time.
        block, needle = self._block, _NEEDLES[header]
        start = block.find(needle)
        if start >= 0:
            start += len(needle)
            end = block.find(b"\r\n", start)
            value = block[start:end] if end >= 0 else block[start:]
        else:
            value = self._raw_oddly_written(needle)
        if not value:
            raise TranslationError(self.name or "answer", header)
        try:
            return value.decode()
        except UnicodeDecodeError:
            return _text(value)

    def read(self, headers: Headers) -> list[str]:
        """Return their first values, as need() does, or as get() does for the optional ones."""
        # Each search begins where the last one ended. Whatever is missing, empty, out of order or
        # no UTF-8 is looked at again by the slower way, which also names what is wrong.
        block, values, end = self._block, [], 0
        try:
            for needle, length in headers.needles:
                start = block.index(needle, end) + length
                end = block.index(b"\r\n", start)
                if start == end:
                    return self._read_one_by_one(headers)
                values.append(block[start:end].decode())
        except ValueError:  # a UnicodeDecodeError is one, too
            return self._read_one_by_one(headers)
        return values

    def _read_one_by_one(self, headers: Headers) -> list[str]:
        optional = headers.optional
        return [self.get(name) if name in optional else self.need(name) for name in headers.names]

    def get_unescaped(self, header: str) -> str:
        """Return a value that Asterisk escapes: CallerIDName, ConnectedLineName of a channel."""
        return unescape(self.get(header))

    def get_all(self, header: str) -> list[str]:
        """Return every value of a repeated header, in order."""
        return [value for name, value in self.headers() if name == header]

    def headers(self) -> Iterator[tuple[str, str]]:
        """Yield all headers in order; lines without a colon are no headers."""
        for line in self.text.split("\r\n"):
            name, colon, value = line.partition(":")
            if colon:
                yield name, value[1:] if value[:1] == " " else value

    def __repr__(self) -> str:
        return f"<Frame {self.name or 'answer'} {len(self._block)} bytes>"


@functools.lru_cache(maxsize=16)
def _first_lines(wanted: frozenset[str]) -> dict[bytes, str]:
    return {b"Event: " + name.encode(): name for name in wanted}


class Framer:
    """Cuts one connection's bytes into frames; keeps what is not complete yet.

    wanted: the event names to decode. Answers to actions are always wanted.
    skipped: how many events were not wanted. banner: the greeting, None until it came.
    """

    def __init__(self, wanted: Collection[str], *, max_bytes: int = MAX_BYTES) -> None:
        self._names = _first_lines(frozenset(wanted)).copy()
        self._max_bytes = max_bytes
        self._kept = bytearray()
        self.banner: str | None = None
        self.skipped = 0

    def feed(self, data: bytes) -> list[Frame]:
        """Take the next bytes; return the messages they complete, in order."""
        data = self._join(data)
        if self.banner is None:
            data = self._take_banner(data)
        *blocks, rest = data.split(_END)
        if rest:
            self._keep(rest)
        frames: list[Frame] = []
        skipped, name_of = 0, self._names.get
        for block in blocks:
            name = name_of(block.partition(b"\r")[0])
            if name:
                frames.append(Frame(block, name))
            elif name == _UNWANTED:
                skipped += 1
            elif (frame := self._read_first_line(block)) is not None:
                frames.append(frame)
        self.skipped += skipped
        return frames

    def _join(self, data: bytes) -> bytes:
        """Return the kept bytes and the new ones, or nothing if no message ends in them.

        Only the seam is searched again, and bytes are joined once: linear in the message's size.
        """
        if not self._kept:
            return data
        needle = _EOL if self.banner is None else _END
        if needle not in self._kept[-_OVERLAP:] + data:
            self._keep(data)
            return b""
        joined = bytes(self._kept + data)
        self._kept.clear()
        return joined

    def _keep(self, data: bytes) -> None:
        self._kept += data
        limit = _BANNER_LIMIT if self.banner is None else self._max_bytes
        if len(self._kept) > limit:
            raise FramingError(f"a message of more than {limit} bytes")

    def _take_banner(self, data: bytes) -> bytes:
        if not data:
            return data
        line, end, rest = data.partition(_EOL)
        if not end:
            self._keep(data)
            return b""
        if not line.startswith(_BANNER):
            raise FramingError(f"this is no AMI, it greets with {line[:40]!r}")
        self.banner = line.decode("ascii", "replace")
        return rest

    def _read_first_line(self, block: bytes) -> Frame | None:
        """Read what is not known by its first line: answers, and names met for the first time."""
        block = block.lstrip(_EOL)  # Asterisk ends some answers with more than one empty line
        if block[:6] != b"Event:":
            return Frame(block) if block else None
        line = b"Event: " + block[6:].partition(b"\r")[0].strip()
        if name := self._names.get(line):
            return Frame(block, name)
        if not _PRINTABLE.fullmatch(line):
            raise FramingError(f"an event with the name {line[7:47]!r}: the bytes are damaged")
        self.skipped += 1
        if len(self._names) < _NAMES_KEPT and len(line) < _NAME_BYTES:
            self._names[line] = _UNWANTED
        return None
