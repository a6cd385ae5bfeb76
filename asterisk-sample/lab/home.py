"""Where the lab's Asterisks run: a tree or a container engine, whichever this machine has.

An Asterisk of the user's own (CALLFLOOR_AMI_URL) needs no lab at all: whoever starts a lab asks
`own_asterisk()` first.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from lab import container, tree

_CHOICE = "CALLFLOOR_LAB_HOME"


class Home(Protocol):
    """An installed Asterisk that can be run any number of times, each with a folder of its own."""

    @property
    def version(self) -> str:
        """Major version, as text."""

    @property
    def module_dir(self) -> str:
        """Asterisk's modules, by the name they have inside."""

    @property
    def shelf(self) -> Path:
        """Where the folders of labs go."""

    def inside(self, path: Path) -> str:
        """The name that a path on the host has inside."""

    def own(self, folder: Path) -> None:
        """Give a folder to the user that Asterisk runs as."""

    def run_command(self, folder: Path, *arguments: str) -> list[str]:
        """What to execute on the host to run the Asterisk of that folder in the foreground."""

    def console_command(self, folder: Path, command: str) -> list[str]:
        """What to execute on the host to give that Asterisk a console command."""


def own_asterisk() -> str | None:
    """The user's own Asterisk, if one is named."""
    return os.environ.get("CALLFLOOR_AMI_URL") or None


def obtain(version: str = "22") -> Home:
    """A tree that is there already, else a container engine that answers, else a new tree.

    CALLFLOOR_LAB_HOME=tree|container leaves no choice. Raises TreeError with what is missing.
    """
    choice = os.environ.get(_CHOICE, "")
    if choice == "container":
        return container.obtain(version)
    if choice == "tree" or tree.is_built(version) or not container.answers():
        return tree.obtain(version)
    return container.obtain(version)
