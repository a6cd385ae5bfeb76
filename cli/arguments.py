"""What no argument of any verb may be, whatever it means: refused by its name, first of all."""

import inspect
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import get_args

from typer.models import ArgumentInfo, OptionInfo

LONGEST_TEXT = 1000
"""Characters; nothing that a person types is longer."""
LONGEST_FILE_NAME = 255
"""Bytes between two slashes, on every file system that we know."""
LONGEST_PATH = 4000


class BadArgument(Exception):
    """An argument cannot be meant so; the message names it and what would be right."""


def check_arguments(verb: Callable[..., object], values: Mapping[str, object]) -> None:
    """Refuse line breaks, NUL, other control characters, bytes that are no text, what is endless
    and numbers that are none; raises BadArgument.

    verb: a typer command. values: by the verb's own parameter names.
    """
    parameters = inspect.signature(verb).parameters
    for name, value in values.items():
        for one in value if isinstance(value, list | tuple) else [value]:
            if problem := next(_problems(one), ""):
                raise BadArgument(f"{_shown(name, parameters[name])}: {problem}")


def _shown(name: str, parameter: inspect.Parameter) -> str:
    """Return the name by which the user knows it: `--from`, or `LEAD` for an argument."""
    infos = [*get_args(parameter.annotation)[1:], parameter.default]
    option = next((info for info in infos if isinstance(info, OptionInfo)), None)
    if option is None:
        argument = next((info for info in infos if isinstance(info, ArgumentInfo)), None)
        return (argument.metavar if argument and argument.metavar else name).upper()
    # Within Annotated typer keeps the first name where a default would be.
    told = (option.default, *(option.param_decls or ()))
    long = (part for part in told if isinstance(part, str) and part.startswith("--"))
    return next(long, f"--{name.replace('_', '-')}").partition("/")[0]


def _problems(value: object) -> Iterator[str]:
    if isinstance(value, float) and not math.isfinite(value):
        yield "should be a number that one can count to"
    if isinstance(value, str):
        yield from _problems_of_text(value, LONGEST_TEXT)
    if isinstance(value, Path):
        yield from _problems_of_text(str(value), LONGEST_PATH)
        if any(len(part) > LONGEST_FILE_NAME for part in _encoded(value.parts)):
            yield f"should be a path whose names have {LONGEST_FILE_NAME} bytes at most"


def _encoded(parts: Iterable[str]) -> Iterator[bytes]:
    return (os.fsencode(part) for part in parts)


def _problems_of_text(text: str, longest: int) -> Iterator[str]:
    if any(ord(character) < 0x20 or ord(character) == 0x7F for character in text):
        yield "should be one line of text, without control characters"
    if any("\ud800" <= character <= "\udfff" for character in text):
        yield "should be text in UTF-8"
    if len(text) > longest:
        yield f"should be {longest} characters at most"
