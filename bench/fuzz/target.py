"""What is fuzzed: the bytes of one connection, cut anyhow, from the socket to the facts."""

import asyncio
import itertools
from datetime import UTC, datetime

from ami_bridge.errors import FramingError
from ami_bridge.feed import WANTED_EVENTS, FactFeed, FactQueue
from ami_bridge.framing import Frame, Framer
from ami_bridge.pending import LIST_EVENTS
from ami_bridge.protocol import BridgeProtocol
from calls.facts import SnapshotTaken

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
MAX_BYTES = 4096
WANTED = WANTED_EVENTS | LIST_EVENTS
_QUEUE_LIMIT = 1000
_ABOUT_THE_LINK = 2  # the first snapshot and the loss are taken in any case
_START = datetime(2026, 1, 1, tzinfo=UTC)


def read_bytes(data: bytes) -> None:
    """Read the bytes as the bridge does, cut at places that their own first bytes name.

    Raises AssertionError if another cut gives other messages or too much is kept; any other
    error, and any hang, is a fault as well. Needs a running loop.
    """
    cuts, body = data[:4], BANNER + data[4:]
    edges = sorted({0, len(body), *(cut * len(body) // 256 for cut in cuts)})
    chunks = [body[start:end] for start, end in itertools.pairwise(edges)]
    assert _frames(chunks) == _frames([body])
    _through_the_bridge(chunks)


def _frames(chunks: list[bytes]) -> list[tuple[str, str]] | None:
    """Return the messages, or None where the bytes are refused."""
    framer = Framer(WANTED, max_bytes=MAX_BYTES)
    frames = []
    for chunk in chunks:
        try:
            frames += [(frame.name, frame.text) for frame in framer.feed(chunk)]
        except FramingError:
            return None
        assert len(framer._kept) <= MAX_BYTES
    return frames


def _through_the_bridge(chunks: list[bytes]) -> None:
    queue = FactQueue(_QUEUE_LIMIT)
    feed = FactFeed(queue)
    feed.begin(lambda reason: None)
    feed.finish_resync(SnapshotTaken(_START, _START, (), ()))
    failed: list[Exception] = []

    def take(frame: Frame) -> None:
        try:
            feed.take(frame)
        except Exception as error:  # the protocol would only log it
            failed.append(error)

    protocol = BridgeProtocol(WANTED, take, feed.lose)
    protocol.connection_made(_NoTransport())
    for chunk in chunks:
        protocol.data_received(chunk)
    protocol.lose("the end")
    assert not failed, failed
    assert len(queue) <= _QUEUE_LIMIT + _ABOUT_THE_LINK
    assert len(protocol.responses) == 0


class _NoTransport(asyncio.Transport):
    """Nothing is ever sent through it."""

    def abort(self) -> None:
        """Do nothing."""
