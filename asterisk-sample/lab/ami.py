"""A few lines of AMI for the lab and its tests; the product has its own bridge."""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import Callable
from types import TracebackType
from typing import Final

from lab.instance import Instance, InstanceError

Message = dict[str, str]
_ANSWER_SECONDS: Final = 10.0


class AmiSession:
    """One AMI login. Blocking; keeps every event it sees in `events`."""

    def __init__(
        self, instance: Instance, user: str, events: bool = True, secret: str | None = None
    ) -> None:
        login = instance.logins[user]
        self._socket = socket.create_connection((instance.ami_host, instance.ami_port), timeout=5)
        self._buffer = b""
        self._ids = itertools.count(1)
        self.events: list[Message] = []
        mask = "on" if events else "off"
        given = login.secret if secret is None else secret
        answer = self.action("Login", Username=login.user, Secret=given, Events=mask)
        if answer.get("Response") != "Success":
            self.close()
            raise InstanceError(f"AMI login of {user} refused: {answer.get('Message')}")

    def __enter__(self) -> AmiSession:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Hang up on Asterisk."""
        self._socket.close()

    def action(self, name: str, variables: dict[str, str] | None = None, **headers: str) -> Message:
        """Send an action and return its response."""
        action_id = headers.setdefault("ActionID", f"lab-{next(self._ids)}")
        lines = [f"Action: {name}", *(f"{key}: {value}" for key, value in headers.items())]
        lines += [f"Variable: {key}={value}" for key, value in (variables or {}).items()]
        self._socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        deadline = time.monotonic() + _ANSWER_SECONDS
        while time.monotonic() < deadline:
            message = self._read(deadline)
            if message and "Response" in message and message.get("ActionID") == action_id:
                return message
        raise InstanceError(f"no answer to {name}")

    def listing(self, name: str, **headers: str) -> list[Message]:
        """Send an action that answers with a list; its items."""
        first = len(self.events)
        answer = self.action(name, None, **headers)
        if answer.get("Response") != "Success":
            raise InstanceError(f"{name} refused: {answer.get('Message')}")
        mine = answer["ActionID"]

        def is_end(event: Message) -> bool:
            return event.get("ActionID") == mine and event.get("EventList") == "Complete"

        end = self.wait(is_end, _ANSWER_SECONDS, first)
        items = (event for event in self.events[first:] if event.get("ActionID") == mine)
        return [item for item in items if item is not end]

    def wait(self, wanted: Callable[[Message], bool], seconds: float, first: int = 0) -> Message:
        """The first event from number `first` on that is wanted, kept or still to come."""
        deadline = time.monotonic() + seconds
        seen = first
        while True:
            for event in self.events[seen:]:
                if wanted(event):
                    return event
            seen = len(self.events)
            if time.monotonic() >= deadline:
                raise InstanceError(f"the awaited event did not come in {seconds:g} s")
            self._read(deadline)

    def listen(self, seconds: float) -> None:
        """Collect events for a while."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            self._read(deadline)

    def _read(self, deadline: float) -> Message | None:
        """One message, or None when there is none in time."""
        while b"\r\n\r\n" not in self._buffer:
            self._socket.settimeout(max(0.001, deadline - time.monotonic()))
            try:
                chunk = self._socket.recv(65536)
            except TimeoutError:
                return None
            if not chunk:
                raise InstanceError("Asterisk closed the AMI connection")
            self._buffer += chunk
        raw, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        message = _parse(raw.decode(errors="replace"))
        if "Event" in message:
            self.events.append(message)
        return message


def _parse(text: str) -> Message:
    message: Message = {}
    for line in text.split("\r\n"):
        key, colon, value = line.partition(":")
        if colon:
            message[key] = value.strip()
    return message
