"""The baseline: the same Originates from a bare socket that does nothing else."""

import asyncio
import time
import uuid
from collections.abc import Sequence

from ami_bridge.actions import action_for, encode
from ami_bridge.parameters import AmiAddress
from calls.commands import PlaceCall
from calls.ids import AttemptId, CampaignName, QueueName

_ENDED = b"Event: OriginateResponse\r\n"
_LAST_CALL_SECONDS = 120.0


def originates(numbers: Sequence[str], campaign: str, queue: str, ring_seconds: int) -> list[bytes]:
    """Return the bytes that the dialer's own bridge would send for these numbers."""
    return [
        encode(action_for(call), call.attempt)
        for number in numbers
        for call in (
            PlaceCall(
                attempt=AttemptId(str(uuid.uuid4())),
                campaign=CampaignName(campaign),
                queue=QueueName(queue),
                number=number,
                trunk="carrier",
                caller_id="",
                ring_seconds=ring_seconds,
            ),
        )
    ]


class _Loop(asyncio.Protocol):
    """Keeps `lines` calls in the air; an ended one makes room for the next."""

    def __init__(self, login: bytes, orders: Sequence[bytes], lines: int) -> None:
        self.done = asyncio.get_running_loop().create_future()
        self._login, self._orders, self._lines = login, orders, lines
        self._sent = self._ended = 0
        self._tail = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Log in, and send the first calls: Asterisk reads them in order."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._login)
        self._send(self._lines)

    def data_received(self, data: bytes) -> None:
        """Count the ends; send as many calls."""
        text = self._tail + data
        ended = text.count(_ENDED)
        # Shorter than what is looked for, so that nothing is counted twice.
        self._tail = text[-(len(_ENDED) - 1) :]
        self._ended += ended
        self._send(ended)
        if self._ended >= len(self._orders) and not self.done.done():
            self.done.set_result(None)

    def connection_lost(self, exc: Exception | None) -> None:
        """Asterisk hung up on us."""
        if not self.done.done():
            self.done.set_exception(exc or ConnectionError("Asterisk ended the session"))

    def _send(self, count: int) -> None:
        self._transport.write(b"".join(self._orders[self._sent : self._sent + count]))
        self._sent += count


async def play(address: AmiAddress, orders: Sequence[bytes], lines: int) -> float:
    """Place every call, `lines` at a time; return the calls ended per second."""
    login = (
        f"Action: Login\r\nUsername: {address.actor_user}\r\n"
        f"Secret: {address.actor_secret}\r\nEvents: on\r\n\r\n"
    ).encode()
    loop = asyncio.get_running_loop()
    began = time.monotonic()
    transport, bare = await loop.create_connection(
        lambda: _Loop(login, orders, lines), address.host, address.port
    )
    try:
        await asyncio.wait_for(bare.done, _LAST_CALL_SECONDS)
    finally:
        transport.close()
    return len(orders) / (time.monotonic() - began)
