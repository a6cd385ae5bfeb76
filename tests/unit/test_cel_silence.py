"""Silence of a recording: both sides' words break it, the noise of a line does not."""

import math
import wave
from array import array
from datetime import timedelta
from pathlib import Path

import pytest

from cdr_ingest.silence import Silence, silence_of

RATE = 8000
Part = tuple[float, float]
"""Seconds, and how loud: 1 is full scale."""


def write(path: Path, *sides: list[Part]) -> Path:
    """Write a file with one channel for each side, a tone of 440 Hz."""
    voices = [
        [
            int(32767 * loud * math.sin(2 * math.pi * 440 * n / RATE))
            for seconds, loud in parts
            for n in range(int(seconds * RATE))
        ]
        for parts in sides
    ]
    samples = array("h", [one for frame in zip(*voices, strict=True) for one in frame])
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(len(sides))
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(samples.tobytes())
    return path


def silence(total: float, longest: float) -> Silence:
    return Silence(timedelta(seconds=total), timedelta(seconds=longest))


SPEECH, NOISE = 0.03, 0.001


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([(2, SPEECH)], silence(0, 0)),
        ([(2, 0)], silence(2, 2)),
        ([(2, NOISE)], silence(2, 2)),
        ([(1, SPEECH), (3, NOISE), (1, SPEECH), (2, 0)], silence(5, 3)),
        ([(0.05, 0)], silence(0.05, 0.05)),
        ([], silence(0, 0)),
    ],
)
def test_silence_is_told_from_words(tmp_path: Path, parts: list[Part], expected: Silence) -> None:
    assert silence_of(write(tmp_path / "a.wav", parts)) == expected


def test_one_side_that_talks_is_no_silence(tmp_path: Path) -> None:
    path = write(tmp_path / "a.wav", [(1, SPEECH), (2, 0)], [(2, 0), (1, SPEECH)])
    assert silence_of(path) == silence(1, 1)


def test_a_format_that_does_not_tell_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(RATE)
        sound.writeframes(b"\x80" * RATE)
    assert silence_of(path) is None
    assert silence_of(tmp_path / "a.gsm") is None


def test_a_torn_file_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_bytes(b"RIFF")
    with pytest.raises((EOFError, wave.Error)):
        silence_of(path)
