"""No argument of the command line ends in a stack trace, or reaches Asterisk with a line break.

The command's own tables are walked, so that a new verb or option is attacked without being named.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
import typer
from typer.testing import CliRunner, Result

from cli.main import app
from tests.conftest import fresh_database

pytestmark = pytest.mark.postgres

_BREAKING = {
    "line break": "x\r\nAction: Command\r\nCommand: core stop now",
    "newline": "x\ny",
    "NUL": "x\0y",
    "too long": "1" * 100_000,
    "half a pair": "x\udcff",  # what Python makes of a byte that is no UTF-8
}
_ODD = {"dash, not ASCII": "-李雷", "formula": "=cmd|'/c calc'!A0"}
_SOUND = {
    "agent": "agent-1001", "name": "spring", "reason": "tea", "file": "list.csv", "by": "agent",
    "number": "+8613900000001", "login": "boss", "role": "leader", "of": "agent-1001",
    "to": "agent-1002", "before": "2026-01-01", "folder": ".", "keep_days": "400",
    "journal": "journal",
}  # fmt: skip
_QUICKLY: dict[tuple[str, ...], list[str]] = {
    ("simulate",): ["--agents=2", "--hours=0.2", "--days=1"]
}
"""What a required argument gets while another one is attacked."""
_WITHOUT_VALUES = {("serve",), ("migrate",), ("recordings", "check")}


# Any: typer's tables of commands and parameters have no public types.
def _verbs() -> Iterator[tuple[tuple[str, ...], Any]]:
    waiting: list[tuple[tuple[str, ...], Any]] = [((), typer.main.get_command(app))]
    while waiting:
        path, command = waiting.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            yield path, command
        else:
            waiting += [((*path, name), one) for name, one in inner.items()]


def _cases() -> Iterator[tuple[tuple[str, ...], str, list[str]]]:
    """Yield verb, parameter and arguments with `EVIL` where the value goes."""
    for path, command in sorted(_verbs(), key=lambda verb: verb[0]):
        if path in _WITHOUT_VALUES:
            continue
        for attacked in command.params:
            if not getattr(attacked, "is_flag", False) and attacked.name != "help":
                arguments = [*_QUICKLY.get(path, ()), *_arguments(command, attacked)]
                yield path, _shown(attacked), [*path, *arguments]


def _shown(parameter: Any) -> str:
    name: str = parameter.metavar or parameter.name
    long: str = parameter.opts[-1]
    return long if parameter.param_type_name == "option" else name.upper()


def _arguments(command: Any, attacked: object) -> Iterator[str]:
    for one in command.params:
        value = "EVIL" if one is attacked else _SOUND.get(one.name or "", "")
        if one is not attacked and not one.required:
            continue
        if one.param_type_name == "argument":
            yield value
        else:
            yield f"{one.opts[-1]}={value}"


_CASES = [pytest.param(*case, id=" ".join((*case[0], case[1]))) for case in _cases()]


def test_every_verb_is_attacked() -> None:
    attacked = {case.values[0] for case in _CASES}
    without_values = {path for path, _ in _verbs()} - attacked
    assert without_values == _WITHOUT_VALUES


@pytest.fixture(scope="module")
def floor(
    postgres_url: str, template_url: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """A database with a campaign and two agents, and a folder of our own to work in."""
    with (
        fresh_database(postgres_url, template_url) as url,
        pytest.MonkeyPatch.context() as patch,
    ):
        for name in [name for name in os.environ if name.startswith("CALLFLOOR_")]:
            patch.delenv(name)
        patch.setenv("CALLFLOOR_DATABASE_URL", url)
        patch.setenv("CALLFLOOR_AMI_URL", "ami://127.0.0.1:1")
        patch.setenv("COLUMNS", "200")
        patch.chdir(tmp_path_factory.mktemp("cli"))
        Path("list.csv").write_text("phone\n+8613900000001\n", encoding="utf-8")
        for made in (
            ("agents", "add", "agent-1001", "Li Lei"),
            ("agents", "add", "agent-1002", "Han Meimei"),
            ("campaign", "add", "spring", "--queue=q-1"),
        ):
            assert _run(made).exit_code == 0
        yield


def _run(arguments: tuple[str, ...] | list[str], evil: str = "") -> Result:
    given = [argument.replace("EVIL", evil) for argument in arguments]
    try:
        return CliRunner().invoke(app, given, input="secret-secret\nsecret-secret\n")
    finally:
        structlog.reset_defaults()  # the command logged to a stream that is closed by now


def _assert_no_trace(done: Result) -> None:
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert "Traceback" not in done.output
    ours = [line for line in done.stderr.splitlines() if line.startswith("callfloor: ")]
    assert done.exit_code == 0 or ours or "Error" in done.stderr or done.stdout, done.output


@pytest.mark.usefixtures("floor")
@pytest.mark.parametrize(("path", "name", "arguments"), _CASES)
def test_what_could_break_a_line_is_refused_by_the_name_of_the_option(
    path: tuple[str, ...], name: str, arguments: list[str]
) -> None:
    for evil in _BREAKING.values():
        done = _run(arguments, evil)
        _assert_no_trace(done)
        assert done.exit_code == 2, done.output[-500:]
        assert name.lower() in done.stderr.lower(), done.stderr[-500:]


@pytest.mark.usefixtures("floor")
@pytest.mark.parametrize(("path", "name", "arguments"), _CASES)
def test_odd_text_is_refused_in_one_line_or_harmless(
    path: tuple[str, ...], name: str, arguments: list[str]
) -> None:
    for evil in _ODD.values():
        done = _run(arguments, evil)
        _assert_no_trace(done)
        assert done.exit_code in (0, 1, 2)


@pytest.mark.usefixtures("floor")
def test_a_formula_in_a_listing_is_no_formula_for_a_spreadsheet() -> None:
    assert _run(("agents", "add", "agent-1003", "EVIL"), _ODD["formula"]).exit_code == 0
    listed = _run(("agents", "list", "--format=csv")).stdout
    assert ",'=cmd" in listed
    assert not re.search(r"(^|,)=", listed, re.MULTILINE)
