"""A far end that answers just when the caller gives up: its 200 OK crosses the CANCEL.

No Asterisk can be told to do that, so this speaks the few words of SIP (RFC 3261, 9.2) itself.
"""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Final

from lab.instance import LOOPBACK

_POLL_SECONDS: Final = 0.2
_COPIED: Final = ("Via", "From", "To", "Call-ID", "CSeq", "Record-Route")
Address = tuple[str, int]


class LateAnswerer:
    """Rings on INVITE, answers it on CANCEL, says yes to everything else. One call at a time."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((LOOPBACK, 0))
        self._socket.settimeout(_POLL_SECONDS)
        self._invite = ""
        self._is_closed = False
        self._thread = threading.Thread(target=self._serve, name="late-answerer", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def __enter__(self) -> LateAnswerer:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_closed = True
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while not self._is_closed:
            try:
                data, sender = self._socket.recvfrom(65536)
            except TimeoutError:
                continue
            self._hear(data.decode(), sender)

    def _hear(self, request: str, sender: Address) -> None:
        method = request.split(" ", 1)[0]
        if method == "INVITE":
            self._invite = request
            self._answer(request, "180 Ringing", sender)
        elif method == "CANCEL":
            # The answer leaves before the CANCEL is read, as far as the caller can tell.
            self._answer(self._invite, "200 OK", sender, self._sdp())
            self._answer(request, "200 OK", sender)
        elif method != "ACK":
            self._answer(request, "200 OK", sender)

    def _answer(self, request: str, status: str, sender: Address, body: str = "") -> None:
        lines = [f"SIP/2.0 {status}"]
        for line in request.split("\r\n\r\n", 1)[0].split("\r\n")[1:]:
            name = line.split(":", 1)[0].strip()
            if name in _COPIED:
                is_untagged = name == "To" and ";tag=" not in line
                lines.append(f"{line};tag=late" if is_untagged else line)
        lines.append(f"Contact: <sip:late@{LOOPBACK}:{self.port}>")
        if body:
            lines.append("Content-Type: application/sdp")
        lines.append(f"Content-Length: {len(body)}")
        self._socket.sendto("\r\n".join([*lines, "", body]).encode(), sender)

    def _sdp(self) -> str:
        lines = (
            *("v=0", f"o=- 1 1 IN IP4 {LOOPBACK}", "s=-", f"c=IN IP4 {LOOPBACK}", "t=0 0"),
            *(f"m=audio {self.port} RTP/AVP 8", "a=rtpmap:8 PCMA/8000", "a=sendrecv", ""),
        )
        return "\r\n".join(lines)
