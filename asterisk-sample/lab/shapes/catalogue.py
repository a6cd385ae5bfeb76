"""The shapes by name, and what each of them is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.shapes.stage import Play


@dataclass(frozen=True, slots=True)
class Shape:
    """One way a call can go. story: what happens, in one line."""

    name: str
    story: str
    play: Play


SHAPES: dict[str, Shape] = {}


def shape(story: str) -> Callable[[Play], Play]:
    """Enter a play into the catalogue under its own name."""

    def enter(play: Play) -> Play:
        name = play.__name__
        if name in SHAPES:
            raise ValueError(f"two shapes are called {name}")
        SHAPES[name] = Shape(name, story, play)
        return play

    return enter
