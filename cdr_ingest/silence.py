"""How much of a recording is silence: nobody on either side says a word.

A stretch is silent if no sample of any channel reaches 1 % of full scale (-40 dBFS): above the
noise of a line and comfort noise (about -60 dBFS), below quiet speech (about -30 dBFS).
"""

import sys
import wave
from array import array
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

LOUDEST_SILENCE = 327
"""1 % of what 16 bits can hold."""
STRETCHES_PER_SECOND = 10
"""A tenth of a second: shorter than any pause between words that matters here."""
_SAMPLE_BYTES = 2


@dataclass(frozen=True, slots=True)
class Silence:
    """total: all silent stretches. longest: at a stretch."""

    total: timedelta
    longest: timedelta


def silence_of(path: Path) -> Silence | None:
    """Measure a WAV file; None for a format that is not 16-bit PCM. Raises OSError, wave.Error.

    Reads a stretch at a time: memory does not grow with the recording.
    """
    if path.suffix.lower() != ".wav":
        return None
    with wave.open(str(path), "rb") as sound:
        if sound.getsampwidth() != _SAMPLE_BYTES:
            return None
        rate = sound.getframerate()
        wanted = max(1, rate // STRETCHES_PER_SECOND)
        silent = longest = here = 0
        while data := sound.readframes(wanted):
            frames = len(data) // (_SAMPLE_BYTES * sound.getnchannels())
            here = here + frames if _is_silent(data) else 0
            silent += frames if here else 0
            longest = max(longest, here)
    return Silence(_span(silent, rate), _span(longest, rate))


def _is_silent(data: bytes) -> bool:
    samples = array("h", data[: len(data) // _SAMPLE_BYTES * _SAMPLE_BYTES])
    if sys.byteorder == "big":
        samples.byteswap()
    return max(samples) < LOUDEST_SILENCE and min(samples) > -LOUDEST_SILENCE


def _span(frames: int, rate: int) -> timedelta:
    return timedelta(microseconds=frames * 1_000_000 // rate)
