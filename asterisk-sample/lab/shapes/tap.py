"""Everything that one AMI login hears, written down as it came: the trace of a play."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from lab.instance import Instance, InstanceError

Event = dict[str, str]
_READ_SECONDS: Final = 0.2
_LISTS: Final = ("BridgeList", "CoreShowChannels", "QueueStatus")
_ANSWER_SECONDS: Final = 10.0


class Tap:
    """A login of its own in a thread of its own. `lines` is the trace, `events` what was said.

    A trace holds one JSON object a line: `at` (when it came) and `event` with its `text`, or
    `link`: `begin` (logged in), `snapshot` (with the answers in `snapshot`), `lost`.
    """

    def __init__(self, instance: Instance, user: str) -> None:
        self._instance = instance
        self._user = user
        self._buffer = b""
        self._changed = threading.Condition()
        self._answers: list[str] = []
        self.lines: list[str] = []
        self.events: list[Event] = []
        self._begin()

    def close(self) -> None:
        """Hang up on Asterisk and wait for the thread."""
        self._is_closed = True
        self._socket.close()
        self._thread.join()

    def resume(self) -> None:
        """Log in again after Asterisk was killed: begin, then a snapshot."""
        self._thread.join()
        self._begin()

    def wait(self, wanted: Callable[[], bool], seconds: float, what: str) -> None:
        """Return when `wanted` holds; it is asked again after each event."""
        with self._changed:
            if not self._changed.wait_for(wanted, seconds):
                raise InstanceError(f"waited {seconds:g} s in vain for {what}")

    def _begin(self) -> None:
        login = self._instance.logins[self._user]
        self._is_closed = False
        self._buffer = b""
        self._socket = socket.create_connection(
            (self._instance.ami_host, self._instance.ami_port), timeout=5
        )
        self._socket.settimeout(_READ_SECONDS)
        self._write({"link": "begin"})
        self._thread = threading.Thread(target=self._listen, name="tap", daemon=True)
        self._thread.start()
        self._ask(f"Action: Login\r\nUsername: {login.user}\r\nSecret: {login.secret}\r\n\r\n", 1)
        self._take_snapshot()

    def _take_snapshot(self) -> None:
        status = self._ask("Action: CoreStatus\r\nActionID: tap\r\n\r\n", 1)
        lists = {name: self._ask_list(name) for name in _LISTS}
        answers = {
            "status": status[-1],
            "bridges": lists["BridgeList"],
            "channels": lists["CoreShowChannels"],
            "queues": lists["QueueStatus"],
        }
        with self._changed:
            self._write({"link": "snapshot", "snapshot": answers})

    def _ask_list(self, name: str) -> list[str]:
        texts = self._ask(f"Action: {name}\r\nActionID: tap\r\n\r\n", None)
        return texts[1:-1]

    def _ask(self, action: str, count: int | None) -> list[str]:
        """The answers to one action: so many, or a list to its end."""

        def is_answered() -> bool:
            if count is not None:
                return len(self._answers) >= count
            return bool(self._answers) and "EventList: Complete" in self._answers[-1]

        self._answers.clear()
        self._socket.sendall(action.encode())
        self.wait(is_answered, _ANSWER_SECONDS, f"the answer to {action.splitlines()[0]}")
        return list(self._answers)

    def _listen(self) -> None:
        while not self._is_closed:
            try:
                chunk = self._socket.recv(65536)
            except TimeoutError:
                continue
            except OSError:
                break
            if not chunk:
                break
            self._buffer += chunk
            self._cut()
        if not self._is_closed:
            with self._changed:
                self._write({"link": "lost", "reason": "Asterisk closed the connection"})
                self._changed.notify_all()

    def _cut(self) -> None:
        *messages, self._buffer = self._buffer.split(b"\r\n\r\n")
        with self._changed:
            for raw in messages:
                self._take(raw.decode(errors="replace"))
            self._changed.notify_all()

    def _take(self, text: str) -> None:
        headers = headers_of(text)
        # The items of our own lists are answers; the greeting stands before the first answer.
        if "Event" in headers and headers.get("ActionID") != "tap":
            self.events.append(headers)
            self._write({"event": headers["Event"], "text": text})
        else:
            self._answers.append(text)

    def _write(self, entry: dict[str, object]) -> None:
        at = datetime.fromtimestamp(time.time(), UTC).isoformat()
        self.lines.append(json.dumps({"at": at, **entry}, ensure_ascii=False))


def headers_of(text: str) -> Event:
    """The headers of a message; of one that is repeated the first."""
    found: Event = {}
    for line in text.split("\r\n"):
        name, colon, value = line.partition(":")
        if colon:
            found.setdefault(name, value.strip())
    return found
