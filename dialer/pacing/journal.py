"""Decisions with their inputs as JSON lines, and their replay.

A pacer is pure, so the same views in the same order must give the same paces: a replay proves what
was decided and why, and tells at which line a changed program would have decided otherwise.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol, TypeVar

import msgspec

from dialer.pacing.modes import new_pacer
from dialer.pacing.view import Pace, Pacer, PacingView


class JournalUnreadable(ValueError):
    """A line that is no decision; the message names the line."""


@dataclass(frozen=True, slots=True)
class PacerOptions:
    """What a pacer was made with: the first line of a journal."""

    mode: str
    max_abandonment: float = 0.03
    connect_seconds: float = 2.0
    max_lines: int = 10_000
    ratio: float | None = None

    def make(self) -> Pacer:
        """Return a fresh pacer with these options."""
        return new_pacer(
            self.mode,
            max_abandonment=self.max_abandonment,
            connect_seconds=self.connect_seconds,
            max_lines=self.max_lines,
            ratio=self.ratio,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: what was seen and what was decided."""

    view: PacingView
    pace: Pace


@dataclass(frozen=True, slots=True)
class Difference:
    """A decision that came out otherwise. line: of the journal, from 1."""

    line: int
    was: Pace
    now: Pace


class JournalFile(Protocol):
    """Where lines go; a file opened for bytes is one."""

    def write(self, line: bytes, /) -> object:
        """Write one whole line."""


class RecordingPacer:
    """A pacer that writes each of its decisions to a journal."""

    def __init__(self, options: PacerOptions, journal: JournalFile) -> None:
        self._pacer = options.make()
        self._journal = journal
        self._encoder = msgspec.json.Encoder()
        self._write(options)

    def decide(self, view: PacingView) -> Pace:
        """Return the pace and write it down with the view."""
        pace = self._pacer.decide(view)
        self._write(Decision(view, pace))
        return pace

    def _write(self, what: PacerOptions | Decision) -> None:
        self._journal.write(self._encoder.encode(what) + b"\n")


def replay(journal: Iterable[bytes]) -> Iterator[Difference]:
    """Decide everything again, yielding what comes out otherwise.

    Raises JournalUnreadable where a line is damaged, cut off or no decision.
    """
    lines = iter(journal)
    options = _read(next(lines, b""), 1, PacerOptions)
    pacer = options.make()
    for number, line in enumerate(lines, start=2):
        decision = _read(line, number, Decision)
        pace = pacer.decide(decision.view)
        if pace != decision.pace:
            yield Difference(number, decision.pace, pace)


T = TypeVar("T", PacerOptions, Decision)


def _read(line: bytes, number: int, kind: type[T]) -> T:
    try:
        return msgspec.json.decode(line, type=kind)
    except msgspec.DecodeError as error:
        raise JournalUnreadable(f"line {number} of the journal: {error}") from error
