"""Where the lab's Asterisks run: a tree or a container engine, whichever this machine has."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Protocol

from lab import container, engine, tree
from lab.tree import TreeError, say

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

    def bury(self, folder: Path) -> None:
        """Return when nothing of an ended Asterisk is left that would hinder its next start."""


def obtain(version: str = "22", container_first: bool = False) -> Home:
    """A tree that is there already, else a container engine that answers, else a new tree.

    container_first: an engine comes before a tree that is there. CALLFLOOR_LAB_HOME=tree|container
    leaves no choice. Raises TreeError with what is missing.
    """
    choice = os.environ.get(_CHOICE, "")
    if choice == "container":
        return container.obtain(version)
    if choice not in ("", "tree"):
        raise TreeError(f"{_CHOICE}={choice}: there are tree and container")
    if choice == "tree" or (tree.is_built(version) and not container_first):
        return tree.obtain(version)
    return _container_or_tree(version)


def _container_or_tree(version: str) -> Home:
    if (found := engine.find()) is None:
        return tree.obtain(version)
    try:
        return container.obtain(version, found)
    except TreeError as error:
        if not tree.is_possible():
            raise
        say(f"no container, so a Debian tree instead: {error}")
        return tree.obtain(version)
