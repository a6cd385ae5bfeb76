"""What is fuzzed: the bytes of one connection, cut anyhow, from the socket to the facts.

Two targets: `read_bytes` is the reader alone (bytes to messages to facts) and cheap, so that
millions of inputs are within reach; `through_the_bridge` is a whole connection for each input.
"""

import asyncio
import contextlib
import itertools
from collections.abc import Iterable
from datetime import UTC, datetime

from ami_bridge.errors import FramingError, TranslationError
from ami_bridge.feed import WANTED_EVENTS, FactFeed, FactQueue
from ami_bridge.framing import Frame, Framer
from ami_bridge.pending import LIST_EVENTS
from ami_bridge.protocol import BridgeProtocol
from ami_bridge.translate import translate
from calls.facts import SnapshotTaken

BANNER = b"Asterisk Call Manager/11.0.0\r\n"
MAX_BYTES = 4096
WANTED = WANTED_EVENTS | LIST_EVENTS
_QUEUE_LIMIT = 1000
_ABOUT_THE_LINK = 2  # the first snapshot and the loss are taken in any case
_START = datetime(2026, 1, 1, tzinfo=UTC)
_NO_MORE = Frame(b"no more messages")


def read_bytes(data: bytes) -> None:
    """Read the bytes and translate each message; the first four bytes name where to cut.

    Raises AssertionError if another cut gives other messages or too much is kept; any other
    error, and any hang, is a fault as well.
    """
    chunks = _cut(data)
    frames = _frames(chunks)
    whole = _frames([b"".join(chunks)])
    assert (frames is None) == (whole is None)
    for frame, same in itertools.zip_longest(frames or (), whole or (), fillvalue=_NO_MORE):
        assert (frame.name, frame._block) == (same.name, same._block)
    for frame in frames or ():
        if frame.name in WANTED_EVENTS:
            _translate(frame)
        elif not frame.name:
            assert not any("\r\n" in value for _, value in frame.headers())


def _cut(data: bytes) -> list[bytes]:
    cuts, body = data[:4], BANNER + data[4:]
    edges = sorted({0, len(body), *(cut * len(body) // 256 for cut in cuts)})
    return [body[start:end] for start, end in itertools.pairwise(edges)]


def _frames(chunks: Iterable[bytes]) -> list[Frame] | None:
    """Return the messages, or None where the bytes are refused."""
    framer = Framer(WANTED, max_bytes=MAX_BYTES)
    frames = []
    for chunk in chunks:
        try:
            frames += framer.feed(chunk)
        except FramingError:
            return None
        assert len(framer._kept) <= MAX_BYTES
    return frames


def _translate(frame: Frame) -> None:
    with contextlib.suppress(TranslationError):  # counted by the feed, which goes on
        fact = translate(frame, _START)
        assert fact is None or fact.at.tzinfo is UTC


def through_the_bridge(data: bytes) -> None:
    """Read the bytes as a connection does, from its first to its end. Needs a running loop."""
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

    protocol = BridgeProtocol(WANTED, take, feed.lose, feed.look_at_the_clock)
    protocol.connection_made(_NoTransport())
    for chunk in _cut(data):
        protocol.data_received(chunk)
    protocol.lose("the end")
    assert not failed, failed
    assert len(queue) <= _QUEUE_LIMIT + _ABOUT_THE_LINK
    assert len(protocol.responses) == 0


TARGETS = {"reader": read_bytes, "bridge": through_the_bridge}


class _NoTransport(asyncio.Transport):
    """Nothing is ever sent through it."""

    def abort(self) -> None:
        """Do nothing."""
