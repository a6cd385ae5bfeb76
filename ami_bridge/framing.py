"""Bytes from Asterisk -> messages. Pure: no socket, no clock.

Messages are cut in bytes, so a character may be split over two reads. An event's name is looked
at before anything is decoded: one that nobody wants costs a slice and a set lookup.
"""

from collections.abc import Collection, Iterator

from ami_bridge.errors import FramingError, TranslationError

MAX_BYTES = 16 * 1024 * 1024
"""Longest message we take; the largest real one (a list of all commands) is some 30 kB."""

_BANNER = b"Asterisk Call Manager/"
_BANNER_LIMIT = 256
_EOL = b"\r\n"
_END = b"\r\n\r\n"
_OVERLAP = len(_END) - 1
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


class Frame:
    """One AMI message: headers are found on demand, names are case-sensitive as Asterisk's are.

    name: the event's name, empty for the answer to an action.
    """

    __slots__ = ("_text", "name")

    def __init__(self, block: bytes, name: str = "") -> None:
        self.name = name
        # With a line end on both sides every header, first and last too, is found the same way.
        self._text = f"\r\n{block.decode('utf-8', 'replace')}\r\n"

    @property
    def text(self) -> str:
        """The message as sent, without the empty line at its end."""
        return self._text[2:-2]

    def get(self, header: str, default: str = "") -> str:
        """Return the first value of the header."""
        text = self._text
        start = text.find("\r\n" + header + ":")
        if start < 0:
            return default
        start += len(header) + 3
        if text[start] == " ":
            start += 1
        return text[start : text.find("\r\n", start)]

    def need(self, header: str) -> str:
        """Return the first value of a header that must be there and must say something."""
        text = self._text
        start = text.find("\r\n" + header + ": ")
        if start >= 0:
            start += len(header) + 4
            value = text[start : text.find("\r\n", start)]
        else:
            value = self.get(header)
        if not value:
            raise TranslationError(self.name or "answer", header)
        return value

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
        return f"<Frame {self.name or 'answer'} {len(self._text)} characters>"


class Framer:
    """Cuts one connection's bytes into frames; keeps what is not complete yet.

    wanted: the event names to decode. Answers to actions are always wanted.
    skipped: how many events were not wanted. banner: the greeting, None until it came.
    """

    def __init__(self, wanted: Collection[str], *, max_bytes: int = MAX_BYTES) -> None:
        self._wanted = {name.encode(): name for name in wanted}
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._size = 0
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
        wanted = self._wanted.get
        for block in blocks:
            if block[:7] == b"Event: ":
                end = block.find(b"\r")
                name = wanted(block[7:end] if end > 0 else block[7:])
                if name is None:
                    self.skipped += 1
                else:
                    frames.append(Frame(block, name))
            elif (frame := self._odd_frame(block)) is not None:
                frames.append(frame)
        return frames

    def _join(self, data: bytes) -> bytes:
        """Return the kept bytes and the new ones, or nothing if no message ends in them.

        Only the seam is searched again, and parts are joined once: linear in the message's size.
        """
        if not self._parts:
            return data
        seam = self._parts[-1][-_OVERLAP:]
        if len(seam) < _OVERLAP and len(self._parts) > 1:
            seam = b"".join(self._parts[-_OVERLAP:])[-_OVERLAP:]
        needle = _EOL if self.banner is None else _END
        if needle not in seam + data:
            self._keep(data)
            return b""
        joined = b"".join((*self._parts, data))
        self._parts.clear()
        self._size = 0
        return joined

    def _keep(self, data: bytes) -> None:
        self._parts.append(data)
        self._size += len(data)
        limit = _BANNER_LIMIT if self.banner is None else self._max_bytes
        if self._size > limit:
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

    def _odd_frame(self, block: bytes) -> Frame | None:
        """Read what does not begin as events usually do: answers above all."""
        block = block.lstrip(_EOL)  # Asterisk ends some answers with more than one empty line
        if block[:6] != b"Event:":
            return Frame(block) if block else None
        name = self._wanted.get(block[6:].partition(_EOL)[0].strip())
        if name is None:
            self.skipped += 1
            return None
        return Frame(block, name)
